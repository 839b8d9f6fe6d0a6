import { ExclusiveCanonicalization } from 'xml-crypto';
import type { Element } from './xml.ts';

const xmlns = 'http://www.w3.org/2000/xmlns/';

/** Prefixes that the elements around this one declare, the nearest declaration of each. */
const namespacesAround = (element: Element): { prefix: string; namespaceURI: string }[] => {
  const found = new Map<string, string>();
  for (let at = element.parentNode; at?.nodeType === 1; at = at.parentNode)
    for (const attribute of (at as Element).attributes)
      if (attribute.namespaceURI === xmlns && attribute.prefix !== null && !found.has(attribute.localName ?? ''))
        found.set(attribute.localName ?? '', attribute.value);
  return [...found].map(([prefix, namespaceURI]) => ({ prefix, namespaceURI }));
};

/**
 * Exclusive XML Canonicalization 1.0 without comments, of an element of a message that `xml.ts` has parsed: the one parser
 * sees it, and where there are neither comments nor entities nor a DOCTYPE, canonicalising is all that the library does.
 *
 * @param prefixes PrefixList of InclusiveNamespaces
 */
export const canonicalOf = (element: Element, prefixes: readonly string[] = []): string =>
  new ExclusiveCanonicalization().process(element as never, {
    inclusiveNamespacesPrefixList: [...prefixes],
    ancestorNamespaces: prefixes.length === 0 ? [] : namespacesAround(element),
  });
