import { DOMParser, onWarningStopParsing, type Element } from '@xmldom/xmldom';

/** Elements of this name, of whatever namespace: stores differ in it. Nothing when the text is no XML. */
export const elementsOf = (xml: string, name: string): Element[] => {
  try {
    const document = new DOMParser({ onError: onWarningStopParsing }).parseFromString(xml, 'text/xml');
    return [...document.getElementsByTagNameNS('*', name)];
  } catch {
    return [];
  }
};

/** The text of the first element of this name in another one. */
export const textIn = (element: Element, name: string): string | undefined =>
  element.getElementsByTagNameNS('*', name)[0]?.textContent ?? undefined;

export const textOf = (xml: string, name: string): string | undefined =>
  elementsOf(xml, name)[0]?.textContent ?? undefined;

/** The body that completes an upload (Amazon S3 API, CompleteMultipartUpload). */
export const completion = (etags: readonly string[]): Buffer => {
  const escaped = (text: string): string =>
    text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
  const parts = etags.map((etag, i) => `<Part><PartNumber>${i + 1}</PartNumber><ETag>${escaped(etag)}</ETag></Part>`);
  return Buffer.from(
    `<CompleteMultipartUpload xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${parts.join('')}</CompleteMultipartUpload>`,
  );
};
