import { namespaces } from './names.ts';
import { signatureAlgorithms, type SignatureAlgorithm } from './signer-keys.ts';
import { allElements, children, isNamed, MessageRefused, textOf, type Element } from './xml.ts';

const { soap, wsse, wsu, ds, exclusiveC14n } = namespaces;

/** Digests that are accepted, by the names of node:crypto. SHA-1 has none. */
export const digestAlgorithms = {
  sha256: 'http://www.w3.org/2001/04/xmlenc#sha256',
  sha512: 'http://www.w3.org/2001/04/xmlenc#sha512',
} as const;
export type DigestAlgorithm = keyof typeof digestAlgorithms;

/** A part of the message, and what the signature says its digest is. */
export interface SignedPart {
  readonly element: Element;
  readonly prefixes: readonly string[];
  readonly digest: DigestAlgorithm;
  /** Base64. */
  readonly value: string;
}

/** The parts of a message whose outer form is right. Nothing of it is trusted yet. */
export interface SignedMessageShape {
  readonly signedInfo: Element;
  readonly prefixes: readonly string[];
  readonly algorithm: SignatureAlgorithm;
  /** Base64. */
  readonly signatureValue: string;
  readonly body: SignedPart;
  readonly timestamp: SignedPart;
}

const refuse = (rule: string): never => {
  throw new MessageRefused(rule);
};

/** Exactly these children in this order; anything else is refused. */
const exactly = (parent: Element, namespace: string, ...names: string[]): Element[] => {
  const found = children(parent);
  const fits = found.length === names.length && names.every((name, at) => isNamed(found[at], namespace, name));
  return fits ? found : refuse(`${parent.localName ?? 'element'} has other parts than ${names.join(', ')}`);
};

const algorithmOf = (element: Element | undefined): string => element?.getAttribute('Algorithm') ?? '';

/** Exclusive canonicalisation without comments, at most with its list of prefixes (which WSS4J writes). @returns the list */
const exclusiveC14nOf = (element: Element | undefined): readonly string[] => {
  const inner = element ? children(element) : [];
  const fits =
    algorithmOf(element) === exclusiveC14n &&
    (inner.length === 0 || (inner.length === 1 && isNamed(inner[0], exclusiveC14n, 'InclusiveNamespaces')));
  if (!fits) refuse('canonicalisation or transform that is not allowed');
  return (inner[0]?.getAttribute('PrefixList') ?? '').split(/\s+/).filter((prefix) => prefix !== '');
};

/** Base64 without the line breaks that some write. */
const base64Of = (parent: Element, name: string): string => {
  const text = (textOf(parent, name) ?? '').replaceAll(/[ \t\r\n]/g, '');
  return /^(?:[A-Za-z0-9+/]{4})+(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text) ? text : refuse('not base64');
};

interface Reference extends Omit<SignedPart, 'element'> {
  /** The Id of what is signed. */
  readonly target: string;
}

const readReference = (reference: Element): Reference => {
  const [transforms, method] = exactly(reference, ds, 'Transforms', 'DigestMethod', 'DigestValue') as [
    Element,
    Element,
  ];
  const [transform] = exactly(transforms, ds, 'Transform');
  const prefixes = exclusiveC14nOf(transform);
  const digest = (Object.keys(digestAlgorithms) as DigestAlgorithm[]).find(
    (name) => digestAlgorithms[name] === algorithmOf(method),
  );
  if (digest === undefined || children(method).length > 0) return refuse('digest that is not allowed');
  const uri = reference.getAttribute('URI') ?? '';
  if (!uri.startsWith('#')) return refuse('reference outside the message');
  return { target: uri.slice(1), prefixes, digest, value: base64Of(reference, 'DigestValue') };
};

const isSafeId = (id: string | null): id is string => id !== null && /^[A-Za-z_][\w.-]{0,127}$/.test(id);

const assertUniqueIds = (root: Element): void => {
  const seen = new Set<string>();
  for (const element of allElements(root)) {
    for (const attribute of element.attributes) {
      if (attribute.localName?.toLowerCase() !== 'id') continue;
      if (seen.has(attribute.value)) refuse('the same Id twice');
      seen.add(attribute.value);
    }
  }
};

/** Rules 2 to 4 and 6 of the check: one way to build a message, so that no part of it can be mistaken for another. */
export const shapeOf = (envelope: Element): SignedMessageShape => {
  if (!isNamed(envelope, soap, 'Envelope')) refuse('root is not a SOAP 1.1 envelope');
  const [header, body] = exactly(envelope, soap, 'Header', 'Body') as [Element, Element];
  const [security] = exactly(header, wsse, 'Security') as [Element];
  const blocks = children(security);
  const timestamp = blocks.find((block) => isNamed(block, wsu, 'Timestamp'));
  const signature = blocks.find((block) => isNamed(block, ds, 'Signature'));
  if (blocks.length !== 2 || timestamp === undefined || signature === undefined) {
    return refuse('Security has other parts than Timestamp and Signature');
  }
  if (allElements(envelope).filter((element) => element.localName === 'Signature').length !== 1) {
    refuse('more than one Signature');
  }
  assertUniqueIds(envelope);

  const [signedInfo] = exactly(signature, ds, 'SignedInfo', 'SignatureValue', 'KeyInfo') as [Element];
  const [c14n, method, ...references] = exactly(
    signedInfo,
    ds,
    'CanonicalizationMethod',
    'SignatureMethod',
    'Reference',
    'Reference',
  );
  const prefixes = exclusiveC14nOf(c14n);
  const uri = algorithmOf(method);
  const algorithm = (Object.keys(signatureAlgorithms) as SignatureAlgorithm[]).find(
    (name) => signatureAlgorithms[name] === uri,
  );
  if (algorithm === undefined || children(method as Element).length > 0)
    return refuse('signature algorithm that is not allowed');

  const bodyId = body.getAttributeNS(wsu, 'Id');
  const timestampId = timestamp.getAttributeNS(wsu, 'Id');
  if (!isSafeId(bodyId) || !isSafeId(timestampId)) return refuse('Body or Timestamp without a usable Id');
  const read = references.map(readReference);
  const signedPart = (element: Element, id: string): SignedPart => {
    const [reference, ...more] = read.filter(({ target }) => target === id);
    return reference === undefined || more.length > 0
      ? refuse('the references are not exactly Body and Timestamp')
      : { element, prefixes: reference.prefixes, digest: reference.digest, value: reference.value };
  };
  return {
    signedInfo,
    prefixes,
    algorithm,
    signatureValue: base64Of(signature, 'SignatureValue'),
    body: signedPart(body, bodyId),
    timestamp: signedPart(timestamp, timestampId),
  };
};
