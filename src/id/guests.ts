import { randomBytes, randomUUID } from 'node:crypto';
import type { Artifacts, JsonObject } from '../storage/artifacts.ts';
import type { AuditEvent } from './audit/events.ts';
import type { Citizen } from './identity/citizen.ts';
import type { CitizenRepository, Consent, ReadCard } from './identity/repository.ts';

/** Guests are told from accounts by their id, so that nobody looks for the one where only the other can be. */
const prefix = 'guest-';

/** Longer than a login by card counts for much; seconds. */
const life = 3600;

interface StoredGuest {
  readonly citizen: Citizen;
  readonly subject: string;
}

export interface Guests {
  /** Somebody who showed a card and wants no account, for this one client. */
  create(card: ReadCard, clientId: string): Promise<Citizen>;
}

/**
 * Accounts, and beside them guests: a guest is a sealed artifact that is gone within the hour, bound to the one client
 * that it was made for, with a subject that never comes again. Nothing of it stands in the records; whatever needs a
 * lasting account (a mailbox, Mein Konto, refresh tokens) does not see it (architecture.md 7).
 */
export const withGuests = (
  citizens: CitizenRepository,
  artifacts: Artifacts,
  record: (event: AuditEvent) => void,
): { readonly citizens: CitizenRepository; readonly guests: Guests } => {
  const kinds = { guest: 'Guest', consent: 'GuestConsent' } as const;
  const isGuest = (id: string): boolean => id.startsWith(prefix);
  const find = async (id: string): Promise<StoredGuest | undefined> =>
    (await artifacts.find(kinds.guest, id))?.payload as unknown as StoredGuest | undefined;
  const consentOf = async (id: string): Promise<Consent | undefined> =>
    (await artifacts.find(kinds.consent, id))?.payload as unknown as Consent | undefined;
  const subjectOf = async (id: string): Promise<string> => {
    const guest = await find(id);
    if (!guest) throw new Error('the guest is gone');
    return guest.subject;
  };

  return {
    guests: {
      async create({ attributes, asked, assured, documentType, validUntil }, clientId) {
        const id = `${prefix}${randomUUID()}`;
        const now = Date.now();
        const citizen: Citizen = {
          account: { id, epoch: 1, state: 'active', createdAt: now },
          guestOf: clientId,
          self: {},
          preferences: {},
          card: {
            link: {
              id: randomUUID(),
              ceiling: assured,
              linkedAt: now,
              ...(documentType === undefined ? {} : { documentType }),
              ...(validUntil === undefined ? {} : { validUntil }),
            },
            asked,
            attributes,
          },
        };
        const guest: StoredGuest = { citizen, subject: randomBytes(24).toString('base64url') };
        await artifacts.save(kinds.guest, id, guest as unknown as JsonObject, { ttl: life });
        return citizen;
      },
    },
    citizens: {
      ...citizens,
      find: async (id, sector) => (isGuest(id) ? (await find(id))?.citizen : citizens.find(id, sector)),
      standing: async (id) => (isGuest(id) ? (await find(id))?.citizen.account : citizens.standing(id)),
      subject: (id, sector) => (isGuest(id) ? subjectOf(id) : citizens.subject(id, sector)),
      consent: (id, clientId) => (isGuest(id) ? consentOf(id) : citizens.consent(id, clientId)),
      async giveConsent(id, answer, events) {
        if (!isGuest(id)) return citizens.giveConsent(id, answer, events);
        const before = await consentOf(id);
        const anew = new Set([...answer.claims, ...answer.refused]);
        const kept = (names: readonly string[] = []): string[] => names.filter((name) => !anew.has(name));
        const consent: Consent = {
          ...answer,
          id: before?.id ?? randomUUID(),
          claims: [...kept(before?.claims), ...answer.claims],
          refused: [...kept(before?.refused), ...answer.refused],
          scopes: [...new Set([...(before?.scopes ?? []), ...answer.scopes])],
        };
        await artifacts.save(kinds.consent, id, consent as unknown as JsonObject, { ttl: life });
        for (const event of events) record({ ...event, accountId: id });
        return consent;
      },
    },
  };
};
