import type { Context, Middleware } from 'koa';
import type { AccessToken } from '../../relying-party/access-token.ts';
import type { RelyingParty } from '../../relying-party/relying-party.ts';
import type { Counters } from '../../../storage/counters.ts';
import type { Metrics } from '../../../web/metrics.ts';
import type { FileStore } from '../attachments/store.ts';
import type { Notify } from '../notices/mail.ts';
import type { PostfachRecords } from '../records/records.ts';
import type { Resolve } from '../resolve.ts';
import type { Sender, Senders } from '../senders.ts';
import type { MeinPostfachSettings } from '../settings.ts';
import { Problem } from './problems.ts';
import type { Signing } from '../../module-api/signing.ts';

/** What the routes of the API share. */
export interface ApiParts {
  readonly settings: MeinPostfachSettings;
  readonly relyingParty: Pick<RelyingParty, 'requireToken'>;
  readonly records: PostfachRecords;
  readonly store: FileStore;
  readonly counters: Counters;
  readonly metrics: Metrics;
  readonly signing: Signing;
  readonly resolve: Resolve;
  readonly notify: Notify;
  /** As they are in force now. */
  readonly senders: () => Senders;
  /** Something was put into the outbox. */
  readonly wake: () => void;
}

/** The address that senders' tokens are for. */
export const audienceOf = ({ origin }: Pick<MeinPostfachSettings, 'origin'>): string => `${origin}/api`;

/** In which a sender's letters and statuses are counted, in seconds. */
const window = 60;

const senderKey = Symbol('sender');

/** The sender of this request; set by `senderWith`. */
export const senderOf = (ctx: Context): Sender => {
  const sender = (ctx.state as { [senderKey]?: Sender })[senderKey];
  if (sender === undefined) throw new TypeError('the route has no sender');
  return sender;
};

/**
 * Lets through who has a token of this scope, on its own account, and is a sender; and with `counted` only as many as its file
 * allows. What comes beyond is refused before anything of it is read.
 */
export const senderWith = (parts: ApiParts, scope: string, counted = false): Middleware => {
  const requireToken = parts.relyingParty.requireToken(audienceOf(parts.settings), { scope });
  return async (ctx, next) => {
    await requireToken(ctx, async () => {
      const { sub, clientId } = ctx.state['accessToken'] as AccessToken;
      const sender = parts.senders().ofClient(clientId);
      // A citizen's token names her and not the client: nobody sends in her name.
      if (sender === undefined || sub !== clientId) throw new Problem('sender_not_allowed');
      if (counted) {
        const count = await parts.counters.add(`postfach sender ${sender.sender}`, 1, window);
        if (count > sender.letters_per_minute) throw new Problem('too_many', { retryAfter: 10 });
      }
      (ctx.state as { [senderKey]?: Sender })[senderKey] = sender;
      await next();
    });
  };
};
