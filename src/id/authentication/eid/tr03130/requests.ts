import { eidOperations, eidTypes, type EidOperation, type EidRequest } from '../port.ts';
import { germanLoa, type Schema } from './names.ts';
import type { EidServerSettings } from './settings.ts';
import { escapeXml } from './xml.ts';

/** Pre-shared key of one login, as the TC Token carries it. */
export interface PreSharedKey {
  readonly id: string;
  /** Hex. */
  readonly key: string;
}

/** How an operation is spelt: 2.0 calls the municipality's key MunicipalityID. */
export const elementOf = (operation: EidOperation, schema: Schema): string =>
  operation === 'CommunityID' && schema === '2.0' ? 'MunicipalityID' : operation;

const element = (name: string, content: string): string => `<eid:${name}>${content}</eid:${name}>`;

const useOperations = (request: EidRequest, schema: Schema): string => {
  const wishes = eidOperations.map((operation) =>
    element(elementOf(operation, schema), (request.operations[operation] ?? 'prohibited').toUpperCase()),
  );
  return element('UseOperations', wishes.join(''));
};

/** What useID says beside the request itself; 2.0 has neither of the last two. */
export type UseIdSettings = Pick<EidServerSettings, 'schema' | 'minimum_level' | 'eid_types'>;

/** "When used in a national context only the values from the authority bsi.bund.de SHALL be used" (TR-03130-1, 3.3.12). */
const germanName = { low: 'normal', substantial: 'substantiell', high: 'hoch' } as const;

const assuranceRequests = ({ minimum_level: minimum, eid_types: types }: UseIdSettings): string => {
  const selected = eidTypes.flatMap((type) => {
    const selection = types?.[type];
    return selection === undefined ? [] : [element(type, selection.toUpperCase())];
  });
  return (
    (minimum === undefined ? '' : element('LevelOfAssuranceRequest', `${germanLoa}${germanName[minimum]}`)) +
    (selected.length === 0 ? '' : element('EIDTypeRequest', selected.join('')))
  );
};

/**
 * The Body's content for useID. The order is the schema's.
 * @throws when a verification is asked for without what it should be compared with: the server would answer missingArgument
 */
export const writeUseId = (request: EidRequest, psk: PreSharedKey, settings: UseIdSettings): string => {
  const { schema } = settings;
  if (request.operations.AgeVerification !== undefined && request.age === undefined) {
    throw new Error('AgeVerification is asked for without an age');
  }
  if (request.operations.PlaceVerification !== undefined) {
    throw new Error('PlaceVerification needs a place, which the port does not carry');
  }
  const age =
    request.age === undefined ? '' : element('AgeVerificationRequest', element('Age', String(Math.trunc(request.age))));
  const info =
    request.transactionInfo === undefined || schema === '2.0'
      ? ''
      : element('TransactionInfo', escapeXml(request.transactionInfo));
  const key = element('PSK', element('ID', escapeXml(psk.id)) + element('Key', escapeXml(psk.key)));
  return element('useIDRequest', useOperations(request, schema) + age + info + assuranceRequests(settings) + key);
};

/** The Body's content for getResult. `counter` is 1, 2, 3 … per session. */
export const writeGetResult = (sessionId: string, counter: number): string =>
  element(
    'getResultRequest',
    element('Session', element('ID', escapeXml(sessionId))) + element('RequestCounter', String(counter)),
  );

/** The Body's content for getServerInfo. */
export const writeGetServerInfo = (): string => '<eid:getServerInfoRequest/>';
