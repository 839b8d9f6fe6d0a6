import { endOfEvidence, type Ageing } from '../../assurance/policy.ts';
import type { Artifacts } from '../../storage/artifacts.ts';
import type { CitizenRepository } from '../identity/repository.ts';
import type { EvidenceStore } from './evidence-store.ts';
import { principalText } from './principal.ts';
import type { DueSession, SessionRegister } from './session-register.ts';
import { lookAfter, removeSession } from './sessions.ts';

export interface SweepParts {
  readonly register: SessionRegister;
  readonly citizens: CitizenRepository;
  readonly artifacts: Artifacts;
  readonly evidence: EvidenceStore;
  readonly ageing: Ageing;
}

/** Sessions looked at in one go, so that requests get their turn in between. */
const slice = 100;

/**
 * Finds sessions that ended by themselves, idle or after their longest life, and ends them: no request comes in when a
 * citizen just goes away, yet the services have to be told (attacks.md LO-12). Runs on every node; the register gives
 * each session to one of them.
 */
export const createSweep = ({ register, citizens, artifacts, evidence, ageing }: SweepParts): (() => Promise<void>) => {
  /** Judged by its evidence: the session itself is absent for a moment whenever it changes its id. */
  const endOf = async ({ session_uid: uid, account_id: accountId, epoch }: DueSession): Promise<number> => {
    const stored = await evidence.load(uid);
    if (stored?.principal !== principalText({ accountId, epoch })) return 0;
    const account = await citizens.standing(accountId);
    if (account?.state !== 'active' || account.epoch !== epoch) return 0;
    return endOfEvidence(stored.items, stored.seen, ageing);
  };

  return async () => {
    for (;;) {
      const due = await register.due(Date.now(), slice);
      for (const session of due) {
        const lookAt = lookAfter(await endOf(session));
        if (lookAt > Date.now()) await register.lookAgain(session.session_uid, lookAt);
        else if ((await register.end(session.session_uid, 'expiry')).length > 0)
          await removeSession({ artifacts, evidence }, session.session_uid);
      }
      if (due.length < slice) return;
    }
  };
};
