import { createHash } from 'node:crypto';
import type Router from '@koa/router';
import type { Context } from 'koa';
import { checkDeclaration, DeclarationMismatch, takeIn } from '../attachments/intake.ts';
import type { AttachmentType } from '../attachments/content-type.ts';
import { ContentRefused } from '../../module-api/refused-content.ts';
import { checkContent, ContentNotAllowed } from '../letters/content.ts';
import type { StoredAttachment } from '../records/attachments.ts';
import { newLetterId, type LetterState, type Receipt } from '../records/deliveries.ts';
import { letterSender, type Sender } from '../senders.ts';
import { boundsOf } from './body.ts';
import { senderOf, senderWith, type ApiParts } from './context.ts';
import { isId, parseLetter, type LetterPart } from './letter-part.ts';
import { Problem } from './problems.ts';
import { openRecipient, refusedBy } from './recipient.ts';
import { makeReceipt, receiptBody } from './receipt.ts';
import { createTurns, NoTurn, TurnLeft } from './turns.ts';
import { readPart, readUpload, type Upload } from './upload.ts';

/** Refuses what can be refused before the attachments are read. */
const checkLetter = (letter: LetterPart, sender: Sender, { settings: { limits } }: ApiParts): AttachmentType[] => {
  const { services } = sender;
  if (services !== undefined && !services.includes(letter.service))
    throw new Problem('sender_not_allowed', { detail: 'service: not one of this sender' });
  try {
    checkContent(letter.content);
  } catch (error) {
    if (error instanceof ContentNotAllowed) throw new Problem('content_not_allowed', { detail: error.message });
    throw error;
  }
  if (letter.attachments.length > limits.attachments)
    throw new Problem('attachment_not_allowed', { detail: `more than ${limits.attachments} attachments` });
  const total = letter.attachments.reduce((sum, { length }) => sum + length, 0);
  if (total > limits.attachment_bytes)
    throw new Problem('too_large', { detail: `more than ${limits.attachment_bytes} bytes of attachments` });
  if (new Set(letter.attachments.map(({ name }) => name.toLowerCase())).size < letter.attachments.length)
    throw new Problem('attachment_not_allowed', { reason: 'name', detail: 'two attachments have one name' });
  return letter.attachments.map((declaration, attachment) => {
    try {
      return checkDeclaration(declaration, limits.attachment_types);
    } catch (error) {
      if (error instanceof ContentRefused)
        throw new Problem('attachment_not_allowed', { attachment, reason: error.reason });
      throw error;
    }
  });
};

/** Takes in what the letter declares, in its order, and not one more. Whoever calls removes what is in `stored` when it throws. */
const takeAll = async (
  upload: Upload,
  letter: LetterPart,
  types: readonly AttachmentType[],
  { store }: ApiParts,
  stored: StoredAttachment[],
): Promise<void> => {
  for (const [attachment, declaration] of letter.attachments.entries()) {
    const part = await upload.next();
    if (part === undefined) throw new Problem('attachment_mismatch', { attachment, detail: 'did not come' });
    try {
      stored.push(await takeIn(store, declaration, types[attachment] as AttachmentType, part.content));
    } catch (error) {
      if (error instanceof ContentRefused)
        throw new Problem('attachment_not_allowed', { attachment, reason: error.reason });
      if (error instanceof DeclarationMismatch)
        throw new Problem('attachment_mismatch', { attachment, detail: error.message });
      throw error;
    }
  }
  if ((await upload.next()) !== undefined)
    throw new Problem('attachment_mismatch', { detail: 'more parts than the letter declares' });
};

interface Outcome {
  readonly status: 200 | 201;
  readonly receipt: Receipt;
}

const repeated = (earlier: Awaited<ReturnType<ApiParts['records']['deliveries']['earlier']>>): Outcome | undefined => {
  if (earlier === undefined) return undefined;
  if (!earlier.same) throw new Problem('message_exists', { detail: 'another letter has this message id' });
  return { status: 200, receipt: earlier.receipt };
};

const deliver = async (parts: ApiParts, sender: Sender, messageId: string, upload: Upload): Promise<Outcome> => {
  const { records, signing, settings, store } = parts;
  const first = await upload.next();
  if (first?.name !== 'letter') throw new Problem('envelope_invalid', { detail: 'the first part must be "letter"' });
  const raw = await readPart(first, settings.limits.letter_bytes);
  const sha512 = createHash('sha512').update(raw).digest('hex');
  const before = repeated(await records.deliveries.earlier(sender.sender, messageId, sha512));
  if (before) return before;

  const letter = parseLetter(raw);
  const types = checkLetter(letter, sender, parts);
  const { citizen, mailbox } = await openRecipient(parts, letter.recipient, sender);
  const stored: StoredAttachment[] = [];
  let kept = false;
  try {
    await takeAll(upload, letter, types, parts, stored);
    const providedAt = Date.now();
    const letterId = newLetterId(providedAt);
    const receipt = await makeReceipt(signing, {
      issuer: settings.origin,
      senderId: sender.sender,
      letterId,
      messageId,
      providedAt,
      rule: sender.deemed_delivery,
      sha512,
      attachments: letter.attachments,
    });
    const notify = parts.notify(citizen, mailbox, letterId);
    const { content, reference, application_id: applicationId, reply } = letter;
    const outcome = await records.deliveries.provide(mailbox, {
      letterId,
      sender: letterSender(sender),
      messageId,
      level: letter.level,
      service: letter.service,
      subject: letter.subject,
      content,
      ...(reference === undefined ? {} : { reference }),
      ...(applicationId === undefined ? {} : { applicationId }),
      reply: { allowed: reply.allowed, ...(reply.until === undefined ? {} : { until: reply.until }) },
      attachments: stored,
      deemedDelivery: sender.deemed_delivery,
      providedAt,
      sha512,
      receipt,
      ...(notify ? { notify } : {}),
    });
    if (outcome === 'gone' || outcome === 'moved') throw refusedBy(outcome);
    if (outcome === 'provided') {
      kept = true;
      parts.wake();
      return { status: 201, receipt };
    }
    // Another request with this id was faster.
    const winner = repeated(await records.deliveries.earlier(sender.sender, messageId, sha512));
    if (winner === undefined) throw new Problem('unavailable', { retryAfter: 1 });
    return winner;
  } finally {
    // What cannot be removed now is an orphan, and goes with those.
    if (!kept) await Promise.allSettled(stored.map(({ id }) => store.remove(id)));
  }
};

const time = (at: number | undefined): string | null => (at === undefined ? null : new Date(at).toISOString());

const stateBody = (messageId: string, state: LetterState): Readonly<Record<string, unknown>> => ({
  message_id: messageId,
  provided_at: time(state.providedAt),
  notice_sent_at: time(state.noticeAt),
  first_opened_at: time(state.openedAt),
  replied_at: time(state.repliedAt),
  deleted_by_citizen: state.deletedByCitizen,
  ...(state.deemedDelivery === undefined || state.deemedDelivery.rule === 'none'
    ? {}
    : { deemed_delivery: state.deemedDelivery }),
});

const messageIdOf = (ctx: Context): string => {
  const id = (ctx as { params?: Record<string, string> }).params?.['id'] ?? '';
  if (!isId(id))
    throw new Problem('envelope_invalid', { detail: 'the message id must be 1 to 200 of A-Z a-z 0-9 . _ ~ : -' });
  return id;
};

/** Deliveries of one sender that wait for their turn on this node. */
const mostWaiting = 1000;

export const addLetterRoutes = (router: Router, parts: ApiParts): void => {
  const delivered = parts.metrics.counter('letters_total', 'Letters that were provided.');
  const refused = parts.metrics.counter('letters_refused_total', 'Deliveries that were refused.');
  const turns = createTurns(parts.settings.limits.deliveries_at_once, mostWaiting);

  router.put('/api/letters/:id', senderWith(parts, 'postfach:deliver', true), async (ctx) => {
    const messageId = messageIdOf(ctx);
    const sender = senderOf(ctx);
    const bounds = boundsOf(parts.settings);
    const gone = new AbortController();
    ctx.req.once('close', () => gone.abort());
    // It may have closed while its token was looked at; nobody tells it twice.
    if (ctx.req.destroyed) gone.abort();
    try {
      // Until it is its turn nothing of the body is read, so that what waits costs no memory.
      const { status, receipt } = await turns.take(sender.sender, gone.signal, async () => {
        const upload = readUpload(ctx.req, { ...bounds, parts: parts.settings.limits.attachments + 2 });
        try {
          return await deliver(parts, sender, messageId, upload);
        } finally {
          upload.stop();
        }
      });
      if (status === 201) delivered.add();
      ctx.status = status;
      ctx.body = receiptBody(receipt);
    } catch (error) {
      refused.add();
      if (error instanceof NoTurn) throw new Problem('too_many', { retryAfter: 10 });
      if (error instanceof TurnLeft)
        throw new Problem('envelope_invalid', { detail: 'the body ended before its time' });
      throw error;
    }
  });

  router.get('/api/letters/:id', senderWith(parts, 'postfach:read'), async (ctx) => {
    const messageId = messageIdOf(ctx);
    const state = await parts.records.deliveries.state(senderOf(ctx).sender, messageId);
    if (state === undefined) throw new Problem('not_found');
    ctx.body = stateBody(messageId, state);
  });
};
