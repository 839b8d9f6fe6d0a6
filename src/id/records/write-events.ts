import type { Transaction } from 'kysely';
import type { AuditEvent, EventAside } from '../audit/events.ts';
import { appendEvents, type AuditTables, type Noted } from '../audit/journal.ts';
import { toldOf } from '../mail/event-mails.ts';
import type { TellOwner } from './tell-owner.ts';
import type { CitizenTables } from './tables.ts';

type Tables = CitizenTables & AuditTables;

/**
 * Writes down what happened to an account within the transaction that does it, and puts the mails about it into the
 * outbox: fact, event and mail come to be together or not at all, and once.
 */
export interface EventWriter {
  write(trx: Transaction<Tables>, accountId: string, events: readonly AuditEvent[], aside?: EventAside): Promise<void>;
  /** Those of the journal, of whichever accounts: each happened by itself. */
  writeNoted(trx: Transaction<Tables>, noted: readonly Noted[]): Promise<void>;
  /** Whether somebody may be mailed about it, so that it has to be written in a transaction. */
  isMailed(noted: Noted): boolean;
}

export const createEventWriter = (tell: TellOwner): EventWriter => {
  const tellOf = async (
    trx: Transaction<Tables>,
    event: AuditEvent,
    together: readonly AuditEvent[],
    aside: EventAside,
  ): Promise<void> => {
    const { accountId, clientId } = event;
    const told = toldOf(event, { at: Date.now(), aside, together });
    if (told && accountId !== undefined) await tell(trx, accountId, told, clientId);
  };
  return {
    async write(trx, accountId, events, aside = {}) {
      const mine = events.map((event) => ({ ...event, accountId }));
      await appendEvents(trx, mine);
      for (const event of mine) await tellOf(trx, event, mine, aside);
    },
    async writeNoted(trx, noted) {
      await appendEvents(
        trx,
        noted.map(({ event }) => event),
      );
      for (const { event, aside = {} } of noted) await tellOf(trx, event, [event], aside);
    },
    isMailed: ({ event, aside = {} }) =>
      event.accountId !== undefined && toldOf(event, { at: Date.now(), aside, together: [event] }) !== undefined,
  };
};
