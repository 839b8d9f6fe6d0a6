import { randomBytes, randomInt } from 'node:crypto';
import type { Artifacts } from '../../../storage/artifacts.ts';
import type { Counters } from '../../../storage/counters.ts';
import { keyedHash } from '../../../storage/sealing.ts';

/** How long a code is good, in ms (pages.md: at least 15 minutes, WCAG 2.2.1). */
export const codeLife = 30 * 60_000;

export interface IssuedCode {
  /** Names the code without being it: for the state of the flow that waits for it. */
  readonly id: string;
  /** Six digits, for the mail alone. */
  readonly code: string;
  /** ms since the epoch. */
  readonly validUntil: number;
}

export type CodeOutcome =
  | 'right'
  | 'wrong'
  /** Typed wrong too often: only a new one helps. */
  | 'spent'
  /** Too old, or used already. */
  | 'gone';

/** Codes that prove that somebody reads the mail of an address (NIST SP 800-63B-4, 3.1.3.3: at least six digits). */
export interface EmailCodes {
  /** @param purpose what the code is good for, and for whom: the same has to be said at `check`. */
  issue(purpose: string): Promise<IssuedCode>;
  /** Right once only, also for two requests at the same time. */
  check(id: string, purpose: string, typed: string): Promise<CodeOutcome>;
}

const kind = 'EmailCode';

/** With a million codes and three mails in an hour, guesses for one address are right once in sixty thousand. */
const mostTries = 5;

/** Blanks and hyphens come along when a code is copied. */
const digitsOf = (typed: string): string => typed.normalize('NFKC').replace(/[\s-]/g, '');

export const createEmailCodes = (artifacts: Artifacts, counters: Counters, key: Buffer): EmailCodes => {
  const mark = (id: string, purpose: string, code: string): string =>
    keyedHash(key, `code\0${id}\0${purpose}\0${code}`);
  return {
    async issue(purpose) {
      const id = randomBytes(16).toString('base64url');
      const code = String(randomInt(1_000_000)).padStart(6, '0');
      await artifacts.save(kind, id, { mark: mark(id, purpose, code) }, { ttl: codeLife / 1000 });
      return { id, code, validUntil: Date.now() + codeLife };
    },
    async check(id, purpose, typed) {
      const found = await artifacts.find(kind, id);
      if (!found || found.consumedAt !== undefined) return 'gone';
      if ((await counters.add(`code:${id}`, 1, codeLife / 1000)) > mostTries) return 'spent';
      if (found.payload['mark'] !== mark(id, purpose, digitsOf(typed))) return 'wrong';
      return (await artifacts.consume(kind, id)) ? 'right' : 'gone';
    },
  };
};
