import { Busboy } from '@fastify/busboy';
import type { BusboyFileStream } from '@fastify/busboy';
import type { Context } from 'koa';
import { bodyLimit, readBody, type Form } from './forms.ts';
import { HttpError } from './http-error.ts';

export interface UploadedFile {
  /** As the browser says: to be looked at before it is used. */
  readonly name: string;
  readonly content: Buffer;
}

/** A posted form with at most one file. */
export interface UploadForm extends Form {
  /** Of the field; undefined when none was chosen. */
  file(name: string): UploadedFile | undefined;
}

const broken = (cause?: unknown): HttpError => new HttpError('bad_request', { reason: 'form_multipart', cause });

/**
 * Reads `multipart/form-data` (RFC 7578) as a whole. Throws 413 over `limit` bytes, 415 for another type, 400 for a broken one.
 *
 * @param limit bytes of the file; the rest of the form may have as much as any form.
 */
export const readUploadForm = async (ctx: Context, limit: number): Promise<UploadForm> => {
  const type = ctx.get('content-type');
  if (!/^multipart\/form-data\s*;/i.test(type)) throw new HttpError('unsupported_media_type', { reason: 'form_type' });
  const body = await readBody(ctx, limit + bodyLimit);
  const values = new Map<string, string[]>();
  const files = new Map<string, UploadedFile>();
  await new Promise<void>((resolve, reject) => {
    const fail = (error?: unknown): void => reject(broken(error));
    let busboy;
    try {
      busboy = new Busboy({
        headers: { 'content-type': type },
        limits: { parts: 20, files: 1, fieldNameSize: 100, fieldSize: bodyLimit, headerPairs: 20 },
      });
    } catch (error) {
      fail(error);
      return;
    }
    busboy.on('field', (name: string, value: string, cutName: boolean, cutValue: boolean) => {
      if (cutName || cutValue || value.includes('\u0000')) fail();
      values.set(name, [...(values.get(name) ?? []), value]);
    });
    busboy.on('file', (name: string, stream: BusboyFileStream, fileName: string | undefined) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('error', fail);
      // A field without a file comes with an empty name.
      stream.on('end', () => {
        if ((fileName ?? '') !== '') files.set(name, { name: fileName ?? '', content: Buffer.concat(chunks) });
      });
    });
    for (const event of ['partsLimit', 'filesLimit', 'fieldsLimit']) busboy.on(event as 'partsLimit', () => fail());
    busboy.on('error', fail);
    busboy.on('finish', () => resolve());
    busboy.end(body);
  });
  return {
    get(name) {
      const found = values.get(name) ?? [];
      if (found.length > 1) throw new HttpError('bad_request', { reason: 'form_duplicate' });
      return found[0] ?? '';
    },
    all: (name) => values.get(name) ?? [],
    file: (name) => files.get(name),
  };
};
