import { eidOperations, type EidOperation } from '../../id/authentication/eid/port.ts';
import {
  germanLoa,
  namespaces,
  resultMajor,
  type Schema,
  type SoapOperation,
} from '../../id/authentication/eid/tr03130/names.ts';
import { elementOf, type PreSharedKey } from '../../id/authentication/eid/tr03130/requests.ts';
import { escapeXml } from '../../id/authentication/eid/tr03130/xml.ts';
import type { UseIdRequest } from './read-request.ts';
import type { ChipData, ChipPlace, Reading } from './reading.ts';

const element = (name: string, content: string): string => `<eid:${name}>${content}</eid:${name}>`;
const text = (name: string, value: string | undefined): string =>
  value === undefined ? '' : element(name, escapeXml(value));

/** dss:Result; ok without a minor code. */
const result = (minor?: string): string =>
  `<dss:Result xmlns:dss="${namespaces.dss}">` +
  `<dss:ResultMajor>${minor === undefined ? resultMajor.ok : resultMajor.error}</dss:ResultMajor>` +
  (minor === undefined ? '' : `<dss:ResultMinor>${escapeXml(minor)}</dss:ResultMinor>`) +
  `</dss:Result>`;

/** An answer that only says what went wrong. */
export const writeError = (operation: SoapOperation, minor: string): string =>
  element(`${operation}Response`, (operation === 'useID' ? element('Session', element('ID', '')) : '') + result(minor));

export const writeUseIdAnswer = (session: { id: string; psk: PreSharedKey; paosAddress: string }): string =>
  element(
    'useIDResponse',
    element('Session', text('ID', session.id)) +
      text('eCardServerAddress', session.paosAddress) +
      element('PSK', text('ID', session.psk.id) + text('Key', session.psk.key)) +
      result(),
  );

const placeOf = (place: ChipPlace): string => {
  if (place === 'none') return element('NoPlaceInfo', 'keine Wohnung in Deutschland');
  if (place.freetext !== undefined) return text('FreetextPlace', place.freetext);
  return element(
    'StructuredPlace',
    text('Street', place.street) +
      text('City', place.city) +
      text('State', place.state) +
      text('Country', place.country) +
      text('ZipCode', place.zip_code),
  );
};

const birthDateOf = (eight: string): string => {
  const value = /^\d{8}$/.test(eight) ? `${eight.slice(0, 4)}-${eight.slice(4, 6)}-${eight.slice(6)}` : undefined;
  return element('DateString', eight) + text('DateValue', value);
};

type CardRead = Extract<Reading, { kind: 'read' }>;

const dataOf: Readonly<Partial<Record<EidOperation, (reading: CardRead) => string>>> = {
  DocumentType: ({ card }) => escapeXml(card.document_type ?? ''),
  IssuingState: ({ card }) => escapeXml(card.issuing_state ?? ''),
  DateOfExpiry: ({ card }) => card.date_of_expiry ?? '',
  GivenNames: ({ card }) => escapeXml(card.given_names ?? ''),
  FamilyNames: ({ card }) => escapeXml(card.family_names ?? ''),
  ArtisticName: ({ card }) => escapeXml(card.artistic_name ?? ''),
  AcademicTitle: ({ card }) => escapeXml(card.academic_title ?? ''),
  DateOfBirth: ({ card }) => birthDateOf(card.date_of_birth ?? ''),
  PlaceOfBirth: ({ card }) => placeOf(card.place_of_birth ?? 'none'),
  Nationality: ({ card }) => escapeXml(card.nationality ?? ''),
  BirthName: ({ card }) => escapeXml(card.birth_name ?? ''),
  PlaceOfResidence: ({ card }) => placeOf(card.place_of_residence ?? 'none'),
  CommunityID: ({ card }) => escapeXml(card.community_id ?? ''),
  ResidencePermitI: ({ card }) => escapeXml(card.residence_permit ?? ''),
  RestrictedID: (reading) => text('ID', reading.restrictedId) + text('ID2', reading.restrictedId2),
};

/** LevelOfAssuranceResult and EIDTypeResponse are there when they were asked for, and only then (TR-03130-1, Table 4). */
const assuranceOf = (card: ChipData, { minimumLevel, eidTypes }: UseIdRequest): string =>
  (minimumLevel === undefined ? '' : element('LevelOfAssuranceResult', `${germanLoa}${card.level_of_assurance}`)) +
  (eidTypes.size === 0 ? '' : element('EIDTypeResponse', element(card.eid_type, 'USED')));

/** getResultResponse with a card's data; `sessionId` is written only to play a server that confuses sessions. */
export const writeCardAnswer = (reading: CardRead, request: UseIdRequest, sessionId?: string): string => {
  const { schema } = request;
  const data = eidOperations
    .filter((operation) => reading.allowed.get(operation) === 'ALLOWED' && dataOf[operation] !== undefined)
    .map((operation) => element(elementOf(operation, schema), dataOf[operation]?.(reading) ?? ''));
  const operations = eidOperations.map((operation) =>
    element(elementOf(operation, schema), reading.allowed.get(operation) ?? 'PROHIBITED'),
  );
  return element(
    'getResultResponse',
    (sessionId === undefined ? '' : element('Session', text('ID', sessionId))) +
      element('PersonalData', data.join('')) +
      (reading.fulfilsAge === undefined
        ? ''
        : element('FulfilsAgeVerification', element('FulfilsRequest', String(reading.fulfilsAge)))) +
      element('OperationsAllowedByUser', operations.join('')) +
      assuranceOf(reading.card, request) +
      result(),
  );
};

export const writeServerInfo = (schema: Schema, allowed: ReadonlySet<EidOperation>): string => {
  const rights = eidOperations.map((operation) =>
    element(elementOf(operation, schema), allowed.has(operation) ? 'ALLOWED' : 'PROHIBITED'),
  );
  const version =
    text('VersionString', `Simulator ${schema}`) +
    element('Major', schema.slice(0, 1)) +
    element('Minor', schema.slice(2));
  return element(
    'getServerInfoResponse',
    element('ServerVersion', version) + element('DocumentVerificationRights', rights.join('')) + result(),
  );
};
