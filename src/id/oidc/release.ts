import type { KoaContextWithOIDC } from 'oidc-provider';
import { satisfies, type Level } from '../../assurance/levels.ts';
import { levelOf } from '../../assurance/names.ts';
import type { RelyingParty } from '../clients/client.ts';
import { effective, type Attributes } from '../identity/attribute.ts';
import type { Citizen } from '../identity/citizen.ts';
import { postfachClaim } from '../identity/postfach.ts';
import type { Consent } from '../identity/repository.ts';
import { claimsFrom, personalClaims } from './claims.ts';
import { documentExpiry, verifiable } from './verified-claims.ts';

/** How a verified claim stands in a consent, apart from the plain claim of the same name. */
export const verifiedName = (claim: string): string => `verified:${claim}`;

/** Claims that a client's file allows; the claims parameter cannot widen them (CO-08). */
export const allowedClaims = (party: RelyingParty): ReadonlySet<string> => new Set(personalClaims(party.file.scope));

export const allowedVerified = (party: RelyingParty, claim: string): boolean =>
  party.file.verified_claims.includes(claim) &&
  ((verifiable as readonly string[]).includes(claim) || claim === documentExpiry);

/** What is known of a person, as far as one login may hand it to one service. */
export interface Disclosure {
  /** For plain claims: what was typed, and over it what the card says. */
  readonly plain: Attributes;
  /** For verified claims. */
  readonly card: Attributes;
  /** Last day of the document, YYYY-MM-DD. */
  readonly documentExpires?: string;
  /** There is a mailbox whose address can be passed on: guests have none. */
  readonly mailbox: boolean;
  /** There are data of a card, but this login is too weak to pass them on. */
  readonly withheld: boolean;
}

const day = (at: number): string => new Date(at).toISOString().slice(0, 10);

/**
 * What was read from a card is passed on, plain or verified, only at a login that reaches the client's
 * `verified_claims_minimum`: a stolen password must not yield an identity.
 */
export const disclosureTo = (party: RelyingParty, citizen: Citizen, level: Level): Disclosure => {
  const withheld = citizen.card !== undefined && !satisfies(level, party.file.verified_claims_minimum);
  const card = withheld ? {} : (citizen.card?.attributes ?? {});
  const { validUntil } = citizen.card?.link ?? {};
  return {
    plain: effective(citizen.self, card),
    card,
    withheld,
    mailbox: citizen.guestOf === undefined,
    ...(withheld || validUntil === undefined ? {} : { documentExpires: day(validUntil) }),
  };
};

/** Names of the claims that a disclosure has a value for, plain and verified ones apart. */
export const namesIn = ({ plain, card, documentExpires, mailbox }: Disclosure): ReadonlySet<string> =>
  new Set([
    ...Object.keys(claimsFrom(plain)),
    ...Object.keys(claimsFrom(card)).map(verifiedName),
    ...(documentExpires === undefined ? [] : [verifiedName(documentExpiry)]),
    ...(mailbox ? [postfachClaim] : []),
  ]);

/** Whether file and citizen let a claim (plain, or `verified:…`) go to this service; the consent is asked for by the file. */
export const releases = (party: RelyingParty, consent: Consent | undefined): ((name: string) => boolean) => {
  const plain = allowedClaims(party);
  return (name) => {
    const verified = name.startsWith('verified:');
    const allowed = verified ? allowedVerified(party, name.slice('verified:'.length)) : plain.has(name);
    return allowed && (party.file.consent === 'none' || consent?.claims.includes(name) === true);
  };
};

/** The level that the answer under way states, as code, refresh token and access token carry it. */
export const levelOfAnswer = ({ oidc }: KoaContextWithOIDC): Level => {
  const { AuthorizationCode: code, RefreshToken: refresh, AccessToken: access } = oidc.entities;
  const acr = code?.acr ?? refresh?.acr ?? access?.extra?.['acr'];
  return (typeof acr === 'string' ? levelOf(acr) : undefined) ?? 'basic';
};
