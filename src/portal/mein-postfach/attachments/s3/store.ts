import { checkFileId, FileMissing, isFileId, type FileStore } from '../store.ts';
import { completion, elementsOf, textIn, textOf } from './answers.ts';
import { createS3Connection, S3Error, type S3Location } from './connection.ts';
import { createPartBuffers } from './part-buffers.ts';

/** The least that a part of an upload may have, but for the last one (Amazon S3 API, UploadPart). */
const partBytes = 5 * 1024 * 1024;

interface Listed {
  readonly key: string;
  /** ms since the epoch. */
  readonly at: number;
  readonly uploadId: string | undefined;
}

/**
 * Files in a bucket of an S3-compatible store. What is smaller than a part is written by one request, everything else by an
 * upload in parts, which is there as a whole once it is completed. Each request carries the hash of its bytes, signed.
 *
 * @param prefix before every name, so that a bucket can be shared.
 */
export const createS3Store = (location: S3Location, prefix: string): FileStore => {
  const s3 = createS3Connection(location);
  const buffers = createPartBuffers(partBytes);
  const keyOf = (id: string): string => {
    checkFileId(id);
    return `${prefix}${id}`;
  };

  const abort = async (key: string, uploadId: string): Promise<void> => {
    await s3.ask({ method: 'DELETE', key, query: { uploadId }, accept: [204, 404] });
  };

  const exists = async (key: string): Promise<boolean> => {
    const { status } = await s3.ask({ method: 'HEAD', key, accept: [200, 404] });
    return status === 200;
  };

  const complete = async (key: string, uploadId: string, etags: readonly string[]): Promise<void> => {
    try {
      const body = completion(etags);
      const answer = await s3.ask({ method: 'POST', key, query: { uploadId }, body, accept: [200] });
      // The status is sent before the work is done, so that an error can come with 200.
      if (elementsOf(answer.body, 'CompleteMultipartUploadResult').length === 0)
        throw new S3Error(answer.status, textOf(answer.body, 'Code') ?? 'no result');
    } catch (error) {
      // The answer was lost: asked again, the store does not know the upload any more, but has the file.
      if (!(error instanceof S3Error && error.code === 'NoSuchUpload' && (await exists(key)))) throw error;
    }
  };

  /** @param parts each is used up before the next one is asked for. */
  const upload = async (key: string, parts: AsyncIterable<Buffer>): Promise<void> => {
    // Not sent twice: an upload that nobody knows the name of would stay.
    const begun = await s3.ask({ method: 'POST', key, query: { uploads: '' }, accept: [200], repeatable: false });
    const uploadId = textOf(begun.body, 'UploadId');
    if (uploadId === undefined) throw new S3Error(begun.status, 'no upload id');
    try {
      const etags: string[] = [];
      for await (const body of parts) {
        const query = { partNumber: String(etags.length + 1), uploadId };
        const { etag } = await s3.ask({ method: 'PUT', key, query, body, accept: [200] });
        if (etag === undefined) throw new S3Error(200, 'no etag');
        etags.push(etag);
      }
      await complete(key, uploadId, etags);
    } catch (error) {
      // What cannot be taken back now is listed, and goes as an orphan.
      await abort(key, uploadId).catch(() => {});
      throw error;
    }
  };

  /** A list of the bucket, page by page; `next` are the parameters that continue it, by their element in the answer. */
  async function* listing(
    query: Readonly<Record<string, string>>,
    item: string,
    time: string,
    next: Readonly<Record<string, string>>,
  ): AsyncGenerator<Listed> {
    for (let from: Readonly<Record<string, string>> | undefined = {}; from !== undefined;) {
      const { status, body } = await s3.ask({ method: 'GET', key: '', query: { ...query, ...from }, accept: [200] });
      const truncated = textOf(body, 'IsTruncated');
      if (truncated === undefined) throw new S3Error(status, 'no list');
      for (const one of elementsOf(body, item)) {
        const key = textIn(one, 'Key');
        const at = Date.parse(textIn(one, time) ?? '');
        // What has no time is taken for new: nobody removes it for its age.
        if (key !== undefined) yield { key, at: Number.isNaN(at) ? Date.now() : at, uploadId: textIn(one, 'UploadId') };
      }
      const continued = Object.entries(next).flatMap(([element, parameter]) => {
        const value = textOf(body, element);
        return value === undefined ? [] : [[parameter, value] as const];
      });
      from = truncated === 'true' && continued.length > 0 ? Object.fromEntries(continued) : undefined;
    }
  }
  const files = (): AsyncIterable<Listed> =>
    listing({ 'list-type': '2', prefix }, 'Contents', 'LastModified', { NextContinuationToken: 'continuation-token' });
  const uploads = (of: string): AsyncIterable<Listed> =>
    listing({ uploads: '', prefix: of }, 'Upload', 'Initiated', {
      NextKeyMarker: 'key-marker',
      NextUploadIdMarker: 'upload-id-marker',
    });

  return {
    async write(id, content) {
      const key = keyOf(id);
      const parts = buffers.cut(content);
      try {
        const { value: first } = await parts.next();
        if (!first) throw new TypeError('a file has at least one part');
        if (first.last) {
          await s3.ask({ method: 'PUT', key, body: first.bytes, accept: [200] });
          return;
        }
        await upload(
          key,
          (async function* () {
            yield first.bytes;
            for await (const { bytes } of parts) yield bytes;
          })(),
        );
      } finally {
        await parts.return();
      }
    },

    async *read(id, range) {
      const key = keyOf(id);
      const headers = range === undefined ? {} : { range: `bytes=${range.start}-${range.end - 1}` };
      let response;
      try {
        // A store that knows no ranges would give the beginning in place of the middle.
        response = await s3.open({ method: 'GET', key, headers, accept: [range === undefined ? 200 : 206] });
      } catch (error) {
        if (error instanceof S3Error && error.code === 'NoSuchKey')
          throw new FileMissing('The file is not there', { cause: error });
        // Nothing is where it would begin.
        if (error instanceof S3Error && error.code === 'InvalidRange') return;
        throw error;
      }
      yield* response as AsyncIterable<Buffer>;
    },

    async remove(id) {
      const key = keyOf(id);
      await s3.ask({ method: 'DELETE', key, accept: [200, 204, 404] });
      for await (const { key: of, uploadId } of uploads(key))
        if (of === key && uploadId !== undefined) await abort(key, uploadId);
    },

    async *list() {
      for (const each of [files(), uploads(prefix)])
        for await (const { key, at } of each) {
          const id = key.slice(prefix.length);
          if (isFileId(id)) yield { id, writtenAt: at };
        }
    },

    async check() {
      await s3.ask({ method: 'HEAD', key: '', accept: [200] });
    },
  };
};
