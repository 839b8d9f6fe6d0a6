import { createHash, randomBytes } from 'node:crypto';
import {
  ExclusiveCanonicalization,
  SignedXml,
  type HashAlgorithm,
  type SignatureAlgorithm as XmlSignatureAlgorithm,
} from 'xml-crypto';
import { namespaces } from './names.ts';
import { digestAlgorithms, shapeOf, type SignedMessageShape } from './signature-shape.ts';
import {
  isSignedByPin,
  signatureAlgorithms,
  signText,
  type Pin,
  type SignatureAlgorithm,
  type Signer,
} from './signer-keys.ts';
import { children, decodeMessage, escapeXml, isNamed, MessageRefused, parseRoot, textOf, type Element } from './xml.ts';

const { soap, eid, wsse, wsu, ds, exclusiveC14n } = namespaces;

const minute = 60_000;
/** How far the other side's clock may be off, in ms. */
export const clockTolerance = 3 * minute;
const lifetime = 5 * minute;

const isoTime = (ms: number): string => new Date(ms).toISOString();

const digests: Record<string, new () => HashAlgorithm> = Object.fromEntries(
  Object.entries(new SignedXml().HashAlgorithms).filter(([uri]) => digestAlgorithms.includes(uri)),
);

/**
 * xml-crypto looks algorithms up by their URI in these tables, which know SHA-1 by default. Ours hold only what is
 * allowed, and the signature itself is node:crypto over prepared keys, whatever KeyInfo says.
 */
const restrict = (signed: SignedXml, signatures: Record<string, new () => XmlSignatureAlgorithm>): SignedXml => {
  signed.SignatureAlgorithms = signatures;
  signed.CanonicalizationAlgorithms = { [exclusiveC14n]: ExclusiveCanonicalization };
  signed.HashAlgorithms = digests;
  return signed;
};

const signatureTable = (
  algorithm: SignatureAlgorithm,
  sign: (text: string) => string,
  verify: (text: string, signature: string) => boolean,
): Record<string, new () => XmlSignatureAlgorithm> => {
  const uri = signatureAlgorithms[algorithm];
  return {
    [uri]: class {
      getAlgorithmName = () => uri;
      getSignature = (text: unknown) => sign(String(text));
      verifySignature = (text: string, _key: unknown, signature: string) => verify(text, signature);
    },
  };
};

const never = (): never => {
  throw new Error('This instance does only one of signing and verifying');
};

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

/** Signs Body and Timestamp of an envelope that `envelopeOf` made. */
export const signEnvelope = (envelope: string, signer: Signer): string => {
  const signed = restrict(
    new SignedXml({
      privateKey: signer.key,
      signatureAlgorithm: signatureAlgorithms[signer.algorithm],
      canonicalizationAlgorithm: exclusiveC14n,
      idMode: 'wssecurity',
      getKeyInfoContent: () => keyInfo(signer),
    }),
    signatureTable(signer.algorithm, (text) => signText(signer, text), never),
  );
  const parts = [
    "/*[local-name()='Envelope']/*[local-name()='Body']",
    "/*[local-name()='Envelope']/*[local-name()='Header']/*[local-name()='Security']/*[local-name()='Timestamp']",
  ];
  for (const xpath of parts) {
    signed.addReference({
      xpath,
      transforms: [exclusiveC14n],
      digestAlgorithm: 'http://www.w3.org/2001/04/xmlenc#sha256',
    });
  }
  signed.computeSignature(envelope, {
    prefix: 'ds',
    location: { reference: "/*/*[local-name()='Header']/*[local-name()='Security']", action: 'append' },
    existingPrefixes: { wsse, wsu },
  });
  return signed.getSignedXml();
};

/** A signed message around the body's content. `now` in ms. */
export const signMessage = (content: string, signer: Signer, now: number): string =>
  signEnvelope(envelopeOf(content, now), signer);

/** The canonical bytes that the signature covers. Only they are read from here on. */
const signedParts = (
  envelope: Element,
  xml: string,
  shape: SignedMessageShape,
  pins: readonly Pin[],
  now: number,
): string[] => {
  const check = restrict(
    new SignedXml({ publicCert: pins[0]?.key ?? never(), idMode: 'wssecurity', getCertFromKeyInfo: () => null }),
    signatureTable(shape.algorithm, never, (text, signature) =>
      isSignedByPin(pins, now, shape.algorithm, text, signature),
    ),
  );
  // shapeOf has already refused the same Id under any spelling; each one more costs a walk through the message.
  check.idAttributes = ['Id'];
  try {
    envelope.normalize();
    check.loadSignature(shape.signature as unknown as Node);
    if (!check.checkSignature(xml)) throw new MessageRefused('signature does not fit');
    return check.getSignedReferences();
  } catch {
    // What a library says here may quote the message.
    throw new MessageRefused('signature does not fit');
  }
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
  const envelope = parseRoot(xml);
  const shape = shapeOf(envelope);
  const signedBytes = signedParts(envelope, xml, shape, pins, now);
  const parts = signedBytes.map(parseRoot);
  const bodies = parts.filter((part) => isNamed(part, soap, 'Body'));
  const timestamps = parts.filter((part) => isNamed(part, wsu, 'Timestamp'));
  const [body] = bodies;
  const [timestamp] = timestamps;
  if (parts.length !== 2 || body?.getAttributeNS(wsu, 'Id') !== shape.bodyId) {
    throw new MessageRefused('the signed part is not the Body');
  }
  if (timestamp?.getAttributeNS(wsu, 'Id') !== shape.timestampId) {
    throw new MessageRefused('the signed part is not the Timestamp');
  }
  assertFresh(timestamp, now);
  const contents = children(body);
  const [content] = contents;
  if (content === undefined || contents.length !== 1) throw new MessageRefused('the Body is not one message');
  return { content, fingerprint: createHash('sha256').update(signedBytes.join('\n')).digest('base64') };
};
