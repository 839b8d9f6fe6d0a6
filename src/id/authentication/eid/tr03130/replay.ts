import { clockTolerance } from './ws-security.ts';

const most = 50_000;

/**
 * Remembers signed answers for as long as their Timestamp would pass again, so that an answer with somebody's data
 * cannot be given twice: getResult's answer names no session, so nothing else would tell.
 */
export const createReplayDetection = (): ((fingerprint: string, now: number) => boolean) => {
  const seen = new Map<string, number>();
  return (fingerprint, now) => {
    for (const [old, until] of seen) {
      if (until > now && seen.size < most) break;
      seen.delete(old);
    }
    if (seen.has(fingerprint)) return false;
    seen.set(fingerprint, now + 2 * clockTolerance + 1000);
    return true;
  };
};
