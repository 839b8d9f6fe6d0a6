import type { Level } from '../../assurance/levels.ts';
import { agedEvidence, reachedNow } from '../../assurance/policy.ts';
import type { Artifacts } from '../../storage/artifacts.ts';
import type { BrowserSession, BrowserSessionRepository } from '../identity/browser-sessions.ts';
import { proofingOf } from '../identity/citizen.ts';
import type { ServiceRepository } from '../identity/service-records.ts';
import { revokeGrant } from './adapter.ts';
import type { EvidenceStore } from './evidence-store.ts';
import { ownClientId } from './own-client.ts';
import type { LevelRules } from './policy.ts';
import { principalText } from './principal.ts';
import type { SessionRegister } from './session-register.ts';
import { removeSession, removeSessions } from './sessions.ts';
import type { Visitor } from './visitor.ts';

/** A browser in which the account is logged in now. */
export interface OpenSession extends Omit<BrowserSession, 'sessionUid'> {
  /** The one that asks. */
  readonly current: boolean;
  /** What its logins give now. */
  readonly level: Level;
  /** ms since the epoch. */
  readonly seenAt: number;
  /** Services that it was used for, by client id. */
  readonly services: readonly string[];
}

/** The sessions of one account and what was issued under them, in the hands of its owner. */
export interface AccountSessions {
  /** The visitor's own first, then the one that was last seen. */
  open(visitor: Visitor): Promise<readonly OpenSession[]>;
  /** Ends one other session with everything issued under it, refresh tokens included. `false`: there is no such one. */
  end(visitor: Visitor, id: string): Promise<boolean>;
  /** Ends all but the visitor's own. @returns how many. */
  endOthers(visitor: Visitor): Promise<number>;
  /** Ends everything that one service has of the account, in every session and beyond. The service is told. */
  endService(accountId: string, clientId: string): Promise<void>;
  /**
   * Does what voids everything that was issued to the account, and then removes what is left of it in the stores.
   *
   * @param act whether it was done; if not, nothing is removed.
   */
  voiding(accountId: string, act: () => Promise<boolean>): Promise<boolean>;
}

export interface AccountSessionParts {
  readonly register: SessionRegister;
  readonly browsers: BrowserSessionRepository;
  readonly services: ServiceRepository;
  readonly evidence: EvidenceStore;
  readonly artifacts: Artifacts;
  readonly rules: LevelRules;
}

export const createAccountSessions = (parts: AccountSessionParts): AccountSessions => {
  const { register, browsers, services, evidence, artifacts, rules } = parts;

  /** What a session gives now; undefined when it is over, or of another epoch. */
  const stateOf = async (
    { citizen }: Visitor,
    { sessionUid }: BrowserSession,
  ): Promise<{ level: Level; seenAt: number } | undefined> => {
    const stored = await evidence.load(sessionUid);
    const principal = principalText({ accountId: citizen.account.id, epoch: citizen.account.epoch });
    if (stored?.principal !== principal) return undefined;
    const now = Date.now();
    const items = agedEvidence(stored.items, { seen: stored.seen, now }, rules.ageing).filter(rules.counts);
    const reached = reachedNow(items, { proofing: proofingOf(citizen), ...rules, now, seen: stored.seen });
    return reached && { level: reached.level, seenAt: stored.seen };
  };

  const endOne = async (sessionUid: string): Promise<void> => {
    const rows = await register.end(sessionUid, 'citizen');
    for (const { grant_id: grantId } of rows) await revokeGrant(artifacts, grantId);
    await services.forgetGrants(rows.map((row) => row.grant_id));
    await removeSession({ artifacts, evidence }, sessionUid);
    await browsers.forget(sessionUid);
  };

  return {
    async open(visitor) {
      const accountId = visitor.citizen.account.id;
      const used = Map.groupBy(await register.ofAccount(accountId), (row) => row.session_uid);
      const known = await browsers.of(accountId);
      const sessions = await Promise.all(
        known.map(async ({ sessionUid, ...session }): Promise<OpenSession[]> => {
          const state = await stateOf(visitor, { sessionUid, ...session });
          if (!state) return [];
          const clients = (used.get(sessionUid) ?? []).map((row) => row.client_id);
          return [
            {
              ...session,
              ...state,
              current: sessionUid === visitor.sessionUid,
              services: clients.filter((clientId) => clientId !== ownClientId),
            },
          ];
        }),
      );
      return sessions.flat().sort((a, b) => Number(b.current) - Number(a.current) || b.seenAt - a.seenAt);
    },

    async end(visitor, id) {
      const session = (await browsers.of(visitor.citizen.account.id)).find((one) => one.id === id);
      if (!session || session.sessionUid === visitor.sessionUid) return false;
      await endOne(session.sessionUid);
      return true;
    },

    async endOthers(visitor) {
      const accountId = visitor.citizen.account.id;
      const known = await browsers.of(accountId);
      const used = await register.ofAccount(accountId);
      const uids = new Set([...known.map(({ sessionUid }) => sessionUid), ...used.map((row) => row.session_uid)]);
      uids.delete(visitor.sessionUid);
      for (const uid of uids) await endOne(uid);
      return uids.size;
    },

    async endService(accountId, clientId) {
      const told = await register.endService(accountId, clientId);
      const granted = await services.grantsOf(accountId, clientId);
      const grantIds = [...new Set([...told.map((row) => row.grant_id), ...granted.map(({ grantId }) => grantId)])];
      for (const grantId of grantIds) await revokeGrant(artifacts, grantId);
      await services.forgetGrants(grantIds);
    },

    async voiding(accountId, act) {
      const rows = await register.ofAccount(accountId);
      const known = await browsers.of(accountId);
      const granted = await services.grantsOf(accountId);
      if (!(await act())) return false;
      await removeSessions({ artifacts, evidence }, rows);
      for (const { sessionUid } of known) {
        await removeSession({ artifacts, evidence }, sessionUid);
        await browsers.forget(sessionUid);
      }
      for (const { grantId } of granted) await revokeGrant(artifacts, grantId);
      await services.forgetGrants(granted.map(({ grantId }) => grantId));
      return true;
    },
  };
};
