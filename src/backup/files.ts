import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { open, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';

export interface FileDigest {
  readonly bytes: number;
  readonly sha256: string;
}

/** What was asked for is not there whole, or not as it was written. */
export class DamagedBackup extends Error {
  override readonly name = 'DamagedBackup';
}

/** Bytes count once they are on the disk, under a name that says they are whole. */
const settle = async (draft: string, path: string): Promise<void> => {
  const handle = await open(draft, 'r+');
  await handle.sync();
  await handle.close();
  await rename(draft, path);
};

const counting = (): { readonly stream: Transform; digest(): FileDigest } => {
  const hash = createHash('sha256');
  let bytes = 0;
  const stream = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      bytes += chunk.length;
      done(null, chunk);
    },
  });
  return { stream, digest: () => ({ bytes, sha256: hash.digest('hex') }) };
};

/** Writes lines, packed. What was begun before and not ended is begun anew. */
export const writeLines = async (path: string, lines: AsyncIterable<string>): Promise<FileDigest> => {
  const draft = `${path}.part`;
  const counted = counting();
  // Sealed values do not shrink; what does is their base64 and the rest, for which the quickest level is as good as any.
  await pipeline(
    Readable.from(lines, { objectMode: true }),
    createGzip({ level: 1 }),
    counted.stream,
    createWriteStream(draft, { mode: 0o600 }),
  );
  await settle(draft, path);
  return counted.digest();
};

export async function* readLines(path: string): AsyncIterable<string> {
  const input = createReadStream(path).pipe(createGunzip());
  for await (const line of createInterface({ input, crlfDelay: Infinity })) if (line !== '') yield line;
}

/** Copies, unless a whole copy is there already, and says what it is. */
export const copyFile = async (from: string, to: string): Promise<FileDigest> => {
  const present = existsSync(to) && (await stat(to)).size === (await stat(from)).size;
  if (present) return digestOf(to);
  const draft = `${to}.part`;
  const counted = counting();
  await pipeline(createReadStream(from), counted.stream, createWriteStream(draft, { mode: 0o600 }));
  await settle(draft, to);
  return counted.digest();
};

export const digestOf = async (path: string): Promise<FileDigest> => {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of createReadStream(path)) {
    hash.update(chunk as Buffer);
    bytes += (chunk as Buffer).length;
  }
  return { bytes, sha256: hash.digest('hex') };
};

/** @throws DamagedBackup */
export const checkFile = async (path: string, { bytes, sha256 }: FileDigest): Promise<void> => {
  if (!existsSync(path)) throw new DamagedBackup(`${path} is missing`);
  const found = await digestOf(path);
  if (found.bytes !== bytes || found.sha256 !== sha256) throw new DamagedBackup(`${path} is not as it was written`);
};

export const writeJson = async (path: string, value: unknown): Promise<void> => {
  await writeFile(`${path}.part`, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
  await settle(`${path}.part`, path);
};

export const readJson = async (path: string): Promise<unknown> =>
  existsSync(path) ? (JSON.parse(await readFile(path, 'utf8')) as unknown) : undefined;
