import { createHash, randomUUID } from 'node:crypto';
import type { AttachmentDeclaration } from '../letters/letter.ts';
import type { StoredAttachment } from '../records/attachments.ts';
import { beginsLike, formOf, headBytes, isAttachmentType, nameFits, type AttachmentType } from './content-type.ts';
import { inspectWhole } from './inspection.ts';
import { ContentRefused } from '../../module-api/refused-content.ts';
import { createScanner } from './scanner.ts';
import { newFileKey, openFile, sealStream } from './sealed-stream.ts';
import type { FileStore } from './store.ts';

/** What came is not what the letter says: another length, another hash. */
export class DeclarationMismatch extends Error {
  override readonly name = 'DeclarationMismatch';
}

/** @throws ContentRefused for a name or a type that is not taken, before anything is read. */
export const checkDeclaration = (
  { name, type }: AttachmentDeclaration,
  types: readonly AttachmentType[],
): AttachmentType => {
  if (!isAttachmentType(type) || !types.includes(type)) throw new ContentRefused('type');
  if (!nameFits(name, type)) throw new ContentRefused('name');
  return type;
};

/**
 * Takes a file in: seals it on its way into the store and compares length, hash and kind while it passes. Nothing stays of a
 * file that is not as it was declared or may not be here.
 *
 * @throws ContentRefused, DeclarationMismatch
 */
export const takeIn = async (
  store: FileStore,
  declaration: AttachmentDeclaration,
  type: AttachmentType,
  source: AsyncIterable<Buffer>,
): Promise<StoredAttachment> => {
  const id = randomUUID();
  const key = newFileKey();
  const hash = createHash('sha512');
  const scanner = createScanner(formOf(type));
  async function* checked(): AsyncGenerator<Buffer> {
    let length = 0;
    let head = Buffer.alloc(0);
    let begun = false;
    const checkHead = (): void => {
      if (begun) return;
      begun = true;
      if (!beginsLike(type, head)) throw new ContentRefused('type');
    };
    for await (const chunk of source) {
      length += chunk.length;
      if (length > declaration.length) throw new DeclarationMismatch('longer than declared');
      if (head.length < headBytes) head = Buffer.concat([head, chunk.subarray(0, headBytes - head.length)]);
      if (head.length >= headBytes) checkHead();
      hash.update(chunk);
      scanner.push(chunk);
      yield chunk;
    }
    checkHead();
    scanner.end();
    if (length !== declaration.length) throw new DeclarationMismatch('shorter than declared');
    if (hash.digest('hex') !== declaration.sha512) throw new DeclarationMismatch('another SHA-512 than declared');
  }
  await store.write(id, sealStream(key, id, checked()));
  try {
    await inspectWhole(type, openFile(store, { id, key, length: declaration.length }));
  } catch (error) {
    await store.remove(id);
    throw error;
  }
  return { id, key, ...declaration };
};
