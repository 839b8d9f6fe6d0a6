import type { Evidence, Means } from '../../assurance/evidence.ts';
import type { ReadCard } from '../identity/repository.ts';

/** The ways that a login begins with; what is asked for beside a password goes with it. */
export type MethodName = 'password' | 'passkey' | 'eid';

/** Which way a login of that kind began with. */
export const methodOf: Readonly<Record<Means, MethodName>> = {
  password: 'password',
  password_totp: 'password',
  passkey_synced: 'passkey',
  passkey_bound: 'passkey',
  eid: 'eid',
};

/** Who tries, for the guard; what it is for, for the card's owner. */
export interface AttemptContext {
  /** The client's address as the guard counts it. */
  readonly address: string;
  /** Which accounts this browser has been logged in to before. */
  readonly device: { readonly id: string; readonly isKnown: boolean; knows(accountId: string): boolean };
  readonly clientId: string;
  readonly referenceId: string;
  /** When the login began, in ms since the epoch; absent where somebody is logged in already. */
  readonly startedAt?: number;
}

/** `used`: right, but good for one use only. `cloned`: a passkey whose counter fell behind (WebAuthn 6.1.1). */
export type Refusal = 'wrong' | 'used' | 'cloned' | 'throttled' | 'locked';

/** A right password of an account that asks for a code beside it: nobody is logged in by it. */
export interface Half {
  readonly accountId: string;
  readonly epoch: number;
  readonly evidence: Evidence;
}

/** What a method has to say once it is through: who it was, half of that, or whose card, or no. */
export type Completion =
  | { readonly kind: 'proved'; readonly accountId: string; readonly epoch: number; readonly evidence: Evidence }
  | { readonly kind: 'half'; readonly half: Half }
  | { readonly kind: 'card'; readonly card: ReadCard; readonly at: number }
  /** Without an account id there is no account of that name. `again`: refused for the same reason a moment ago. */
  | { readonly kind: 'refused'; readonly reason: Refusal; readonly accountId?: string; readonly again?: boolean };

/**
 * One way to log in. A method proves; it never redirects, logs, throttles others or writes sessions: flow, guard and
 * audit do. To add one, make a folder and put it into the list in methods.ts.
 */
export interface AuthenticationMethod<Begin, Begun, Answer> {
  readonly name: MethodName | 'totp' | 'recovery_codes';
  readonly means: readonly Means[];
  /** What the browser needs to go on: a page's fields, a link, a request to its API. */
  begin(context: AttemptContext, input: Begin): Promise<Begun>;
  complete(context: AttemptContext, answer: Answer): Promise<Completion>;
}

/** More at once than can be served soon: 503 with Retry-After, never a wrong answer. */
export class Busy extends Error {
  override readonly name = 'Busy';
  /** Seconds. */
  readonly retryAfter: number;
  constructor(retryAfter = 2) {
    super('too many logins at once');
    this.retryAfter = retryAfter;
  }
}
