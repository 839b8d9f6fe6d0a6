import { isDeepStrictEqual } from 'node:util';
import type { RelyingParty } from '../id/clients/client.ts';
import type { ClientSet } from '../id/clients/load.ts';

const longest = 120;

/** Settings whose values are nobody's business in a terminal or in the log of a pipeline; addresses of stores have passwords in them. */
const secret = /secret|passw|token|credential|headers|url|(?:^|_)key$/i;

const show = (key: string, value: unknown): string => {
  if (value === undefined) return 'not set';
  if (secret.test(key)) return '…';
  const text = JSON.stringify(value);
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
};

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** One line for each key that differs; the values of secrets are not shown. */
export const changedKeys = (before: unknown, after: unknown, path: readonly string[] = []): string[] => {
  if (isDeepStrictEqual(before, after)) return [];
  const keys = [before, after].flatMap((value) => (isRecord(value) ? Object.keys(value) : []));
  const below = (value: unknown): boolean => isRecord(value) || value === undefined;
  if (keys.length > 0 && below(before) && below(after) && !path.some((key) => secret.test(key)))
    return [...new Set(keys)].flatMap((key) =>
      changedKeys(isRecord(before) ? before[key] : undefined, isRecord(after) ? after[key] : undefined, [...path, key]),
    );
  const hidden = path.find((key) => secret.test(key)) ?? '';
  return [`${path.join('.')}: ${show(hidden, before)} → ${show(hidden, after)}`];
};

const changesOf = (before: RelyingParty, after: RelyingParty): string[] => [
  ...changedKeys(before.file, after.file),
  ...changedKeys(
    { authority: before.authority, sector: before.sector },
    { authority: after.authority, sector: after.sector },
  ),
  ...(before.secret === after.secret ? [] : ['its secret is another one']),
  ...(isDeepStrictEqual(before.jwks, after.jwks) || !isDeepStrictEqual(before.file.jwks, after.file.jwks)
    ? []
    : ['its keys are others']),
];

/** What would be otherwise with the second set in force in place of the first one. */
export const clientChanges = (before: ClientSet, after: ClientSet): string[] => [
  ...[...before.clients.keys()]
    .filter((id) => !after.clients.has(id))
    .map((id) => `client ${id}: would be gone, with its tokens`),
  ...[...after.clients].flatMap(([id, party]) => {
    const known = before.clients.get(id);
    return known ? changesOf(known, party).map((line) => `client ${id}: ${line}`) : [`client ${id}: would be new`];
  }),
  ...[...before.authorities.keys()]
    .filter((id) => !after.authorities.has(id))
    .map((id) => `authority ${id}: would be gone`),
  ...[...after.authorities].flatMap(([id, authority]) => {
    const known = before.authorities.get(id);
    if (!known) return [`authority ${id}: would be new`];
    return changedKeys(known, authority).map((line) => `authority ${id}: ${line}`);
  }),
];
