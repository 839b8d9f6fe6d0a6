import { children, type Element } from '../../src/id/authentication/eid/tr03130/xml.ts';

/**
 * What the schema of the eID-Interface (BSI TR-03130-1) says of the messages that are exchanged, restated from its text
 * for both generations: which elements stand in which, in which order, which may be missing, and what a value looks like.
 */
type Generation = '2.0' | '2.4';

/** `?` at the end of a name: may be missing. A value is a model of its own, or the pattern of the text. */
interface Sequence {
  readonly [name: string]: Model;
}
type Model = Sequence | RegExp | { readonly choice: Sequence };

const text = /^[^]*$/;
const hex = /^(?:[0-9a-fA-F]{2})+$/;
const date = /^\d{4}-\d\d-\d\d(?:Z|[+-]\d\d:\d\d)?$/;
const boolean = /^(?:true|false|0|1)$/;
const number = /^\d+$/;
const uri = /^[a-z][a-z0-9+.-]*:\S+$/;

const operations = (generation: Generation, value: RegExp): Sequence => ({
  DocumentType: value,
  IssuingState: value,
  DateOfExpiry: value,
  GivenNames: value,
  FamilyNames: value,
  ArtisticName: value,
  AcademicTitle: value,
  DateOfBirth: value,
  PlaceOfBirth: value,
  Nationality: value,
  BirthName: value,
  PlaceOfResidence: value,
  [generation === '2.0' ? 'MunicipalityID' : 'CommunityID']: value,
  ResidencePermitI: value,
  RestrictedID: value,
  AgeVerification: value,
  PlaceVerification: value,
});

const place: Model = {
  choice: {
    StructuredPlace: { 'Street?': text, City: text, 'State?': text, Country: /^[A-Z]{1,3}$/, 'ZipCode?': text },
    FreetextPlace: text,
    NoPlaceInfo: text,
  },
};

const result: Sequence = {
  ResultMajor: /^http:\/\/www\.bsi\.bund\.de\/ecard\/api\/1\.1\/resultmajor#(?:ok|error|warning)$/,
  'ResultMinor?': uri,
  'ResultMessage?': text,
};

const psk: Sequence = { ID: /^.{16,}$/, Key: /^(?:[0-9a-fA-F]{2}){16,}$/ };

const personalData = (generation: Generation): Sequence => ({
  'DocumentType?': /^[A-Z]{2}$/,
  'IssuingState?': /^[A-Z]{1,3}$/,
  'DateOfExpiry?': date,
  'GivenNames?': text,
  'FamilyNames?': text,
  'ArtisticName?': text,
  'AcademicTitle?': text,
  'DateOfBirth?': { DateString: /^[0-9 ]{8}$/, 'DateValue?': date },
  'PlaceOfBirth?': place,
  'Nationality?': /^[A-Z]{1,3}$/,
  'BirthName?': text,
  'PlaceOfResidence?': place,
  [generation === '2.0' ? 'MunicipalityID?' : 'CommunityID?']: generation === '2.0' ? hex : text,
  'ResidencePermitI?': text,
  'RestrictedID?': { ID: hex, 'ID2?': hex },
});

const type = /^(?:ALLOWED|DENIED)$/;

const messages = (generation: Generation): Readonly<Record<string, Model>> => ({
  useIDRequest: {
    UseOperations: operations(generation, /^(?:REQUIRED|ALLOWED|PROHIBITED)$/),
    'AgeVerificationRequest?': { Age: number },
    'PlaceVerificationRequest?': { [generation === '2.0' ? 'MunicipalityID' : 'CommunityID']: text },
    ...(generation === '2.0'
      ? {}
      : {
          'TransactionInfo?': text,
          'TransactionAttestationRequest?': { TransactionAttestationFormat: uri, TransactionContext: text },
          'LevelOfAssuranceRequest?': uri,
          'EIDTypeRequest?': { 'CardCertified?': type, 'SECertified?': type, 'SEEndorsed?': type, 'HWKeyStore?': type },
        }),
    'PSK?': psk,
  },
  useIDResponse: {
    Session: { ID: /^(?:[0-9a-fA-F]{32,})?$/ },
    'eCardServerAddress?': uri,
    'PSK?': psk,
    Result: result,
  },
  getResultRequest: { Session: { ID: hex }, RequestCounter: number },
  getResultResponse: {
    'PersonalData?': personalData(generation),
    'FulfilsAgeVerification?': { FulfilsRequest: boolean },
    'FulfilsPlaceVerification?': { FulfilsRequest: boolean },
    'OperationsAllowedByUser?': operations(generation, /^(?:ALLOWED|PROHIBITED|NOTONCHIP)$/),
    ...(generation === '2.0'
      ? {}
      : {
          'TransactionAttestationResponse?': { TransactionAttestationFormat: uri, TransactionAttestationData: text },
          'LevelOfAssuranceResult?': uri,
          'EIDTypeResponse?': {
            choice: { CardCertified: /^USED$/, SECertified: /^USED$/, SEEndorsed: /^USED$/, HWKeyStore: /^USED$/ },
          },
        }),
    Result: result,
  },
  getServerInfoRequest: {},
  getServerInfoResponse: {
    ServerVersion: { VersionString: text, Major: number, Minor: number, 'Bugfix?': number },
    DocumentVerificationRights: operations(generation, /^(?:ALLOWED|PROHIBITED)$/),
    Result: result,
  },
});

const check = (element: Element, model: Model, path: string): string[] => {
  if (model instanceof RegExp) {
    if (children(element).length > 0) return [`${path} holds elements`];
    return model.test(element.textContent ?? '') ? [] : [`${path} is "${element.textContent}"`];
  }
  const found = children(element);
  if ('choice' in model && !(model.choice instanceof RegExp)) {
    const { choice } = model as { choice: Sequence };
    const [only] = found;
    const inner = only && choice[only.localName ?? ''];
    return only && inner && found.length === 1
      ? check(only, inner, `${path}/${only.localName}`)
      : [`${path} is not one of ${Object.keys(choice).join(', ')}`];
  }
  const wrong: string[] = [];
  let at = 0;
  for (const [key, inner] of Object.entries(model as Sequence)) {
    const name = key.replace('?', '');
    const next = found[at];
    if (next?.localName === name) {
      wrong.push(...check(next, inner, `${path}/${name}`));
      at += 1;
    } else if (!key.endsWith('?')) wrong.push(`${path}: ${name} is missing or out of order`);
  }
  if (at < found.length) wrong.push(`${path}: ${found[at]?.localName} is unknown or out of order`);
  return wrong;
};

/** What of a message does not fit the schema; empty when all of it does. */
export const schemaViolations = (message: Element, generation: Generation): string[] => {
  const name = message.localName ?? '';
  const model = messages(generation)[name];
  return model === undefined ? [`${name} is no message`] : check(message, model, name);
};
