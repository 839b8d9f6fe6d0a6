import { createHash, randomBytes } from 'node:crypto';
import { DOMParser } from '@xmldom/xmldom';
import { canonicalOf } from './canonical.ts';
import { namespaces } from './names.ts';
import { digestAlgorithms, shapeOf, type DigestAlgorithm, type SignedPart } from './signature-shape.ts';
import { isSignedByPin, signatureAlgorithms, signText, type Pin, type Signer } from './signer-keys.ts';
import {
  childNamed,
  children,
  decodeMessage,
  escapeXml,
  isNamed,
  MessageRefused,
  parseRoot,
  textOf,
  type Element,
} from './xml.ts';

const { soap, eid, wsse, wsu, ds, exclusiveC14n } = namespaces;

const minute = 60_000;
/** How far the other side's clock may be off, in ms. */
export const clockTolerance = 3 * minute;
const lifetime = 5 * minute;

const isoTime = (ms: number): string => new Date(ms).toISOString();

/** WS-SecurityPolicy RequireIssuerSerialReference: the certificate is named, not sent. */
const keyInfo = (signer: Signer): string =>
  `<wsse:SecurityTokenReference xmlns:wsse="${wsse}"><ds:X509Data xmlns:ds="${ds}"><ds:X509IssuerSerial>` +
  `<ds:X509IssuerName>${escapeXml(signer.issuerName)}</ds:X509IssuerName>` +
  `<ds:X509SerialNumber>${signer.serialNumber}</ds:X509SerialNumber>` +
  `</ds:X509IssuerSerial></ds:X509Data></wsse:SecurityTokenReference>`;

/** A SOAP envelope around the body's content (XML that may use the prefix `eid`), with a Timestamp, unsigned. */
export const envelopeOf = (content: string, now: number): string => {
  const unique = randomBytes(8).toString('hex');
  return (
    `<soapenv:Envelope xmlns:soapenv="${soap}" xmlns:eid="${eid}"><soapenv:Header>` +
    `<wsse:Security xmlns:wsse="${wsse}" xmlns:wsu="${wsu}" soapenv:mustUnderstand="1">` +
    `<wsu:Timestamp wsu:Id="TS-${unique}"><wsu:Created>${isoTime(now)}</wsu:Created>` +
    `<wsu:Expires>${isoTime(now + lifetime)}</wsu:Expires></wsu:Timestamp></wsse:Security></soapenv:Header>` +
    `<soapenv:Body xmlns:wsu="${wsu}" wsu:Id="Body-${unique}">${content}</soapenv:Body></soapenv:Envelope>`
  );
};

const digestOf = (algorithm: DigestAlgorithm, text: string): string =>
  createHash(algorithm).update(text).digest('base64');

/** Written in its canonical form, but for the namespace that the Signature around it declares. */
const referenceTo = (id: string, canonical: string): string =>
  `<ds:Reference URI="#${id}"><ds:Transforms><ds:Transform Algorithm="${exclusiveC14n}"></ds:Transform></ds:Transforms>` +
  `<ds:DigestMethod Algorithm="${digestAlgorithms.sha256}"></ds:DigestMethod>` +
  `<ds:DigestValue>${digestOf('sha256', canonical)}</ds:DigestValue></ds:Reference>`;

/** Signs Body and Timestamp of an envelope that `envelopeOf` made. */
export const signEnvelope = (envelope: string, signer: Signer): string => {
  const root = new DOMParser().parseFromString(envelope, 'text/xml').documentElement;
  const header = root ? childNamed(root, 'Header') : undefined;
  const parts = [childNamed(root ?? undefined, 'Body'), childNamed(childNamed(header, 'Security'), 'Timestamp')];
  const references = parts.map((part) => {
    const id = part?.getAttributeNS(wsu, 'Id') ?? '';
    if (part === undefined || id === '') throw new TypeError('there is no Body or no Timestamp to sign');
    return referenceTo(id, canonicalOf(part));
  });
  const info =
    `<ds:CanonicalizationMethod Algorithm="${exclusiveC14n}"></ds:CanonicalizationMethod>` +
    `<ds:SignatureMethod Algorithm="${signatureAlgorithms[signer.algorithm]}"></ds:SignatureMethod>` +
    `${references.join('')}</ds:SignedInfo>`;
  const value = signText(signer, `<ds:SignedInfo xmlns:ds="${ds}">${info}`);
  const signature =
    `<ds:Signature xmlns:ds="${ds}"><ds:SignedInfo>${info}<ds:SignatureValue>${value}</ds:SignatureValue>` +
    `<ds:KeyInfo>${keyInfo(signer)}</ds:KeyInfo></ds:Signature>`;
  return envelope.replace('</wsse:Security>', () => `${signature}</wsse:Security>`);
};

/** A signed message around the body's content. `now` in ms. */
export const signMessage = (content: string, signer: Signer, now: number): string =>
  signEnvelope(envelopeOf(content, now), signer);

/** The canonical text that the signature covers. Only it is read from here on. */
const signedText = ({ element, prefixes, digest, value }: SignedPart): string => {
  const canonical = canonicalOf(element, prefixes);
  if (digestOf(digest, canonical) !== value) throw new MessageRefused('signature does not fit');
  return canonical;
};

const timeOf = (timestamp: Element | undefined, name: string): number => {
  const text = textOf(timestamp, name) ?? '';
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/.test(text) ? Date.parse(text) : Number.NaN;
};

/** Comparisons with NaN are false, so that a missing or malformed time is refused. */
const assertFresh = (timestamp: Element | undefined, now: number): void => {
  const created = timeOf(timestamp, 'Created');
  const expires = timeOf(timestamp, 'Expires');
  const fresh = Math.abs(now - created) <= clockTolerance && expires > created && expires >= now - clockTolerance;
  if (!fresh) throw new MessageRefused('not fresh');
};

/** What is left of a message when its signature was checked. */
export interface VerifiedMessage {
  /** The only element inside the Body, parsed anew from the signed bytes. */
  readonly content: Element;
  /** Hash of the signed bytes, the time included: a message that comes twice has the same. */
  readonly fingerprint: string;
}

/**
 * Checks a message of the other side: form, signature by one of the pinned certificates, freshness. KeyInfo is not read.
 * What it returns was parsed from the signed bytes and has no link to the rest of the message. `now` in ms.
 * @throws MessageRefused
 */
export const verifyMessage = (message: Uint8Array | string, pins: readonly Pin[], now: number): VerifiedMessage => {
  const xml = typeof message === 'string' ? message : decodeMessage(message);
  const shape = shapeOf(parseRoot(xml));
  const signed = canonicalOf(shape.signedInfo, shape.prefixes);
  if (!isSignedByPin(pins, now, shape.algorithm, signed, shape.signatureValue))
    throw new MessageRefused('signature does not fit');
  const texts = [signedText(shape.body), signedText(shape.timestamp)];
  const [body, timestamp] = texts.map(parseRoot);
  if (!isNamed(body, soap, 'Body') || !isNamed(timestamp, wsu, 'Timestamp'))
    throw new MessageRefused('the signed parts are not Body and Timestamp');
  assertFresh(timestamp, now);
  const contents = children(body);
  const [content] = contents;
  if (content === undefined || contents.length !== 1) throw new MessageRefused('the Body is not one message');
  return { content, fingerprint: createHash('sha256').update(texts.join('\n')).digest('base64') };
};
