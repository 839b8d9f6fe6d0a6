import type { EmailCodeView } from '../../email-code/EmailCode.tsx';
import type { NewPasswordView } from '../../new-password/fields.tsx';
import type { FlowView, PersonView } from '../views.ts';
import type { PersonFault, TypedPerson } from './person.ts';

/** POST {base}/registrieren · POST {base}/eid (registrieren = 1) · GET {base}/konto-vorhanden · POST {base}/abbrechen. */
export interface RegisterView extends FlowView {
  /** Ways that the operator has switched off. */
  readonly off: readonly ('eid' | 'password')[];
  /** What the service needs is more than an account without a card gives. */
  readonly needsCard: boolean;
}

export type EmailFault =
  | 'empty'
  | 'notAnAddress'
  /** Too many mails were asked for; neutral, since it is counted by what was typed. */
  | 'tooMany';

/** POST {base}/registrieren/e-mail (email) · POST {base}/registrieren/ende · POST {base}/registrieren/ohne · POST {base}/abbrechen. */
export interface RegisterEmailView extends FlowView {
  readonly email: string;
  /** The account is there already, made with this card: the address may be left out. */
  readonly person?: PersonView;
  readonly fault?: EmailFault;
}

/** At {base}/registrieren. */
export interface RegisterCodeView extends FlowView, EmailCodeView {
  readonly byCard: boolean;
}

/** POST {base}/registrieren/angaben. */
export interface RegisterPersonView extends FlowView {
  readonly typed: TypedPerson;
  readonly faults: readonly PersonFault[];
}

/** POST {base}/registrieren/passwort (password) · POST {base}/registrieren/ohne. */
export interface RegisterPasswordView extends FlowView, NewPasswordView {
  readonly byCard: boolean;
}

/** GET {base}/konto-vorhanden · POST {base}/registrieren/ende. */
export interface RegisterTakenView extends FlowView {
  readonly email: string;
}

/** POST {base}/registrieren/weiter. */
export interface RegisteredView extends FlowView {
  readonly email?: string;
}
