import type { Callback, ProviderPayment } from '../providers/provider.ts';
import type { RecordContext } from './context.ts';

export interface StoredCallback extends Callback {
  readonly provider: string;
  /** ms since the epoch. */
  readonly receivedAt: number;
}

export interface CallbackRecords {
  /** Keeps a call-back whose signature is good. @returns false when it is there already */
  store(provider: string, callback: Callback, receivedAt: number): Promise<boolean>;
  /** Those that were not applied yet, the oldest first, beyond `after`. */
  waiting(limit: number, after?: Pick<StoredCallback, 'receivedAt' | 'eventId'>): Promise<StoredCallback[]>;
  /** For one that only said that something changed, once the provider was asked. */
  markApplied(provider: string, eventId: string, at: number): Promise<void>;
  /** Forgets what was applied and came before: by then no provider sends it again. */
  purge(before: number): Promise<void>;
}

const sealContext = (provider: string, eventId: string): string => `callbacks/word/${provider}/${eventId}`;

export const createCallbacks = ({ database, inbox }: RecordContext): CallbackRecords => ({
  async store(provider, { eventId, attemptId, payment }, receivedAt) {
    const stored = await database.query
      .insertInto('callbacks')
      .values({
        provider,
        event_id: eventId,
        attempt_id: attemptId,
        word: payment === undefined ? null : inbox.seal(JSON.stringify(payment), sealContext(provider, eventId)),
        received_at: receivedAt,
        applied_at: null,
      })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst();
    return stored.numInsertedOrUpdatedRows === 1n;
  },
  async waiting(limit, after) {
    let query = database.query.selectFrom('callbacks').selectAll().where('applied_at', 'is', null);
    if (after !== undefined)
      query = query.where((where) =>
        where.or([
          where('received_at', '>', after.receivedAt),
          where.and([where('received_at', '=', after.receivedAt), where('event_id', '>', after.eventId)]),
        ]),
      );
    const rows = await query.orderBy('received_at').orderBy('event_id').limit(limit).execute();
    return rows.map(({ provider, event_id: eventId, attempt_id: attemptId, word, received_at: receivedAt }) => ({
      provider,
      eventId,
      attemptId,
      receivedAt,
      ...(word === null
        ? {}
        : { payment: JSON.parse(inbox.open(word, sealContext(provider, eventId)).toString()) as ProviderPayment }),
    }));
  },
  async markApplied(provider, eventId, at) {
    await database.query
      .updateTable('callbacks')
      .set({ applied_at: at })
      .where('provider', '=', provider)
      .where('event_id', '=', eventId)
      .where('applied_at', 'is', null)
      .execute();
  },
  async purge(before) {
    await database.query
      .deleteFrom('callbacks')
      .where('received_at', '<', before)
      .where('applied_at', 'is not', null)
      .execute();
  },
});
