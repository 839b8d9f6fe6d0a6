import { standardAgeing } from '../../assurance/policy.ts';
import { cardHistoryMonths } from '../identity/card-history.ts';
import type { BrowserSessionRepository } from '../identity/browser-sessions.ts';
import { addMonths, type LifecycleRepository } from '../identity/lifecycle.ts';
import type { ServiceRepository } from '../identity/service-records.ts';

export interface AccountJobParts {
  readonly lifecycle: LifecycleRepository;
  readonly browsers: BrowserSessionRepository;
  readonly services: ServiceRepository;
  /** Called when mails or logout notices may wait in the outbox. */
  readonly wake: () => void;
}

/** Accounts looked at in one go, so that requests get their turn in between. */
const slice = 100;

/** Nothing of a session is left so long after its last login, whatever the levels; ms. */
const sessionLife = Math.max(...Object.values(standardAgeing).map(({ longest }) => longest)) * 2 * 1000;

/**
 * Deletes accounts whose time is over and tells owners before. Runs on every node, and again when it was interrupted:
 * each step is one conditional change, so that of several runs one does it and the others find it done.
 */
export const createAccountJobs = ({ lifecycle, browsers, services, wake }: AccountJobParts): (() => Promise<void>) => {
  const removeLeaving = async (): Promise<void> => {
    for (;;) {
      const now = Date.now();
      const due = await lifecycle.leaving(now, slice);
      let removed = 0;
      for (const accountId of due) if (await lifecycle.remove(accountId, 'leaving', now)) removed++;
      if (due.length < slice || removed === 0) return;
    }
  };

  const followInactive = async (): Promise<void> => {
    for (;;) {
      const now = Date.now();
      const due = await lifecycle.inactive(now, slice);
      let done = 0;
      for (const step of due) {
        const did =
          step.step === 'deletion'
            ? await lifecycle.remove(step.accountId, 'inactive', now)
            : await lifecycle.notify(step, now);
        if (did) done++;
      }
      // Others may have been faster with all of them; then what is left is theirs too.
      if (due.length < slice || done === 0) return;
    }
  };

  return async () => {
    const now = Date.now();
    await removeLeaving();
    await followInactive();
    await browsers.purge(now - sessionLife);
    await services.purgeGrants(now);
    await lifecycle.purgeEmailUndos(now);
    await lifecycle.purgeHistory(addMonths(now, -cardHistoryMonths));
    wake();
  };
};
