/** A file that the store does not have. */
export class FileMissing extends Error {
  override readonly name = 'FileMissing';
}

/** Ids become paths and names of objects, so nothing but a UUID is one. */
export const isFileId = (id: string): boolean => /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id);

/** @throws TypeError */
export const checkFileId = (id: string): void => {
  if (!isFileId(id)) throw new TypeError('not the id of a file');
};

/** Bytes of a file: from `start`, up to and without `end`. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/**
 * Where sealed files are. The store sees no name, no type and no content, only boxes; ids are ours (UUIDs). A file is
 * there as a whole or not at all.
 */
export interface FileStore {
  /**
   * Keeps a file; when it returns the file survives a power cut. When `content` or the store fails nothing is left, at the
   * latest after the next sweep of orphans.
   */
  write(id: string, content: AsyncIterable<Uint8Array>): Promise<void>;
  /** @throws FileMissing, also while it is read */
  read(id: string, range?: ByteRange): AsyncIterable<Uint8Array>;
  /** No error when it is not there. */
  remove(id: string): Promise<void>;
  /** Every file, and what an interrupted writing has left, with the time of its writing in ms since the epoch. */
  list(): AsyncIterable<{ readonly id: string; readonly writtenAt: number }>;
  /** Whether it is there and lets us in; for health. */
  check(): Promise<void>;
}
