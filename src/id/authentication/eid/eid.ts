import { setTimeout as pause } from 'node:timers/promises';
import type { AttemptContext, AuthenticationMethod } from '../method.ts';
import type { ReadCard } from '../../identity/repository.ts';
import { cardFrom, requestFor, type EidPurpose } from './attributes.ts';
import { EidUnavailable, type EidFailure, type EidPort, type EidResult } from './port.ts';
import { failedTcToken, tcToken } from './tc-token.ts';
import { transactionLife, type EidTransaction, type EidTransactions } from './transactions.ts';

export type EidOutcome =
  | { readonly kind: 'card'; readonly card: ReadCard; readonly at: number }
  | { readonly kind: 'failed'; readonly cause: EidFailure }
  /** R is unknown, used, of another interaction or expired. */
  | { readonly kind: 'unbound' };

export interface EidBegun {
  readonly kind: 'link';
  readonly transactionId: string;
  readonly tcTokenUrl: string;
  /** ms since the epoch. */
  readonly expiresAt: number;
}

export interface EidMethod extends Omit<
  AuthenticationMethod<{ interaction: string; purpose: EidPurpose }, EidBegun, never>,
  'complete'
> {
  /** Answers the client's first and only GET of the tcTokenURL; undefined for a second, an unknown or an expired one. */
  token(token: string): Promise<string | undefined>;
  /** The way back, in the browser that holds the interaction's cookie. */
  complete(
    context: AttemptContext,
    answer: { readonly interaction: string; readonly refresh: string },
  ): Promise<EidOutcome>;
  /** R turned up without the cookie that belongs to it: nothing of this card will ever be used. */
  burn(refresh: string, holder?: string): ReturnType<EidTransactions['burn']>;
  /** Where it stands, for who looks at its page; undefined when it is over and did not fail. */
  standing(transactionId: string): Promise<'begun' | 'opened' | { readonly cause: string } | undefined>;
  /**
   * It came to nothing: the client came back by the address for errors, or nobody came in time. What failed before goes
   * first. @returns why it failed; undefined when it has not
   */
  broken(transactionId: string, why: 'connection' | 'sessionExpired'): Promise<string | undefined>;
  /** The citizen is told that it failed. */
  tell(transactionId: string, referenceId: string): ReturnType<EidTransactions['tell']>;
}

/** Waits between two questions after "no result yet", in ms; after the last one it counts as no answer. */
const polling = [200, 400, 800, 1500, 3000];

const words: Readonly<Record<EidUnavailable['reason'], EidFailure | 'busy'>> = {
  unreachable: 'unreachable',
  tooManyOpenSessions: 'busy',
  serverError: 'serverError',
};

export const createEidMethod = (
  port: EidPort,
  transactions: EidTransactions,
  issuer: string,
  log: { error(event: string, fields?: Record<string, string>): void },
): EidMethod => {
  /** Undefined when the transaction was burned meanwhile: R turned up in another browser while this one waited. */
  const ask = async (
    { id, counter: first, request }: EidTransaction,
    sessionId: string,
  ): Promise<EidResult | undefined> => {
    let counter: number | undefined = first;
    for (const wait of [...polling, undefined]) {
      if (counter === undefined) return undefined;
      const result = await port.fetchResult({ sessionId, counter, request });
      if (result.kind !== 'pending') return result;
      if (wait === undefined) break;
      await pause(wait);
      counter = await transactions.nextCounter(id);
    }
    return { kind: 'failed', reason: 'unreachable' };
  };

  const failed = async (transaction: EidTransaction, cause: EidFailure): Promise<EidOutcome> => {
    await transactions.fail(transaction.id, cause);
    return { kind: 'failed', cause };
  };

  return {
    name: 'eid',
    means: ['eid'],

    async begin(_context, { interaction, purpose }) {
      const { id, token } = await transactions.create(interaction, requestFor(purpose));
      return {
        kind: 'link',
        transactionId: id,
        tcTokenUrl: `${issuer}/eid/tctoken/${token}`,
        expiresAt: Date.now() + transactionLife,
      };
    },

    async token(token) {
      const transaction = await transactions.takeToken(token);
      if (!transaction) return undefined;
      const base = `${issuer}/anmelden/${transaction.interaction}/eid`;
      const communicationError = `${base}/hilfe`;
      try {
        const session = await port.start(transaction.request);
        const refresh = await transactions.issue(transaction, session);
        if (refresh === undefined) return failedTcToken(issuer, communicationError);
        return tcToken(session, { refresh: `${base}/zurueck/${refresh}`, communicationError });
      } catch (error) {
        const cause = error instanceof EidUnavailable ? words[error.reason] : 'serverError';
        log.error('eid.start_failed', { cause });
        await transactions.fail(transaction.id, cause);
        return failedTcToken(issuer, communicationError);
      }
    },

    async complete(_context, { interaction, refresh }) {
      const transaction = await transactions.bind(refresh, interaction);
      if (transaction?.sessionId === undefined) return { kind: 'unbound' };
      const result = await ask(transaction, transaction.sessionId);
      if (!result) return { kind: 'unbound' };
      if (result.kind !== 'ok') return failed(transaction, result.kind === 'failed' ? result.reason : 'unreachable');
      const at = Date.now();
      const card = cardFrom(result.data, transaction.request.operations, result.assured, at);
      if (!card) return failed(transaction, 'serverError');
      if (card.validUntil !== undefined && card.validUntil <= at) return failed(transaction, 'invalidDocument');
      return (await transactions.consume(transaction.id)) ? { kind: 'card', card, at } : { kind: 'unbound' };
    },

    async standing(id) {
      const found = await transactions.find(id);
      if (found?.cause !== undefined) return { cause: found.cause };
      if (found?.state === 'created') return 'begun';
      return found?.state === 'token_issued' || found?.state === 'bound' ? 'opened' : undefined;
    },

    burn: (refresh, holder) => transactions.burn(refresh, holder),

    async broken(id, why) {
      await transactions.fail(id, why);
      return (await transactions.find(id))?.cause;
    },

    tell: (id, referenceId) => transactions.tell(id, referenceId),
  };
};
