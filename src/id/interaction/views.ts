import type { Means } from '../../assurance/evidence.ts';
import type { Level } from '../../assurance/levels.ts';
import type { CredentialKind } from '../identity/credentials.ts';
import type { BrandView } from '../../web/branding.ts';
import type { PasskeyRequest } from '../authentication/passkey/passkey.ts';

/** What the pages of a flow show. Routes fill these; `pages/` renders them; neither knows the other's business. */

/** The service that sent the citizen, as its client's file names it. */
export interface ServiceView {
  readonly name: string;
  /** The one thing a service cannot forge: the host of its redirect URI. */
  readonly host: string;
  readonly wanted: Level;
  /** The authority whose service it is, where its file says how it looks. */
  readonly authority?: BrandView & { readonly name: string };
}

/** Common to every page of a flow. */
export interface FlowView {
  readonly service: ServiceView;
  /** `/anmelden/<uid>`: forms post below it. */
  readonly base: string;
  readonly csrf: string;
}

export type LoginError =
  /** Wrong name or wrong password or throttled: one neutral text for all (PW-01). */
  | 'credentials'
  /** Not accepted, for whatever reason. */
  | 'passkey'
  /** The chosen account cannot reach what is needed; the Online-Ausweis can. */
  | 'empty'
  /** No transfer code of a card, or too many tries. */
  | 'transferCode';

/**
 * POST {base}/passwort (fields login, password) · POST {base}/passkey (answer) · POST {base}/transfercode (beside a new
 * card) · POST {base}/eid · POST {base}/abbrechen.
 */
export interface LoginView extends FlowView {
  readonly methods: readonly {
    readonly method: 'eid' | 'password' | 'passkey';
    readonly reach: 'enough' | 'maybe' | 'tooWeak';
    readonly lastUsed: boolean;
  }[];
  /** Ways that the operator has switched off, or whose server does not answer (`eidDown`): said, not offered. */
  readonly off: readonly ('eid' | 'eidDown' | 'password' | 'passkey')[];
  /** What the browser is asked for by a passkey. */
  readonly passkey?: PasskeyRequest;
  readonly error?: LoginError;
  readonly login?: string;
  /** Test mode: what a newcomer can type. */
  readonly testPersons?: readonly { readonly login: string; readonly password: string; readonly about: string }[];
  /** Why one is asked although a session exists. */
  readonly reason?: 'fresh' | 'linkExisting' | 'join';
  /** Shown only when given. */
  readonly registerHref?: string;
  readonly forgotHref?: string;
}

/** POST {base}/konto (answer = continue | other) · POST {base}/abbrechen. */
export interface LeavingView extends FlowView {
  readonly account: string;
  /** ms since the epoch. */
  readonly deletedOn: number;
}

export interface SelectAccountView extends FlowView {
  readonly account: string;
}

/** The provider's answer on its way to the service: POST {action}. */
export interface FormPostView {
  readonly action: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly service: string;
}

/** A right password was given, and a code is asked for. POST {base}/code (code, with) · POST {base}/code/zurueck · POST {base}/abbrechen. */
export interface CodeView extends FlowView {
  /** The authenticator app, or a recovery code in its place. */
  readonly with: 'app' | 'recovery';
  readonly error?: 'wrong' | 'used' | 'throttled' | 'empty';
}

/** POST {base}/eid · POST {base}/passkey (answer) · POST {base}/passwort (password) · POST {base}/abbrechen. */
export interface StepUpView extends FlowView {
  readonly have: Level;
  /** Display name of the account that is logged in. */
  readonly account: string;
  /** The level was reached before and has run out. */
  readonly expired: boolean;
  /** It is no service that asks: the account is proved to be joined with another one. Whether its card does that. */
  readonly joining?: { readonly card: boolean };
  /** The operator has switched the Online-Ausweis off, or its server does not answer. */
  readonly off?: 'eid' | 'eidDown';
  /** The level is there; the service needs these data, which were not read from the card yet. */
  readonly reads?: readonly CardDatum[];
  /** Credentials used in this session that the card confirms, and the level that each reaches from then on. */
  readonly confirms: LinkView['confirms'];
  /** Other means of this account that reach what is needed. */
  readonly ways: readonly ('password' | 'passkey')[];
  readonly passkey?: PasskeyRequest;
  readonly error?: 'password' | 'passkey' | 'empty';
}

/** A datum that can be read from the card, by its claim-like name. */
export type CardDatum =
  | 'documentType'
  | 'issuingState'
  | 'dateOfExpiry'
  | 'givenNames'
  | 'familyNames'
  | 'artisticName'
  | 'academicTitle'
  | 'dateOfBirth'
  | 'placeOfBirth'
  | 'nationality'
  | 'birthName'
  | 'address'
  | 'communityId'
  | 'residencePermit'
  | 'pseudonym'
  | 'age';

/** Links to the eID client; GET, plain. POST {base}/abbrechen · POST {base}/eid/andere (choose another method). */
export interface EidView extends FlowView {
  /** Somebody is known already and proves more: there is no other way. */
  readonly stepUp: boolean;
  readonly registering: boolean;
  /** The client has fetched its token: the links are used up. */
  readonly opened: boolean;
  readonly reads: readonly { readonly datum: CardDatum; readonly required: boolean }[];
  readonly desktopLink: string;
  readonly mobileLink: string;
  readonly mobileFirst: boolean;
  /** The links lead to the simulator, not to the AusweisApp. */
  readonly simulated: boolean;
  /** The AusweisApp reads cards of a test PKI, which prove nobody. */
  readonly testPki: boolean;
  /** ms since the epoch. */
  readonly expiresAt: number;
}

export type EidFailureCause =
  'ended' | 'connection' | 'invalidDocument' | 'deniedDocument' | 'expired' | 'server' | 'busy';

/** POST {base}/eid (again) · GET {base} (other way in) · POST {base}/abbrechen. */
export interface EidFailureView extends FlowView {
  readonly cause: EidFailureCause;
  readonly referenceId: string;
  readonly stepUp: boolean;
  readonly registering: boolean;
}

/** Unknown card, nobody logged in. POST {base}/zuordnen (answer = existing | new) · POST {base}/abbrechen. */
export interface AssignView extends FlowView {
  /** The service lets people in without an account. */
  readonly guests: boolean;
  readonly cardName: string;
  readonly error?: 'empty';
}

export interface PersonView {
  readonly givenNames?: string;
  readonly familyNames?: string;
  readonly birthName?: string;
  /** Formatted as known: 1964-08-12, 1964 or undefined. */
  readonly dateOfBirth?: string;
  readonly placeOfBirth?: string;
  readonly address?: string;
}

/**
 * Adds the card to the account. POST {base}/ausweis-hinzufuegen (answer = add; password when asked; keep-<id> = 1 for
 * each that stays) · POST {base}/passkey (answer), which only proves · POST {base}/abbrechen.
 */
export interface LinkView extends FlowView {
  readonly account: string;
  readonly card: PersonView;
  readonly self: PersonView;
  readonly namesDiffer: boolean;
  /** The account has a card already, whose place this one takes. */
  readonly replaces: boolean;
  /** Credentials used in this session that the card confirms, and the level that each reaches from then on. */
  readonly confirms: readonly { readonly means: Exclude<Means, 'eid'>; readonly reaches: Level }[];
  /** Means that may be a stranger's: they go unless the citizen says that they are hers. */
  readonly unproved: readonly {
    readonly id: string;
    readonly kind: CredentialKind;
    readonly name?: string;
    /** ms since the epoch. */
    readonly createdAt: number;
  }[];
  /** The account's proof is older than 10 minutes or not by its strongest means: one of these is asked here. */
  readonly ask: readonly ('password' | 'passkey')[];
  readonly passkey?: PasskeyRequest;
  /** The operator has switched off whatever could be asked. */
  readonly blocked: boolean;
  readonly error?: 'credentials' | 'passkey' | 'empty';
}

/**
 * This card does not fit this account. POST {base}/eid (another card) · POST {base}/anderes-konto · POST {base}/abbrechen,
 * which returns to the service with an error.
 */
export interface RefusedView extends FlowView {
  readonly cause:
    /** The card belongs to another account than the one logged in. */
    | 'foreignCard'
    /** The birth date on the card is not the account's. */
    | 'birthDate'
    /** The account already has another card. */
    | 'otherCardLinked'
    /** The card's account is locked. The page does not say so: who holds the card need not be its owner. */
    | 'cardUnusable'
    /** Nothing that this account has reaches what the service asks for. */
    | 'unreachable'
    /** To be joined with itself. */
    | 'sameAccount'
    /** To be joined with an account that is to be deleted. */
    | 'leavingAccount'
    /** For joining, a card that belongs to no account. */
    | 'unknownCard';
  readonly referenceId: string;
  /** The account was chosen in this very login, so another one can be. */
  readonly otherAccount: boolean;
}

export interface ConsentDatum {
  readonly claim: string;
  readonly value: string;
  readonly source: 'self' | 'card' | 'issued';
  readonly required: boolean;
  /** Masked until opened. */
  readonly sensitive: boolean;
}

/** POST {base}/freigabe (decision = release | refuse; optional = claim…). */
export interface ConsentView extends FlowView {
  readonly account: string;
  readonly data: readonly ConsentDatum[];
  /** Asked for but not known of this person. */
  readonly missing: readonly string[];
  /** Asked for and on the card, but this login is below the level from which the service gets it. */
  readonly withheld: readonly string[];
  readonly withheldBelow: Level;
  /** Services at which this one wants to act in the citizen's name. */
  readonly access: readonly string[];
  /** The service may also fetch the data when nobody is logged in (`offline_access`). */
  readonly lasting: boolean;
  readonly legalBasis?: string;
  readonly purpose?: string;
  readonly privacyPolicy?: string;
}

/** POST {action} with the library's own hidden xsrf field. */
export interface LogoutView {
  readonly action: string;
  readonly xsrf: string;
  /** The service that asks; it has ended its own session before. */
  readonly service?: string;
}

export interface LoggedOutView {
  readonly services: readonly { readonly name: string; readonly state: 'told' | 'pending' }[];
  readonly backTo?: { readonly name: string; readonly href: string };
}

/** The citizen answered the question whether to log out with no. */
export interface StillLoggedInView {
  /** The service that asked. */
  readonly backTo?: { readonly name: string; readonly href: string };
}

export type FlowErrorCode =
  | 'flow_expired'
  | 'flow_foreign'
  | 'flow_finished'
  | 'relay_warning'
  | 'csrf'
  | 'too_many_requests'
  | 'not_found'
  | 'method_not_allowed'
  | 'bad_request'
  | 'too_large'
  | 'unavailable'
  | 'internal'
  | 'unknown_client'
  | 'redirect_uri'
  | 'logout'
  | 'oauth';

export interface ErrorView {
  readonly code: FlowErrorCode;
  readonly referenceId: string;
  /** The service the citizen came from, where that is known for sure. */
  readonly backTo?: { readonly name: string; readonly href: string };
  /** Development only: what a developer of a service needs, the OAuth error first. Shown as text. */
  readonly developer?: readonly { readonly label: string; readonly value: string; readonly note?: string }[];
}
