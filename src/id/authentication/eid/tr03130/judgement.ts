import {
  eidOperations,
  type EidData,
  type EidFailure,
  type EidOperation,
  type EidRequest,
  type EidResult,
} from '../port.ts';
import { assuredBy, type AssuranceSettings } from './assurance.ts';
import { readAllowedByUser, readResult, type OperationAnswer, type ResultCode } from './answers.ts';
import { resultMinor } from './names.ts';
import { datumOf, readPersonalData } from './personal-data.ts';
import type { Element } from './xml.ts';

const failures: ReadonlyMap<string | undefined, EidFailure> = new Map([
  [resultMinor.invalidSession, 'sessionExpired'],
  [resultMinor.invalidCounter, 'sessionExpired'],
  [resultMinor.deniedDocument, 'deniedDocument'],
  [resultMinor.invalidDocument, 'invalidDocument'],
  [resultMinor.cancellationByUser, 'ended'],
]);

/** What an error answer to getResult means; a code that nobody knows is the server's error. */
export const failureOf = ({ minor }: ResultCode): EidResult =>
  minor === resultMinor.noResultYet
    ? { kind: 'pending' }
    : { kind: 'failed', reason: failures.get(minor) ?? 'serverError' };

const berlinDate = new Intl.DateTimeFormat('en-CA', {
  timeZone: 'Europe/Berlin',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
});

/** A document is valid until the end of its last day, here. */
const isExpired = (dateOfExpiry: string | undefined, now: number): boolean =>
  dateOfExpiry !== undefined && dateOfExpiry < berlinDate.format(now);

/** Only what was asked for and allowed: a server that says more does not widen the citizen's consent. */
const reduce = (data: EidData, request: EidRequest, allowed: ReadonlyMap<EidOperation, OperationAnswer>): EidData => {
  const kept: Record<string, unknown> = { ...data };
  for (const operation of eidOperations) {
    const datum = datumOf[operation];
    const wanted = request.operations[operation] !== undefined && allowed.get(operation) === 'ALLOWED';
    if (datum !== undefined && !wanted) delete kept[datum];
    if (operation === 'RestrictedID' && !wanted) delete kept['restrictedId2'];
  }
  return kept;
};

/**
 * What a verified getResultResponse means for the question that was asked. An ok answer counts only when every required
 * operation was allowed and its datum is there, the document has not expired, and the eID is none that was to be refused.
 * `now` in ms.
 * @throws MessageRefused on malformed data
 */
export const judge = (answer: Element, request: EidRequest, settings: AssuranceSettings, now: number): EidResult => {
  const result = readResult(answer);
  if (!result.ok) return failureOf(result);
  const allowed = readAllowedByUser(answer);
  const data = readPersonalData(answer);
  if (isExpired(data.dateOfExpiry, now)) return { kind: 'failed', reason: 'invalidDocument' };
  for (const operation of eidOperations) {
    if (request.operations[operation] !== 'required') continue;
    if (allowed.get(operation) === 'NOTONCHIP') return { kind: 'failed', reason: 'deniedDocument' };
    const datum = datumOf[operation];
    const present = datum !== undefined && data[datum] !== undefined;
    if (allowed.get(operation) !== 'ALLOWED' || !present) return { kind: 'failed', reason: 'serverError' };
  }
  const assured = assuredBy(answer, settings);
  if (assured === 'denied') return { kind: 'failed', reason: 'deniedDocument' };
  return { kind: 'ok', data: reduce(data, request, allowed), assured };
};
