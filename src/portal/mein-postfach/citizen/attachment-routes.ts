import type Router from '@koa/router';
import type { Context } from 'koa';
import { HttpError } from '../../../web/http-error.ts';
import { seeOther } from '../../../web/see-other.ts';
import { webState } from '../../../web/state.ts';
import { DamagedFile } from '../attachments/sealed-stream.ts';
import { FileMissing } from '../attachments/store.ts';
import { mayRead } from '../letters/reading.ts';
import type { AttachmentFile } from '../records/attachments.ts';
import { idOf, type Desk, type Visit } from './desk.ts';
import { sendFile } from '../../../web/send-file.ts';
import { damagedPage } from './pages/damaged-page.tsx';
import { letterPath } from './paths.ts';

/** Declared types that are sent as they are: what was let in (attachments/content-type.ts). Anything else is bytes. */
const sayable = /^(?:application\/[\w.+-]+|image\/(?:jpeg|png|gif|tiff)|text\/(?:plain|csv|calendar))$/;
const typeOf = (type: string): string => (sayable.test(type) ? type : 'application/octet-stream');

export const addAttachmentRoutes = (router: Router, desk: Desk): void => {
  const { records, readAttachment } = desk.deps;

  /** Reads the whole file once: who downloads it shall be told before the first byte if it is not what was sent. */
  const isWhole = async (file: AttachmentFile): Promise<boolean> => {
    try {
      let length = 0;
      for await (const chunk of readAttachment(file)) length += (chunk as Buffer).length;
      return length === file.attachment.length;
    } catch (error) {
      if (error instanceof DamagedFile || error instanceof FileMissing) return false;
      throw error;
    }
  };

  const download = async (ctx: Context, visit: Visit): Promise<void> => {
    const { mailbox, present } = visit;
    const id = idOf(ctx);
    ctx.set('cache-control', 'no-store');
    const file = await records.attachments.find(mailbox, present, id, idOf(ctx, 'attachment'));
    if (file === undefined) {
      const [letter] = await records.letters.summaries(mailbox, present, [id]);
      if (letter === undefined || mayRead(letter.level, present))
        throw new HttpError('not_found', { reason: 'attachment' });
      // A download would leave the browser where the login ended; the letter asks for the level itself.
      return seeOther(ctx, letterPath(id));
    }
    const { name, type, length } = file.attachment;
    if (!(await isWhole(file))) {
      const { log, part, referenceId } = webState(ctx);
      log.error('attachment_damaged', { part, referenceId, status: 500 });
      return desk.show(ctx, visit, (frame) => damagedPage({ letterId: id, name }, frame), 500);
    }
    if (ctx.method === 'HEAD') sendFile(ctx, { name, type: typeOf(type), length }, Buffer.alloc(0));
    else sendFile(ctx, { name, type: typeOf(type), length }, readAttachment(file));
  };

  router.get('/postfach/:id/anlagen/:attachment', async (ctx) => {
    const session = await desk.relyingParty.session(ctx);
    if (session === undefined) return seeOther(ctx, letterPath(idOf(ctx)));
    return desk.atMailbox(download)(ctx);
  });
};
