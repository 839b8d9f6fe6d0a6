import {
  allElements,
  childNamed,
  children,
  decodeMessage,
  isNamed,
  MessageRefused,
  parseRoot,
  textOf,
  type Element,
} from '../../../id/authentication/eid/tr03130/xml.ts';
import { paosNamespaces, resultMajors } from './names.ts';
import type { ConnectionHandle } from './write-message.ts';

/** What the client said to the last message. */
export type Said =
  | { readonly kind: 'start'; readonly sessionIdentifier: string | undefined; readonly userAgent: string }
  | { readonly kind: 'initialized' }
  | {
      readonly kind: 'eac1';
      readonly challenge: Buffer;
      readonly chipId: Buffer;
      /** The rights that the citizen left. */
      readonly rights: Buffer | undefined;
    }
  | { readonly kind: 'eac2'; readonly cardSecurity: Buffer; readonly nonce: Buffer; readonly token: Buffer }
  | { readonly kind: 'transmitted'; readonly answers: readonly Buffer[] }
  /** An error, with its minor code. */
  | { readonly kind: 'error'; readonly minor: string | undefined };

export interface ClientMessage {
  /** To be repeated in the answer. */
  readonly id: string;
  readonly handle: Partial<ConnectionHandle>;
  readonly said: Said;
}

const hexOf = (parent: Element, name: string): Buffer => {
  const text = textOf(parent, name) ?? '';
  if (!/^(?:[0-9a-fA-F]{2})+$/.test(text)) throw new MessageRefused(`${name} is not hex`);
  return Buffer.from(text, 'hex');
};

const optionalHex = (parent: Element, name: string): Buffer | undefined =>
  childNamed(parent, name) === undefined ? undefined : hexOf(parent, name);

/** DIDAuthenticateResponse carries the outputs of both steps; the type says which. */
const readAuthentication = (response: Element): Said => {
  const data = childNamed(response, 'AuthenticationProtocolData');
  if (data === undefined) throw new MessageRefused('no AuthenticationProtocolData');
  const type = data.getAttributeNS(paosNamespaces.schemaInstance, 'type')?.replace(/^\w+:/, '');
  if (type === 'EAC1OutputType')
    return {
      kind: 'eac1',
      challenge: hexOf(data, 'Challenge'),
      chipId: hexOf(data, 'IDPICC'),
      rights: optionalHex(data, 'CertificateHolderAuthorizationTemplate'),
    };
  if (type === 'EAC2OutputType')
    return {
      kind: 'eac2',
      cardSecurity: hexOf(data, 'EFCardSecurity'),
      nonce: hexOf(data, 'Nonce'),
      token: hexOf(data, 'AuthenticationToken'),
    };
  throw new MessageRefused('unknown AuthenticationProtocolData');
};

const readStart = (start: Element): Said => {
  const agent = childNamed(start, 'UserAgent');
  const part = (name: string): string => textOf(agent, name) ?? '';
  const version = ['VersionMajor', 'VersionMinor', 'VersionSubminor'].map(part).join('.');
  return {
    kind: 'start',
    sessionIdentifier: textOf(start, 'SessionIdentifier'),
    userAgent: `${part('Name')} ${version}`,
  };
};

const readAnswers = (response: Element): Said => ({
  kind: 'transmitted',
  answers: children(response)
    .filter(({ localName }) => localName === 'OutputAPDU')
    .map((answer) => {
      const text = answer.textContent?.trim() ?? '';
      if (!/^(?:[0-9a-fA-F]{2}){2,}$/.test(text)) throw new MessageRefused('OutputAPDU is not hex');
      return Buffer.from(text, 'hex');
    }),
});

const readContent = (content: Element): Said => {
  if (content.localName === 'StartPAOS') return readStart(content);
  const result = childNamed(content, 'Result');
  if (textOf(result, 'ResultMajor') !== resultMajors.ok) return { kind: 'error', minor: textOf(result, 'ResultMinor') };
  switch (content.localName) {
    case 'InitializeFrameworkResponse':
      return { kind: 'initialized' };
    case 'DIDAuthenticateResponse':
      return readAuthentication(content);
    case 'TransmitResponse':
      return readAnswers(content);
    default:
      throw new MessageRefused('unknown message');
  }
};

/** The client says where the card is in its first message, and may repeat it in any other. */
const readHandle = (content: Element): Partial<ConnectionHandle> => {
  const named = (name: string): string | undefined =>
    allElements(content)
      .find(({ localName }) => localName === name)
      ?.textContent?.trim();
  const [contextHandle, slotHandle] = [named('ContextHandle'), named('SlotHandle')];
  return {
    ...(contextHandle === undefined ? {} : { contextHandle }),
    ...(slotHandle === undefined ? {} : { slotHandle }),
  };
};

/** Reads one message of the client. @throws MessageRefused */
export const readClientMessage = (bytes: Buffer): ClientMessage => {
  const root = parseRoot(decodeMessage(bytes));
  if (!isNamed(root, paosNamespaces.soap, 'Envelope')) throw new MessageRefused('no Envelope');
  const header = childNamed(root, 'Header');
  const body = childNamed(root, 'Body');
  const contents = body ? children(body) : [];
  const [content] = contents;
  if (content === undefined || contents.length > 1) throw new MessageRefused('the Body has not one content');
  return { id: textOf(header, 'MessageID') ?? '', handle: readHandle(content), said: readContent(content) };
};
