import type { IncomingMessage } from 'node:http';
import type { Context, Middleware } from 'koa';
import type { MeinPostfachSettings } from '../settings.ts';

/** How much of a body is read, and for how long. */
export interface BodyBounds {
  readonly bytes: number;
  /** ms since the epoch. */
  readonly until: number;
}

/** What multipart adds to each part: boundary and headers. */
const partOverhead = 8 * 1024;

/** Bounds of a request that comes in now: the largest letter with all its attachments. */
export const boundsOf = ({ limits }: Pick<MeinPostfachSettings, 'limits'>): BodyBounds => ({
  bytes: limits.attachment_bytes + limits.letter_bytes + (limits.attachments + 2) * partOverhead,
  until: Date.now() + limits.upload_seconds * 1000,
});

/** Tells once when more comes than may, or later. To be called when somebody reads the body: it does not wait any more then. */
export const watchBody = (
  request: IncomingMessage,
  { bytes, until }: BodyBounds,
  exceeded: (what: 'bytes' | 'time') => void,
): void => {
  let left = bytes;
  const look = (chunk: Buffer): void => {
    left -= chunk.length;
    const late = Date.now() > until;
    if (left >= 0 && !late) return;
    request.off('data', look);
    exceeded(late ? 'time' : 'bytes');
  };
  request.on('data', look);
};

/**
 * What an answer did not wait for is still read, so that a sender that is sending gets to see the answer; beyond the bounds the
 * connection ends.
 */
export const leaveBody =
  (settings: Pick<MeinPostfachSettings, 'limits'>): Middleware =>
  async (ctx: Context, next) => {
    await next();
    const { req } = ctx;
    if (req.complete) return;
    watchBody(req, boundsOf(settings), () => req.destroy());
    req.resume();
  };
