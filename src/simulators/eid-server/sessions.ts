import { randomBytes } from 'node:crypto';
import type { PreSharedKey } from '../../id/authentication/eid/tr03130/requests.ts';
import type { LoginFaults } from './faults.ts';
import type { UseIdRequest } from './read-request.ts';
import type { Reading } from './reading.ts';

/** One login at the eID-Server, from useID to the one result. */
export interface EidServerSession {
  readonly id: string;
  readonly psk: PreSharedKey;
  readonly request: UseIdRequest;
  readonly expiresAt: number;
  faults: LoginFaults;
  lastCounter: number;
  reading: Reading | undefined;
}

const lifetime = 10 * 60_000;

/** Sessions in memory, for ten minutes and up to a limit. */
export interface EidServerSessions {
  /** Undefined when there are too many. `now` in ms. */
  open(request: UseIdRequest, faults: LoginFaults, now: number): EidServerSession | undefined;
  find(id: string, now: number): EidServerSession | undefined;
  /** By the TC Token's SessionIdentifier. */
  findByPsk(pskId: string, now: number): EidServerSession | undefined;
  end(session: EidServerSession): void;
}

export const createEidServerSessions = (most: number): EidServerSessions => {
  const byId = new Map<string, EidServerSession>();
  const byPsk = new Map<string, EidServerSession>();
  const end = (session: EidServerSession): void => {
    byId.delete(session.id);
    byPsk.delete(session.psk.id);
  };
  const alive = (session: EidServerSession | undefined, now: number): EidServerSession | undefined =>
    session !== undefined && session.expiresAt > now ? session : undefined;
  return {
    open(request, faults, now) {
      for (const session of byId.values()) {
        if (session.expiresAt > now) break;
        end(session);
      }
      if (byId.size >= most) return undefined;
      const psk = request.psk ?? { id: randomBytes(16).toString('hex'), key: randomBytes(32).toString('hex') };
      const session: EidServerSession = {
        id: randomBytes(32).toString('hex'),
        psk,
        request,
        faults,
        expiresAt: now + lifetime,
        lastCounter: 0,
        reading: undefined,
      };
      byId.set(session.id, session);
      byPsk.set(psk.id, session);
      return session;
    },
    find: (id, now) => alive(byId.get(id), now),
    findByPsk: (pskId, now) => alive(byPsk.get(pskId), now),
    end,
  };
};
