import { namespaces } from './names.ts';
import { signatureAlgorithms, type SignatureAlgorithm } from './signer-keys.ts';
import { allElements, children, isNamed, MessageRefused, type Element } from './xml.ts';

const { soap, wsse, wsu, ds, exclusiveC14n } = namespaces;

/** Digests that are accepted. xml-crypto would know SHA-1 as well. */
export const digestAlgorithms: readonly string[] = [
  'http://www.w3.org/2001/04/xmlenc#sha256',
  'http://www.w3.org/2001/04/xmlenc#sha512',
];

/** The parts of a message whose outer form is right. Nothing of it is trusted yet. */
export interface SignedMessageShape {
  readonly signature: Element;
  readonly algorithm: SignatureAlgorithm;
  readonly bodyId: string;
  readonly timestampId: string;
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

/** Exclusive canonicalisation without comments, at most with its list of prefixes (which WSS4J writes). */
const assertExclusiveC14n = (element: Element | undefined): void => {
  const inner = element ? children(element) : [];
  const fits =
    algorithmOf(element) === exclusiveC14n &&
    (inner.length === 0 || (inner.length === 1 && isNamed(inner[0], exclusiveC14n, 'InclusiveNamespaces')));
  if (!fits) refuse('canonicalisation or transform that is not allowed');
};

const referenceTarget = (reference: Element | undefined): string => {
  if (reference === undefined) return refuse('no reference');
  const [transforms, method] = exactly(reference, ds, 'Transforms', 'DigestMethod', 'DigestValue');
  if (transforms === undefined) return refuse('no transform');
  const [transform] = exactly(transforms, ds, 'Transform');
  assertExclusiveC14n(transform);
  if (!digestAlgorithms.includes(algorithmOf(method))) refuse('digest that is not allowed');
  const uri = reference.getAttribute('URI') ?? '';
  return uri.startsWith('#') ? uri.slice(1) : refuse('reference outside the message');
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
  assertExclusiveC14n(c14n);
  const uri = algorithmOf(method);
  const algorithm = (Object.keys(signatureAlgorithms) as SignatureAlgorithm[]).find(
    (name) => signatureAlgorithms[name] === uri,
  );
  if (algorithm === undefined || children(method as Element).length > 0)
    return refuse('signature algorithm that is not allowed');

  const bodyId = body.getAttributeNS(wsu, 'Id');
  const timestampId = timestamp.getAttributeNS(wsu, 'Id');
  if (!isSafeId(bodyId) || !isSafeId(timestampId)) return refuse('Body or Timestamp without a usable Id');
  const targets = references.map(referenceTarget);
  const wanted = [bodyId, timestampId];
  if (!wanted.every((id) => targets.filter((target) => target === id).length === 1)) {
    refuse('the references are not exactly Body and Timestamp');
  }
  return { signature, algorithm, bodyId, timestampId };
};
