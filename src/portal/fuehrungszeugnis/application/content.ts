import type { VerifiedPerson } from '../verified-person.ts';

/** § 30(1) and (5) BZRG: for the applicant herself (N), or for an authority, to which it goes directly (O). */
export const forms = ['N', 'O'] as const;
export type Form = (typeof forms)[number];

export interface Kind {
  readonly form: Form;
  /** § 30a BZRG: for work with children and young people; the body that asks for it demands it in writing. */
  readonly extended: boolean;
}

/** Data of the application that cards may lack; only what is missing on the card is typed. */
export const typedFields = [
  'birth_family_name',
  'place_of_birth',
  'nationality',
  'street_address',
  'postal_code',
  'locality',
  'mother_birth_name',
] as const;
export type TypedField = (typeof typedFields)[number];
export type Typed = Readonly<Partial<Record<TypedField, string>>>;

/** § 30(5) BZRG: an authority, and what it needs the certificate for. */
export interface Recipient {
  readonly name: string;
  readonly street_address: string;
  readonly postal_code: string;
  readonly locality: string;
  /** Purpose or file number, as the authority has told it. */
  readonly reference: string;
  /** § 30(5) sentence 3 BZRG: with entries, the applicant wants to see it at this Amtsgericht before the authority does. */
  readonly inspectAt?: string;
}

export const exemptionReasons = ['volunteer', 'means'] as const;
export type ExemptionReason = (typeof exemptionReasons)[number];

/** The fee is paid, or an exemption is claimed (Vorbemerkung 1.1.3 and 1.1.7 JVKostG), on which the authority decides. */
export type Fee = { readonly way: 'pay' } | { readonly way: 'exempt'; readonly reason: ExemptionReason };

/** What documents prove. */
export const documentPurposes = ['demand', 'exemption'] as const;
export type DocumentPurpose = (typeof documentPurposes)[number];

/** An application as far as it was filled in. */
export interface Content {
  readonly locale: 'de' | 'en';
  readonly kind?: Kind;
  /** From the card, at a login made for this application. */
  readonly person?: VerifiedPerson;
  /** When that login was, in ms since the epoch. */
  readonly provedAt?: number;
  readonly typed?: Typed;
  readonly recipient?: Recipient;
  readonly fee?: Fee;
  /** Handle of the applicant's mailbox, where she has released it. */
  readonly postfach?: string;
}

export interface Document {
  readonly id: string;
  readonly purpose: DocumentPurpose;
  readonly name: string;
  readonly type: string;
  readonly size: number;
}
