import { coarseUserAgent } from '../../web/user-agent.ts';
import type { BrowserSessionRepository } from '../identity/browser-sessions.ts';
import { dayOf, type LifecycleRepository } from '../identity/lifecycle.ts';
import type { NoteLogin } from '../oidc/policy.ts';

/** Writes down in which browser somebody logged in, and that the account is used; of guests nothing is kept. */
export const createNoteLogin =
  (browsers: BrowserSessionRepository, lifecycle: Pick<LifecycleRepository, 'noteSeen'>): NoteLogin =>
  async ({ sessionUid, citizen, evidence, userAgent }) => {
    const { account, guestOf } = citizen;
    if (guestOf !== undefined) return;
    const { browser, system } = coarseUserAgent(userAgent);
    const kind = { ...(browser ? { browser } : {}), ...(system ? { system } : {}) };
    await browsers.note({ sessionUid, accountId: account.id, kind, means: evidence.means, at: evidence.at });
    const today = dayOf(Date.now());
    if (account.seenAt === undefined || account.seenAt < today) await lifecycle.noteSeen(account.id, today);
  };
