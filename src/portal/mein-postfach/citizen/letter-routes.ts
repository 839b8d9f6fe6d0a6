import type Router from '@koa/router';
import type { Context } from 'koa';
import { HttpError } from '../../../web/http-error.ts';
import { messages, pageContext } from '../../../web/page-context.ts';
import { seeOther } from '../../../web/see-other.ts';
import { webState } from '../../../web/state.ts';
import type { Letter } from '../letters/letter.ts';
import { trashEnds } from '../letters/retention.ts';
import { idOf, type Desk, type Visit } from './desk.ts';
import { sendFile } from '../../../web/send-file.ts';
import { catalogues } from './i18n/messages.ts';
import { withDone } from './inbox-routes.ts';
import { actOn, isLetterAction } from './letter-acts.ts';
import { letterPdf } from './letter-pdf.ts';
import { treeOf } from './letter-tree.ts';
import { letterPage, type LetterView } from './pages/letter-page.tsx';
import { purgePage } from './pages/purge-page.tsx';
import { folderPath, letterPath } from './paths.ts';

/** Actions after which the letter is looked at further; the others lead back to the folder. */
const staysOpen = { wichtig: true, unwichtig: true, wiederherstellen: true } as const;

/** Whether a reply is taken at this moment, in ms since the epoch. */
export const takesReply = ({ reply, folder }: Pick<Letter, 'reply' | 'folder'>, now: number): boolean =>
  reply.allowed && folder !== 'trash' && (reply.until === undefined || now < reply.until);

export const addLetterRoutes = (router: Router, desk: Desk): void => {
  const { records, trashDays } = desk.deps;

  /** Opens the letter of an address, or steps up to its level, or says that it is not there. */
  const opened = async (
    ctx: Context,
    { mailbox, present }: Visit,
    show: (letter: Letter) => Promise<void>,
  ): Promise<void> => {
    const letterId = idOf(ctx);
    const letter = await records.letters.open(mailbox, present, letterId);
    if (letter === undefined) throw new HttpError('not_found', { reason: 'letter' });
    if (letter === 'above') return desk.stepUp(ctx, (await records.letters.levelOf(letterId)) ?? 'high');
    desk.deps.wake();
    return show(letter);
  };

  const showLetter = async (ctx: Context, visit: Visit): Promise<void> => {
    await opened(ctx, visit, async (letter) => {
      const { mailbox } = visit;
      const application =
        letter.applicationId === undefined
          ? undefined
          : await records.applications.idOf(mailbox, letter.sender.authority, letter.applicationId);
      const done = new URLSearchParams(ctx.querystring).get('getan') ?? '';
      const view: LetterView = {
        letter,
        content: treeOf(letter.content),
        journal: await records.journal.ofLetter(mailbox, letter.id),
        open: takesReply(letter, Date.now()),
        ...(application === undefined ? {} : { application }),
        ...(letter.trashedAt === undefined || letter.folder !== 'trash'
          ? {}
          : { trashEnds: trashEnds(letter.trashedAt, trashDays) }),
        ...(Object.hasOwn(staysOpen, done) || done === 'gesendet'
          ? { done: done as NonNullable<LetterView['done']> }
          : {}),
      };
      await desk.show(ctx, visit, (frame) => letterPage(view, frame));
    });
  };

  const act = async (ctx: Context, visit: Visit): Promise<void> => {
    const form = await desk.relyingParty.readForm(ctx);
    const action = form.get('aktion');
    if (!isLetterAction(action)) throw new HttpError('bad_request', { reason: 'letter_action' });
    const id = idOf(ctx);
    const [before] = await records.letters.summaries(visit.mailbox, visit.present, [id]);
    if (before === undefined) throw new HttpError('not_found', { reason: 'letter' });
    // In another tab it may have been taken out of the trash meanwhile.
    if (action === 'loeschen' && before.folder !== 'trash') return seeOther(ctx, letterPath(id));
    if (action === 'loeschen') {
      webState(ctx).returnPath = letterPath(id);
      return desk.show(ctx, visit, (frame) => purgePage({ letters: [before] }, frame));
    }
    const done = await actOn(records.letters, visit, [id], action);
    seeOther(ctx, withDone(Object.hasOwn(staysOpen, action) ? letterPath(id) : folderPath(before.folder), done));
  };

  const paper = (ctx: Context, visit: Visit): Promise<void> =>
    opened(ctx, visit, async (letter) => {
      const t = messages(ctx, catalogues);
      const journal = await records.journal.ofLetter(visit.mailbox, letter.id);
      const pdf = await letterPdf({ letter, journal, now: Date.now() }, pageContext(ctx), t);
      sendFile(ctx, { name: `${letter.subject.slice(0, 80)}.pdf`, type: 'application/pdf', length: pdf.length }, pdf);
    });

  router.get('/postfach/:id', desk.atLetter(showLetter));
  router.post('/postfach/:id', desk.atMailbox(act));
  router.get('/postfach/:id/brief.pdf', desk.atLetter(paper));
};
