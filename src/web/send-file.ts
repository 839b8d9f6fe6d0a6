import type { Readable } from 'node:stream';
import type { Context } from 'koa';

/** Characters that RFC 8187 lets stand in an extended value. */
const extended = (name: string): string =>
  encodeURIComponent(name).replaceAll(/['()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);

/** A name that no system takes for a path, a device or two lines: letters, digits and a few signs stay. */
export const safeFileName = (name: string): string => {
  const plain = name
    .normalize('NFC')
    .replaceAll(/[\p{C}\\/:*?"<>|\u2028\u2029]+/gu, '_')
    .replaceAll(/\s+/g, ' ')
    .replace(/^[. ]+/, '')
    .replace(/[. ]+$/, '');
  return plain === '' ? 'anlage' : plain;
};

/** Both forms of the name (RFC 6266): old readers take the plain one. */
export const attachmentDisposition = (name: string): string => {
  const safe = safeFileName(name);
  const plain = safe
    .normalize('NFKD')
    .replaceAll(/[^ -~]/g, '')
    .replaceAll(/["\\%]/g, '_')
    .trim();
  return `attachment; filename="${plain === '' ? 'anlage' : plain}"; filename*=UTF-8''${extended(safe)}`;
};

/**
 * Answers with a file to be saved: never shown in the page's origin, kept by no cache. Should a browser show it all the same, the
 * sandbox takes scripts, forms and the origin from it.
 */
export const sendFile = (
  ctx: Context,
  file: { readonly name: string; readonly type: string; readonly length: number },
  body: Buffer | Readable,
): void => {
  ctx.status = 200;
  ctx.set({
    'content-type': file.type,
    'content-disposition': attachmentDisposition(file.name),
    'content-security-policy': "default-src 'none'; sandbox",
    'cross-origin-resource-policy': 'same-origin',
    'cache-control': 'no-store',
  });
  ctx.body = body;
  ctx.length = file.length;
};
