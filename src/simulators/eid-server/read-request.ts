import { eidOperations, eidTypes, type EidOperation, type EidType } from '../../id/authentication/eid/port.ts';
import { operationElement } from '../../id/authentication/eid/tr03130/answers.ts';
import { eidasLoa, germanLoa, namespaces, type Schema } from '../../id/authentication/eid/tr03130/names.ts';
import type { PreSharedKey } from '../../id/authentication/eid/tr03130/requests.ts';
import { childNamed, children, MessageRefused, textOf, type Element } from '../../id/authentication/eid/tr03130/xml.ts';

export type Wish = 'REQUIRED' | 'ALLOWED' | 'PROHIBITED';

/** TR-03107-1, in rising order; `undefined` is below all of them. */
export const levelsOfAssurance = ['undefined', 'normal', 'substantiell', 'hoch'] as const;
export type LevelOfAssurance = (typeof levelsOfAssurance)[number];

export interface UseIdRequest {
  readonly operation: 'useID';
  readonly schema: Schema;
  readonly wishes: ReadonlyMap<EidOperation, Wish>;
  readonly age: number | undefined;
  readonly transactionInfo: string | undefined;
  /** Undefined when none was asked for; the URI of `undefined` asks for the result alone. */
  readonly minimumLevel: LevelOfAssurance | undefined;
  readonly eidTypes: ReadonlyMap<EidType, 'ALLOWED' | 'DENIED'>;
  /** The server makes one when the request brings none. */
  readonly psk: PreSharedKey | undefined;
}

export interface GetResultRequest {
  readonly operation: 'getResult';
  readonly sessionId: string;
  readonly counter: number;
}

export type ServerRequest = UseIdRequest | GetResultRequest | { readonly operation: 'getServerInfo' };

/** The message does not fit the schema: answered with schemaViolation. */
export class SchemaViolation extends MessageRefused {}

const wishOf = (text: string): Wish => {
  if (text === 'REQUIRED' || text === 'ALLOWED') return text;
  if (text === 'PROHIBITED' || text === '') return 'PROHIBITED';
  throw new SchemaViolation('an operation is neither REQUIRED, ALLOWED nor PROHIBITED');
};

/** xs:sequence: the simulator is strict about the order, so that our writer cannot get it wrong unnoticed. */
const assertOrder = (parent: Element, order: readonly string[]): void => {
  let at = -1;
  for (const child of children(parent)) {
    const next = order.indexOf(child.localName ?? '');
    if (next <= at) throw new SchemaViolation(`${child.localName ?? 'element'} is unknown or out of order`);
    at = next;
  }
};

/** LevelOfAssuranceType; an empty element asks for nothing (TR-03130-1, 3.3.12). */
const readMinimumLevel = (request: Element): LevelOfAssurance | undefined => {
  const uri = textOf(request, 'LevelOfAssuranceRequest') ?? '';
  if (uri === '') return undefined;
  // The values of eIDAS belong to the eSAML profile.
  if (uri.startsWith(eidasLoa)) throw new SchemaViolation('a level of eIDAS in a national context');
  const level = levelsOfAssurance.find((name) => uri === `${germanLoa}${name}`);
  if (level === undefined) throw new SchemaViolation('LevelOfAssuranceRequest');
  return level;
};

const readEidTypes = (request: Element): UseIdRequest['eidTypes'] => {
  const selected = childNamed(request, 'EIDTypeRequest');
  if (selected === undefined) return new Map();
  assertOrder(selected, eidTypes);
  return new Map(
    children(selected).map((child) => {
      const selection = child.textContent?.trim();
      if (selection !== 'ALLOWED' && selection !== 'DENIED') throw new SchemaViolation('EIDTypeRequest');
      return [child.localName as EidType, selection];
    }),
  );
};

const readPsk = (request: Element): PreSharedKey | undefined => {
  const psk = childNamed(request, 'PSK');
  if (psk === undefined) return undefined;
  assertOrder(psk, ['ID', 'Key']);
  const id = textOf(psk, 'ID') ?? '';
  const key = textOf(psk, 'Key') ?? '';
  if (id.length < 16 || !/^(?:[0-9a-fA-F]{2}){16,}$/.test(key)) throw new SchemaViolation('PSK');
  return { id, key };
};

const readUseId = (request: Element): UseIdRequest => {
  const operations = childNamed(request, 'UseOperations');
  if (operations === undefined) throw new SchemaViolation('no UseOperations');
  const schema: Schema = childNamed(operations, 'MunicipalityID') ? '2.0' : '2.4';
  const spelt = eidOperations.map((name) => (name === 'CommunityID' && schema === '2.0' ? 'MunicipalityID' : name));
  assertOrder(operations, spelt);
  assertOrder(request, [
    'UseOperations',
    'AgeVerificationRequest',
    'PlaceVerificationRequest',
    ...(schema === '2.4'
      ? ['TransactionInfo', 'TransactionAttestationRequest', 'LevelOfAssuranceRequest', 'EIDTypeRequest']
      : []),
    'PSK',
  ]);
  const wishes = new Map(
    eidOperations.map((name) => [name, wishOf(operationElement(operations, name)?.textContent?.trim() ?? '')]),
  );
  const age = textOf(childNamed(request, 'AgeVerificationRequest'), 'Age');
  if (wishes.get('AgeVerification') !== 'PROHIBITED' && !/^\d{1,3}$/.test(age ?? ''))
    throw new SchemaViolation('no Age');
  return {
    operation: 'useID',
    schema,
    wishes,
    age: age === undefined ? undefined : Number(age),
    transactionInfo: textOf(request, 'TransactionInfo'),
    minimumLevel: readMinimumLevel(request),
    eidTypes: readEidTypes(request),
    psk: readPsk(request),
  };
};

/** Reads a verified message. @throws MessageRefused, SchemaViolation */
export const readRequest = (content: Element): ServerRequest => {
  if (content.namespaceURI !== namespaces.eid) throw new SchemaViolation('foreign namespace');
  if (content.localName === 'getServerInfoRequest') return { operation: 'getServerInfo' };
  if (content.localName === 'useIDRequest') return readUseId(content);
  if (content.localName !== 'getResultRequest') throw new SchemaViolation('unknown operation');
  assertOrder(content, ['Session', 'RequestCounter']);
  const counter = textOf(content, 'RequestCounter') ?? '';
  if (!/^\d{1,9}$/.test(counter)) throw new SchemaViolation('RequestCounter');
  return {
    operation: 'getResult',
    sessionId: textOf(childNamed(content, 'Session'), 'ID') ?? '',
    counter: Number(counter),
  };
};
