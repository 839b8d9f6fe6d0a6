import { isUniqueViolation } from '../../../storage/unique-violation.ts';
import { prepareQuery } from '../../../storage/prepared-query.ts';
import { newOwnerSealer, openOwnerSealer, type OwnerSealer } from '../../module-api/owner-sealer.ts';
import type { Order, OrderContent } from '../orders/order.ts';
import type { OrderHead, RecordContext, Trx } from './context.ts';
import type { BezahlTables } from './tables.ts';

/** Handle of the payer's mailbox. */
interface SealedPayer {
  readonly postfach?: string;
}

interface SealedOrder {
  readonly pageId: string;
  readonly content: OrderContent;
}

export type OrderRow = BezahlTables['orders'];

export type NewOrder = Omit<
  Order,
  'status' | 'statusDetail' | 'endedAt' | 'paidBy' | 'method' | 'methodDetail' | 'refunded'
> & {
  /** What the service asked for, in a canonical form. */
  readonly canonical: string;
};

export interface OrderRecords {
  /**
   * Keeps a new order. `same`: the service's request id was there already, for the same content; `other`: for another one.
   * `reference_taken`: make another Kassenzeichen.
   */
  create(
    order: NewOrder,
  ): Promise<
    | { readonly outcome: 'created' | 'same'; readonly order: Order }
    | { readonly outcome: 'other' }
    | { readonly outcome: 'reference_taken' }
  >;
  /** Undefined for an order of another originator or end point too. */
  find(originatorId: string, endPointId: string, id: string): Promise<Order | undefined>;
  ofPage(pageId: string): Promise<Order | undefined>;
  byId(id: string): Promise<Order | undefined>;
  /** The newest first, older than `before`. */
  ofPayer(subject: string, page: { readonly before?: number; readonly limit: number }): Promise<Order[]>;
  ofPayerById(subject: string, id: string): Promise<Order | undefined>;
  /** Hers that have not ended, the newest first. */
  openOfPayer(subject: string, limit: number): Promise<Order[]>;
  /** The first one stays. */
  setPayer(id: string, payer: { readonly sub: string; readonly postfach?: string }): Promise<void>;
  /** The payer's account is gone: nothing of hers stays linked. */
  forgetPayer(subject: string): Promise<void>;
  /** Where the receipt goes as a letter, if anywhere: what the service said, else the payer's own. */
  postfachOf(id: string): Promise<string | undefined>;
  /** Destroys keys of orders that were made before: only the books remain. @returns how many */
  purge(before: number, limit: number): Promise<number>;
}

export const headOf = (row: OrderRow): OrderHead => ({
  id: row.id,
  originatorId: row.originator_id,
  endPointId: row.end_point_id,
  requestId: row.request_id,
  status: row.status,
  ...(row.status_detail === null ? {} : { statusDetail: row.status_detail }),
  reference: row.reference,
  ...(row.method === null ? {} : { method: row.method }),
});

/** The sealer of an order's columns; undefined once its key was destroyed. */
export const sealerOf = (
  { wrapping }: Pick<RecordContext, 'wrapping'>,
  { id, data_key: dataKey }: Pick<OrderRow, 'id' | 'data_key'>,
): OwnerSealer | undefined => (dataKey === null ? undefined : openOwnerSealer(id, dataKey, wrapping));

export const createOrders = (context: RecordContext): OrderRecords => {
  const { database, hashes, wrapping } = context;

  const orderOf = (row: OrderRow | undefined): Order | undefined => {
    const sealer = row && sealerOf(context, row);
    if (row === undefined || sealer === undefined) return undefined;
    const { pageId, content } = sealer.open<SealedOrder>('orders', 'sealed', row.id, row.sealed);
    return {
      ...headOf(row),
      pageId,
      content,
      amount: row.amount,
      currency: row.currency,
      createdAt: row.created_at,
      payableUntil: row.payable_until,
      refunded: row.refunded,
      ...(row.ended_at === null ? {} : { endedAt: row.ended_at }),
      ...(row.paid_by === null ? {} : { paidBy: row.paid_by }),
      ...(row.method_detail === null ? {} : { methodDetail: row.method_detail }),
    };
  };

  const one = async (column: 'id' | 'page_hash', value: string): Promise<Order | undefined> =>
    orderOf(await database.query.selectFrom('orders').selectAll().where(column, '=', value).executeTakeFirst());

  const insert = prepareQuery<BezahlTables, keyof OrderRow, { id: string }>(database.query, (kysely, slot) =>
    kysely
      .insertInto('orders')
      .values({
        id: slot('id'),
        page_hash: slot('page_hash'),
        originator_id: slot('originator_id'),
        end_point_id: slot('end_point_id'),
        request_id: slot('request_id'),
        content_hash: slot('content_hash'),
        amount: slot('amount'),
        currency: slot('currency'),
        reference: slot('reference'),
        status: 'INITIAL',
        status_detail: null,
        created_at: slot('created_at'),
        payable_until: slot('payable_until'),
        ended_at: null,
        tries: 0,
        paid_by: null,
        method: null,
        method_detail: null,
        refunded: 0,
        payer_hash: null,
        payer: null,
        data_key: slot('data_key'),
        sealed: slot('sealed'),
      })
      .onConflict((conflict) => conflict.columns(['originator_id', 'end_point_id', 'request_id']).doNothing())
      .returning('id'),
  );
  const select = prepareQuery<BezahlTables, 'originator' | 'endPoint' | 'id', OrderRow>(
    database.query,
    (kysely, slot) =>
      kysely
        .selectFrom('orders')
        .selectAll()
        .where('id', '=', slot('id'))
        .where('originator_id', '=', slot('originator'))
        .where('end_point_id', '=', slot('endPoint')),
  );

  return {
    async create({ canonical, ...order }) {
      const { sealer, dataKey } = newOwnerSealer(order.id, wrapping);
      const sealed: SealedOrder = { pageId: order.pageId, content: order.content };
      const contentHash = hashes.content(canonical);
      try {
        const [inserted] = await insert(database.query, {
          id: order.id,
          page_hash: hashes.page(order.pageId),
          originator_id: order.originatorId,
          end_point_id: order.endPointId,
          request_id: order.requestId,
          content_hash: contentHash,
          amount: order.amount,
          currency: order.currency,
          reference: order.reference,
          created_at: order.createdAt,
          payable_until: order.payableUntil,
          data_key: dataKey,
          sealed: sealer.seal('orders', 'sealed', order.id, sealed),
        } as Record<keyof OrderRow, unknown>);
        if (inserted) return { outcome: 'created', order: { ...order, status: 'INITIAL', refunded: 0 } };
      } catch (error) {
        if (isUniqueViolation(error, 'orders')) return { outcome: 'reference_taken' };
        throw error;
      }
      const before = await database.query
        .selectFrom('orders')
        .selectAll()
        .where('originator_id', '=', order.originatorId)
        .where('end_point_id', '=', order.endPointId)
        .where('request_id', '=', order.requestId)
        .executeTakeFirst();
      const known = orderOf(before);
      return before?.content_hash === contentHash && known !== undefined
        ? { outcome: 'same', order: known }
        : { outcome: 'other' };
    },
    async find(originator, endPoint, id) {
      const [row] = await select(database.query, { originator, endPoint, id });
      return orderOf(row);
    },
    ofPage: (pageId) => one('page_hash', hashes.page(pageId)),
    byId: (id) => one('id', id),
    async ofPayer(subject, { before, limit }) {
      let query = database.query.selectFrom('orders').selectAll().where('payer_hash', '=', hashes.subject(subject));
      if (before !== undefined) query = query.where('created_at', '<', before);
      const rows = await query.orderBy('created_at', 'desc').limit(limit).execute();
      return rows.flatMap((row) => orderOf(row) ?? []);
    },
    async ofPayerById(subject, id) {
      const row = await database.query
        .selectFrom('orders')
        .selectAll()
        .where('id', '=', id)
        .where('payer_hash', '=', hashes.subject(subject))
        .executeTakeFirst();
      return orderOf(row);
    },
    async openOfPayer(subject, limit) {
      const rows = await database.query
        .selectFrom('orders')
        .selectAll()
        .where('payer_hash', '=', hashes.subject(subject))
        .where('status', '=', 'INITIAL')
        .orderBy('created_at', 'desc')
        .limit(limit)
        .execute();
      return rows.flatMap((row) => orderOf(row) ?? []);
    },
    setPayer: (id, { sub, postfach }) =>
      database.transaction(async (trx) => {
        const row = await trx.selectFrom('orders').select(['id', 'data_key']).where('id', '=', id).executeTakeFirst();
        const sealer = row && sealerOf(context, row);
        if (!sealer) return;
        const payer: SealedPayer = postfach === undefined ? {} : { postfach };
        await trx
          .updateTable('orders')
          .set({ payer_hash: hashes.subject(sub), payer: sealer.seal('orders', 'payer', id, payer) })
          .where('id', '=', id)
          .where('payer_hash', 'is', null)
          .execute();
      }),
    async forgetPayer(subject) {
      await database.query
        .updateTable('orders')
        .set({ payer_hash: null, payer: null })
        .where('payer_hash', '=', hashes.subject(subject))
        .execute();
    },
    async postfachOf(id) {
      const row = await database.query.selectFrom('orders').selectAll().where('id', '=', id).executeTakeFirst();
      const sealer = row && sealerOf(context, row);
      if (row === undefined || sealer === undefined) return undefined;
      const { content } = sealer.open<SealedOrder>('orders', 'sealed', id, row.sealed);
      if (content.postfach !== undefined || row.payer === null) return content.postfach;
      return sealer.open<SealedPayer>('orders', 'payer', id, row.payer).postfach;
    },
    purge: (before, limit) =>
      database.transaction(async (trx: Trx) => {
        const rows = await trx
          .selectFrom('orders')
          .select('id')
          .where('created_at', '<', before)
          .where('data_key', 'is not', null)
          .where('status', '!=', 'INITIAL')
          .limit(limit)
          .execute();
        const ids = rows.map(({ id }) => id);
        if (ids.length > 0)
          await trx
            .updateTable('orders')
            .set({ data_key: null, payer: null, payer_hash: null })
            .where('id', 'in', ids)
            .execute();
        return ids.length;
      }),
  };
};
