import type { Attribute, Attributes } from '../identity/attribute.ts';
import { verifiedClaimNames } from '../clients/schema.ts';
import { claimsFrom } from './claims.ts';

/** Nothing self-asserted ever stands in `verified_claims`. */
export const verifiable = verifiedClaimNames;

/** Discovery's part (OpenID Identity Assurance Schema Definition 1.0, metadata). */
export const verifiedClaimsMetadata = {
  verified_claims_supported: true,
  trust_frameworks_supported: ['eidas'],
  claims_in_verified_claims_supported: [...verifiable],
  evidence_supported: ['document'],
  documents_supported: ['idcard', 'de_erp', 'de_idcard_foreigners'],
  documents_check_methods_supported: ['vcrypt'],
} as const;

type Tree = { readonly [key: string]: unknown };

const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null && !Array.isArray(value);

/** `null` and `{}` ask for anything; `value` and `values` for exactly that; `max_age` (seconds) for something young enough. */
const allows = (request: unknown, value: unknown, now: number): boolean => {
  if (!isTree(request)) return request === null || request === undefined;
  if ('value' in request && request['value'] !== value) return false;
  if (Array.isArray(request['values']) && !request['values'].includes(value)) return false;
  const maxAge = request['max_age'];
  return typeof maxAge !== 'number' || (typeof value === 'string' && now - Date.parse(value) <= maxAge * 1000);
};

/** The chip's document types (TR-03127) as the eKYC working group's list of identifiers names them. */
const documentNames: Readonly<Record<string, string>> = {
  ID: 'idcard',
  AR: 'de_erp',
  AS: 'de_erp',
  AF: 'de_erp',
  UB: 'de_idcard_foreigners',
};

/** Everything that could be said of how the card was checked; one place, so that the form can change with the specification. */
const evidenceOf = (time: string, { documentType, documentExpires }: VerifiedContext): Tree => ({
  type: 'document',
  check_details: [{ check_method: 'vcrypt', organization: 'Bayern-ID', time }],
  document_details: {
    type: documentNames[documentType ?? 'ID'] ?? 'idcard',
    issuer: { country_code: 'DE' },
    ...(documentExpires === undefined ? {} : { date_of_expiry: documentExpires }),
  },
});

/** Stands for a constraint that what we have does not meet: then the whole answer is left out. */
const unmet = Symbol('a constraint is not met');

/**
 * Of `offered` what `wish` names, and only that: `null` and constraints name a value, objects and lists what is inside.
 * What is not offered is left out, what does not meet its constraint makes the whole unmet.
 */
const select = (wish: unknown, offered: unknown, now: number): unknown => {
  if (Array.isArray(offered)) {
    if (!Array.isArray(wish)) return wish === null ? offered : unmet;
    const chosen = wish.flatMap((one) =>
      offered.map((item) => select(one, item, now)).filter((item) => item !== unmet),
    );
    return chosen.length > 0 ? chosen : unmet;
  }
  if (!isTree(offered)) return allows(wish, offered, now) ? offered : unmet;
  if (!isTree(wish)) return wish === null ? offered : unmet;
  const chosen: Record<string, unknown> = {};
  for (const [name, inner] of Object.entries(wish)) {
    if (!Object.hasOwn(offered, name)) continue;
    const value = select(inner, offered[name], now);
    if (value === unmet) return unmet;
    chosen[name] = value;
  }
  return chosen;
};

const answer = (request: Tree, context: VerifiedContext): Tree | undefined => {
  const { verification, claims } = request;
  if (
    !isTree(verification) ||
    !('trust_framework' in verification) ||
    !isTree(claims) ||
    Object.keys(claims).length === 0
  )
    return undefined;
  const read = Object.values(context.card) as Attribute<unknown>[];
  const newest = Math.max(...read.map(({ at }) => at));
  if (!Number.isFinite(newest)) return undefined;
  // The day alone: an exact time would be the same at every service, and so join what they know of a person.
  const time = `${new Date(newest).toISOString().slice(0, 10)}T00:00:00Z`;
  const offered: Record<string, unknown> = { trust_framework: 'eidas', assurance_level: read[0]?.level, time };
  const verified: Record<string, unknown> = {};
  for (const [key, wish] of Object.entries(verification)) {
    if (key === 'evidence') continue;
    if (!Object.hasOwn(offered, key)) continue;
    if (!allows(wish, offered[key], context.now)) return undefined;
    verified[key] = offered[key];
  }
  verified['trust_framework'] = 'eidas';
  if ('evidence' in verification) {
    const evidence = select(verification['evidence'], [evidenceOf(time, context)], context.now);
    if (evidence === unmet) return undefined;
    // Its kind is what an evidence is (IDA Schema 1.0, 5.4.4): it stands in every one.
    verified['evidence'] = (evidence as Tree[]).map((one) => ({ type: 'document', ...one }));
  }
  const known = claimsFrom(context.card);
  const delivered = Object.fromEntries(
    Object.entries(claims).flatMap(([name, wish]) =>
      context.released(name) &&
      (verifiable as readonly string[]).includes(name) &&
      known[name] !== undefined &&
      allows(wish, known[name], context.now)
        ? [[name, known[name]]]
        : [],
    ),
  );
  return Object.keys(delivered).length > 0 ? { verification: verified, claims: delivered } : undefined;
};

export interface VerifiedContext {
  /** What was read from the card. */
  readonly card: Attributes;
  /** As the chip names it: ID, AR … */
  readonly documentType?: string;
  /** YYYY-MM-DD; absent where it may not be passed on. */
  readonly documentExpires?: string;
  /** Whether client file and citizen allow a claim to be passed on as verified. */
  readonly released: (claim: string) => boolean;
  readonly now: number;
}

/**
 * Answers a request for `verified_claims` (OpenID Connect for Identity Assurance 1.0, section 5). Claims that are unknown,
 * not released or do not have the one requested value are left out; what asks for another verification than ours gets
 * nothing at all.
 *
 * @param request the member of the claims parameter: one request or a list of them.
 */
export const verifiedClaims = (request: unknown, context: VerifiedContext): unknown => {
  if (Array.isArray(request)) {
    const answers = request
      .filter(isTree)
      .map((one) => answer(one, context))
      .filter((one) => one !== undefined);
    return answers.length > 1 ? answers : answers[0];
  }
  return isTree(request) ? answer(request, context) : undefined;
};

/** The end of a document is personal too: file and citizen allow it under this name, as if it were a claim. */
export const documentExpiry = 'date_of_expiry';

const asksForExpiry = (request: Tree): boolean => {
  const evidence = isTree(request['verification']) ? request['verification']['evidence'] : undefined;
  return (Array.isArray(evidence) ? evidence : []).some(
    (one: unknown) => isTree(one) && isTree(one['document_details']) && documentExpiry in one['document_details'],
  );
};

/** The names that requests for verified claims ask for. */
export const verifiedNames = (request: unknown): readonly string[] =>
  (Array.isArray(request) ? request : [request]).flatMap((one: unknown) =>
    isTree(one) && isTree(one['claims'])
      ? [...Object.keys(one['claims']), ...(asksForExpiry(one) ? [documentExpiry] : [])]
      : [],
  );
