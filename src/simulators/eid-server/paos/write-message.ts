import { randomUUID } from 'node:crypto';
import { escapeXml } from '../../../id/authentication/eid/tr03130/xml.ts';
import { paosNamespaces, resultMajors } from './names.ts';

const hex = (bytes: Buffer): string => bytes.toString('hex');

const element = (name: string, content: string): string => `<${name}>${content}</${name}>`;

/** A message to the client; `relatesTo` is the MessageID of the one that it answers. */
export const envelope = (relatesTo: string, body: string): string =>
  '<?xml version="1.0" encoding="UTF-8"?>' +
  `<soap:Envelope xmlns:soap="${paosNamespaces.soap}" xmlns:wsa="${paosNamespaces.addressing}">` +
  `<soap:Header><wsa:MessageID>urn:uuid:${randomUUID()}</wsa:MessageID>` +
  `<wsa:RelatesTo>${escapeXml(relatesTo)}</wsa:RelatesTo></soap:Header>` +
  `<soap:Body>${body}</soap:Body></soap:Envelope>`;

export const initializeFramework = (): string => `<InitializeFramework xmlns="${paosNamespaces.ecard}"/>`;

/** The client's own names for its connection to the card. */
export interface ConnectionHandle {
  readonly contextHandle: string | undefined;
  readonly slotHandle: string | undefined;
}

const connectionHandle = ({ contextHandle, slotHandle }: ConnectionHandle): string =>
  '<ConnectionHandle xsi:type="ConnectionHandleType">' +
  (contextHandle === undefined ? '' : element('ContextHandle', escapeXml(contextHandle))) +
  element('CardApplication', 'e80704007f00070302') +
  (slotHandle === undefined ? '' : element('SlotHandle', escapeXml(slotHandle))) +
  '</ConnectionHandle>';

/** DIDAuthenticate with the EAC protocol (TR-03112-7, 3.6): the PIN as the means, the data by step. */
const didAuthenticate = (handle: ConnectionHandle, type: 'EAC1InputType' | 'EAC2InputType', data: string): string =>
  `<DIDAuthenticate xmlns="${paosNamespaces.iso}" xmlns:xsi="${paosNamespaces.schemaInstance}">` +
  connectionHandle(handle) +
  element('DIDName', 'PIN') +
  `<AuthenticationProtocolData Protocol="urn:oid:1.3.162.15480.3.0.14.2" xsi:type="${type}">${data}</AuthenticationProtocolData>` +
  '</DIDAuthenticate>';

export interface Eac1Input {
  readonly certificates: readonly Buffer[];
  readonly description: Buffer;
  readonly requiredRights: Buffer;
  readonly optionalRights: Buffer;
  readonly auxiliaryData: Buffer;
  readonly transactionInfo: string | undefined;
}

/** What the terminal wants, for PACE and for the citizen's eyes. */
export const eac1 = (handle: ConnectionHandle, input: Eac1Input): string =>
  didAuthenticate(
    handle,
    'EAC1InputType',
    input.certificates.map((certificate) => element('Certificate', hex(certificate))).join('') +
      element('CertificateDescription', hex(input.description)) +
      element('RequiredCHAT', hex(input.requiredRights)) +
      element('OptionalCHAT', hex(input.optionalRights)) +
      element('AuthenticatedAuxiliaryData', hex(input.auxiliaryData)) +
      (input.transactionInfo === undefined ? '' : element('TransactionInfo', escapeXml(input.transactionInfo))),
  );

/** The terminal's proof, and its key for Chip Authentication. */
export const eac2 = (handle: ConnectionHandle, input: { ephemeralPoint: Buffer; signature: Buffer }): string =>
  didAuthenticate(
    handle,
    'EAC2InputType',
    element('EphemeralPublicKey', hex(input.ephemeralPoint)) + element('Signature', hex(input.signature)),
  );

/** Commands for the card, in this order. */
export const transmit = ({ slotHandle }: ConnectionHandle, apdus: readonly Buffer[]): string =>
  `<Transmit xmlns="${paosNamespaces.iso}">` +
  element('SlotHandle', escapeXml(slotHandle ?? '')) +
  apdus.map((apdu) => element('InputAPDUInfo', element('InputAPDU', hex(apdu)))).join('') +
  '</Transmit>';

/** The end of the conversation; without a minor code it is a success. */
export const startPaosResponse = (minor?: string): string =>
  `<StartPAOSResponse Profile="${paosNamespaces.ecard}" xmlns="${paosNamespaces.iso}">` +
  `<Result xmlns="${paosNamespaces.dss}">` +
  element('ResultMajor', minor === undefined ? resultMajors.ok : resultMajors.error) +
  (minor === undefined ? '' : element('ResultMinor', escapeXml(minor))) +
  '</Result></StartPAOSResponse>';
