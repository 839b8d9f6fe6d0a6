import type { Counters } from '../../../storage/counters.ts';
import { keyedHash } from '../../../storage/sealing.ts';
import { canonicalLoginName } from '../../identity/login-name.ts';

/** How many mails may be asked for (attacks.md RG-07); `pause` and `window` in seconds. */
export interface MailLimitSettings {
  /** Between two mails to one address. */
  readonly pause: number;
  /** Mails to one address. */
  readonly hour: number;
  readonly day: number;
  /** Mails that one network address asks for, to whomever. */
  readonly address: { readonly mails: number; readonly window: number };
}

/**
 * Mails that somebody asks for who need not be the one that gets them. Counted by what was typed, whether there is an
 * account or not, so that an answer says nothing about that.
 */
export interface MailLimits {
  /** Counts a mail. @returns undefined when it may be sent, else in how many seconds to try again, at most. */
  take(recipient: string, address: string): Promise<number | undefined>;
}

const hour = 3600;
const day = 24 * hour;

export const createMailLimits = (counters: Counters, key: Buffer, limits: MailLimitSettings): MailLimits => ({
  async take(recipient, address) {
    const to = keyedHash(key, `mail to\0${canonicalLoginName(recipient)}`);
    const from = keyedHash(key, `mail from\0${address}`);
    const windows = [
      { key: `mail:${to}:pause`, most: 1, window: limits.pause },
      { key: `mail:${to}:hour`, most: limits.hour, window: hour },
      { key: `mail:${to}:day`, most: limits.day, window: day },
      { key: `mail:${from}`, most: limits.address.mails, window: limits.address.window },
    ];
    for (const { key: counter, most, window } of windows)
      if ((await counters.add(counter, 1, window)) > most) return window;
    return undefined;
  },
});
