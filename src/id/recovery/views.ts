import type { Dropped } from '../identity/credentials.ts';
import type { NewPasswordView } from '../new-password/fields.tsx';

/** POST /passwort-vergessen (login). */
export interface ForgottenView {
  readonly csrf: string;
  readonly login: string;
  /** The login from which somebody came, checked. */
  readonly from?: string;
  readonly fault?: 'empty';
}

/** POST /passwort-vergessen/code (code) · POST /passwort-vergessen/ausweis. */
export interface ProofView {
  readonly csrf: string;
  readonly needs: readonly ('secondFactor' | 'card')[];
  readonly fault?: 'empty' | 'wrong' | 'throttled';
  /** Somebody's card was used, but not that of this account. */
  readonly foreign: boolean;
}

/** POST /passwort-vergessen/neu (password). */
export interface ResetPasswordView extends NewPasswordView {
  readonly csrf: string;
}

export interface ResetDoneView {
  /** Ways in that went, since nobody had shown whose they are. */
  readonly dropped: readonly Dropped[];
  /** A login that waits in this browser. */
  readonly from?: string;
}
