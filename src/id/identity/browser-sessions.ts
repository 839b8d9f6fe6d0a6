import type { Means } from '../../assurance/evidence.ts';

/** A browser in the words in which its owner knows it: never a version, an address or a place. */
export interface BrowserKind {
  readonly browser?: string;
  readonly system?: string;
}

export interface BrowserSession {
  readonly sessionUid: string;
  /** How a page calls it. */
  readonly id: string;
  readonly kind: BrowserKind;
  /** How the last login in it was made. */
  readonly means: Means;
  /** ms since the epoch. */
  readonly beganAt: number;
  readonly loginAt: number;
}

/** In which browsers somebody is logged in, for the citizen's own eyes. */
export interface BrowserSessionRepository {
  /** Writes down a login in a session: a new one, or one more in the same. `at` in ms since the epoch. */
  note(login: {
    readonly sessionUid: string;
    readonly accountId: string;
    readonly kind: BrowserKind;
    readonly means: Means;
    readonly at: number;
  }): Promise<void>;
  /** The one that was last logged in comes first. Whether it still is one says what is kept beside the session. */
  of(accountId: string): Promise<readonly BrowserSession[]>;
  forget(sessionUid: string): Promise<void>;
  /** Removes those whose last login was before that time (ms since the epoch). */
  purge(before: number): Promise<void>;
}
