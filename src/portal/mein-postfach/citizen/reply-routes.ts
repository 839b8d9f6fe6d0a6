import { randomBytes } from 'node:crypto';
import type Router from '@koa/router';
import type { Context } from 'koa';
import { HttpError } from '../../../web/http-error.ts';
import { seeOther } from '../../../web/see-other.ts';
import { webState } from '../../../web/state.ts';
import { maximumLengths, type Letter } from '../letters/letter.ts';
import { idOf, type Desk, type Visit } from './desk.ts';
import { takesReply } from './letter-routes.ts';
import { draftGonePage, notSentPage, previewPage, replyPage, type ReplyError } from './pages/reply-pages.tsx';
import { letterPath, replyPath } from './paths.ts';

const kind = 'postfach-reply';
/** Seconds: as long as a login lives idle. */
const draftLife = 3600;
/** Bytes of a form: a character takes nine of them at most, encoded, and one that is somewhat too long is to come back with what is wrong. */
const formLimit = 12 * maximumLengths.reply;

/** As it is sent: ends of lines in one form, no controls, nothing empty around. */
const tidy = (text: string): string =>
  text
    .replaceAll(/\r\n?/g, '\n')
    .replaceAll(/[^\P{Cc}\n\t]/gu, '')
    .normalize('NFC')
    .trim();

const errorOf = (text: string): ReplyError | undefined => {
  if (text === '') return 'empty';
  return text.length > maximumLengths.reply ? 'long' : undefined;
};

/**
 * Reply, preview, sent. What was written waits on the server as a draft, so that a step-up in between loses nothing; the
 * draft's id becomes the reply's, so that sending twice is sending once.
 */
export const addReplyRoutes = (router: Router, desk: Desk): void => {
  const { records, artifacts } = desk.deps;

  const draftOf = async (id: string, letterId: string, { subject }: Visit): Promise<string | undefined> => {
    const draft = /^[\w-]{43}$/.test(id) ? await artifacts.find(kind, id) : undefined;
    const { sub, letter, text } = draft?.payload ?? {};
    return sub === subject && letter === letterId && typeof text === 'string' ? text : undefined;
  };

  /** The letter, if this login may read it and it takes replies; otherwise the way on. */
  const answerable = async (
    ctx: Context,
    { mailbox, present }: Visit,
    show: (letter: Letter) => Promise<void>,
  ): Promise<void> => {
    const id = idOf(ctx);
    const letter = await records.letters.open(mailbox, present, id);
    if (letter === undefined) throw new HttpError('not_found', { reason: 'letter' });
    if (letter === 'above') return desk.stepUp(ctx, (await records.letters.levelOf(id)) ?? 'high');
    return takesReply(letter, Date.now()) ? show(letter) : seeOther(ctx, letterPath(id));
  };

  const write = (ctx: Context, visit: Visit): Promise<void> =>
    answerable(ctx, visit, async (letter) => {
      const draft = new URLSearchParams(ctx.querystring).get('entwurf') ?? '';
      const text = (await draftOf(draft, letter.id, visit)) ?? '';
      await desk.show(ctx, visit, (frame) => replyPage({ letter, text }, frame));
    });

  const keep = async (ctx: Context, visit: Visit): Promise<void> => {
    const letterId = idOf(ctx);
    const form = await desk.relyingParty.readForm(ctx, formLimit);
    const text = tidy(form.get('antwort'));
    const error = errorOf(text);
    if (error !== undefined) {
      webState(ctx).returnPath = replyPath(letterId);
      return answerable(ctx, visit, (letter) =>
        desk.show(ctx, visit, (frame) => replyPage({ letter, text, error }, frame), 422),
      );
    }
    const draft = randomBytes(32).toString('base64url');
    const payload = { sub: visit.subject, letter: letterId, text };
    await artifacts.save(kind, draft, payload, { ttl: draftLife, group: visit.subject });
    // The preview looks whether there is such a letter, and steps up if it must.
    return seeOther(ctx, replyPath(letterId, draft));
  };

  const preview = (ctx: Context, visit: Visit): Promise<void> =>
    answerable(ctx, visit, async (letter) => {
      const draft = idOf(ctx, 'draft');
      const text = await draftOf(draft, letter.id, visit);
      if (text === undefined)
        return desk.show(ctx, visit, (frame) => draftGonePage({ letterId: letter.id }, frame), 410);
      return desk.show(ctx, visit, (frame) => previewPage({ letter, text, draft }, frame));
    });

  const send = async (ctx: Context, visit: Visit): Promise<void> => {
    await desk.relyingParty.readForm(ctx);
    const { mailbox, present } = visit;
    const letterId = idOf(ctx);
    const draft = idOf(ctx, 'draft');
    const text = await draftOf(draft, letterId, visit);
    if (text === undefined) {
      // Sent a moment ago by the same button, or too old; the letter shows which.
      const letter = await records.letters.open(mailbox, present, letterId);
      if (letter === undefined) throw new HttpError('not_found', { reason: 'letter' });
      if (letter !== 'above' && letter.replies.some(({ id }) => id === draft))
        return seeOther(ctx, `${letterPath(letterId)}?getan=gesendet`);
      return desk.show(ctx, visit, (frame) => draftGonePage({ letterId }, frame), 410);
    }
    const outcome = await records.replies.send(mailbox, present, letterId, text, draft);
    if (outcome === undefined) throw new HttpError('not_found', { reason: 'letter' });
    // Back to the preview, which is sent from there again.
    if (outcome === 'above') return desk.stepUp(ctx, (await records.letters.levelOf(letterId)) ?? 'high');
    if (outcome === 'closed') {
      const letter = await records.letters.open(mailbox, present, letterId);
      if (letter === undefined || letter === 'above') throw new HttpError('not_found', { reason: 'letter' });
      webState(ctx).returnPath = letterPath(letterId);
      return desk.show(ctx, visit, (frame) => notSentPage({ letter, text }, frame), 409);
    }
    desk.deps.wake();
    await artifacts.remove(kind, draft);
    return seeOther(ctx, `${letterPath(letterId)}?getan=gesendet`);
  };

  router.get('/postfach/:id/antwort', desk.atLetter(write));
  router.post('/postfach/:id/antwort', desk.atMailbox(keep));
  router.get('/postfach/:id/antwort/:draft', desk.atLetter(preview));
  router.post('/postfach/:id/antwort/:draft', desk.atMailbox(send));
};
