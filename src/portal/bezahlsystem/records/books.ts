import { berlinDay, dayAfter, type Booking, type Statement } from '../orders/statement.ts';
import type { RecordContext, Trx } from './context.ts';

/** Minutes that a day stays open beyond its end: the clocks of two nodes are not one. */
const grace = 5 * 60_000;

export interface Books {
  /** The bookings of a day. One that is over is closed by being read: from then on it stays as it is. */
  statement(originatorId: string, endPointId: string, day: string): Promise<Statement>;
}

type NewBooking = Omit<Booking, 'transactionId' | 'id'> & {
  readonly orderId: string;
  readonly sourceId: string;
  readonly originatorId: string;
  readonly endPointId: string;
};

/** Books money that came or went, on the day on which it is booked; on the next one when that day was closed already. */
export const book = async (trx: Trx, booking: NewBooking): Promise<void> => {
  const { originatorId, endPointId } = booking;
  let day = berlinDay(booking.at);
  const isClosed = async (): Promise<boolean> =>
    (await trx
      .selectFrom('closed_days')
      .select('day')
      .where('originator_id', '=', originatorId)
      .where('end_point_id', '=', endPointId)
      .where('day', '=', day)
      .executeTakeFirst()) !== undefined;
  while (await isClosed()) day = dayAfter(day);
  await trx
    .insertInto('bookings')
    .values({
      id: `${booking.kind} ${booking.sourceId}`,
      originator_id: originatorId,
      end_point_id: endPointId,
      day,
      kind: booking.kind,
      order_id: booking.orderId,
      source_id: booking.sourceId,
      reference: booking.reference,
      method: booking.method,
      amount: booking.amount,
      surplus: booking.surplus ? 1 : 0,
      at: booking.at,
    })
    .execute();
};

export const createBooks = ({ database }: Pick<RecordContext, 'database'>): Books => ({
  statement: (originatorId, endPointId, day) =>
    database.transaction(async (trx) => {
      const now = Date.now();
      const closed = day < berlinDay(now - grace);
      if (closed)
        await trx
          .insertInto('closed_days')
          .values({ originator_id: originatorId, end_point_id: endPointId, day, closed_at: now })
          .onConflict((conflict) => conflict.doNothing())
          .execute();
      const rows = await trx
        .selectFrom('bookings')
        .selectAll()
        .where('originator_id', '=', originatorId)
        .where('end_point_id', '=', endPointId)
        .where('day', '=', day)
        .orderBy('at')
        .orderBy('id')
        .execute();
      const bookings = rows.map((row): Booking => ({
        kind: row.kind,
        transactionId: row.order_id,
        id: row.source_id,
        reference: row.reference,
        method: row.method,
        amount: row.amount,
        surplus: row.surplus === 1,
        at: row.at,
      }));
      return { originatorId, endPointId, day, closed, bookings };
    }),
});
