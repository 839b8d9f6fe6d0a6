import type { Level } from '../../../assurance/levels.ts';

/** The 17 operations of TR-03130-1, in the order that the schema demands. */
export const eidOperations = [
  'DocumentType',
  'IssuingState',
  'DateOfExpiry',
  'GivenNames',
  'FamilyNames',
  'ArtisticName',
  'AcademicTitle',
  'DateOfBirth',
  'PlaceOfBirth',
  'Nationality',
  'BirthName',
  'PlaceOfResidence',
  'CommunityID',
  'ResidencePermitI',
  'RestrictedID',
  'AgeVerification',
  'PlaceVerification',
] as const;

export type EidOperation = (typeof eidOperations)[number];

/** What is asked of the card; an operation that is not named is PROHIBITED. */
export interface EidRequest {
  readonly operations: Partial<Record<EidOperation, 'required' | 'allowed'>>;
  /** Must be given when AgeVerification is asked for, in years. */
  readonly age?: number;
  /** Shown to the citizen by the client before the PIN (2.4 only). */
  readonly transactionInfo?: string;
  /** The least that the eID must be worth; the operator's own minimum may be higher. */
  readonly level?: Exclude<Level, 'basic'>;
}

/** What is needed to make the TC Token and to ask for the result. The PSK is a secret and is not kept after the TC Token was answered. */
export interface EidSession {
  /** The eID-Server's session id. */
  readonly sessionId: string;
  /** TC Token: SessionIdentifier. */
  readonly pskId: string;
  /** TC Token: PSK, hex. */
  readonly psk: string;
  /** TC Token: ServerAddress, already checked against the allow-list. */
  readonly paosAddress: string;
}

export interface EidPlace {
  readonly street?: string;
  readonly city?: string;
  readonly state?: string;
  /** As on the card: "D" for Germany. */
  readonly country?: string;
  readonly zipCode?: string;
  readonly freetext?: string;
}

/** The data of one card, exactly as read: nothing is repaired, an incomplete birth date stays text. */
export interface EidData {
  readonly documentType?: string;
  readonly issuingState?: string;
  /** YYYY-MM-DD. */
  readonly dateOfExpiry?: string;
  readonly givenNames?: string;
  readonly familyNames?: string;
  readonly artisticName?: string;
  readonly academicTitle?: string;
  /** The eight characters of the card, YYYYMMDD, unknown places blank. */
  readonly dateOfBirth?: string;
  readonly placeOfBirth?: EidPlace;
  readonly nationality?: string;
  readonly birthName?: string;
  readonly placeOfResidence?: EidPlace | 'none';
  readonly communityId?: string;
  readonly residencePermit?: string;
  /** Hex. Specific to card and service provider; a new card has a new one. */
  readonly restrictedId?: string;
  /** Hex. Only while the provider changes its sector key. */
  readonly restrictedId2?: string;
  readonly fulfilsAge?: boolean;
}

export const eidTypes = ['CardCertified', 'SECertified', 'SEEndorsed', 'HWKeyStore'] as const;
export type EidType = (typeof eidTypes)[number];

export type EidFailure =
  /** The client or the citizen ended it; the server does not say which. */
  | 'ended'
  /** Not authentic, revoked or expired: TR-03130 over SOAP cannot tell which. */
  | 'invalidDocument'
  /** Level of assurance too low, or a type of eID that is not allowed. */
  | 'deniedDocument'
  /** The session is over at the eID-Server. */
  | 'sessionExpired'
  /** The eID-Server said something else, or something that does not fit the question. */
  | 'serverError'
  /** The eID-Server did not answer, or not in time. */
  | 'unreachable';

export type EidResult =
  | { readonly kind: 'pending' }
  | {
      readonly kind: 'ok';
      readonly data: EidData;
      /** The most that this eID counts for: it may lower what the operator's table of means gives, never raise it. */
      readonly assured: Level;
    }
  | { readonly kind: 'failed'; readonly reason: EidFailure };

/** Thrown by `start` and `info`; `fetchResult` answers with a failure instead. */
export class EidUnavailable extends Error {
  override readonly name = 'EidUnavailable';
  readonly reason: 'unreachable' | 'tooManyOpenSessions' | 'serverError';
  constructor(reason: EidUnavailable['reason'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}

export interface EidServerInfo {
  readonly version: string;
  /** The operations that the Berechtigungszertifikat allows. */
  readonly allowed: ReadonlySet<EidOperation>;
}

/** The door to an eID-Server. The adapter `tr03130` speaks SOAP through it; a stub in the bench stands behind it as well. */
export interface EidPort {
  start(request: EidRequest): Promise<EidSession>;
  /**
   * Asks for the result once. `counter` is 1, 2, 3 … per session. Any answer but `pending` ends the session at the
   * server, so it is one-shot: the caller writes it down in the transaction that records its retrieval.
   */
  fetchResult(question: { sessionId: string; counter: number; request: EidRequest }): Promise<EidResult>;
  /** At start: every operation that will be asked for must be allowed, else the start fails loudly. */
  info(): Promise<EidServerInfo>;
  close(): void;
}
