import { randomUUID } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { StoresOptions } from '../storage/open.ts';
import { saveAttachments, writeList } from './attachments.ts';
import { readJson, writeJson, writeLines } from './files.ts';
import { manifestFile, manifestSchema, savedPart, type Manifest, type SavedPart, type SavedTable } from './manifest.ts';
import { openSnapshot, type Snapshot, type SnapshotTable } from './snapshot.ts';
import { writeRow } from './values.ts';

export interface SaveOptions {
  readonly location: Pick<StoresOptions, 'directory' | 'databaseUrl'>;
  readonly parts: readonly string[];
  /** Of attachments; undefined where they are in a bucket. */
  readonly attachments: string | undefined;
  readonly print: (line: string) => void;
}

/** A progress line at most so often, in rows and in files. */
const tellEvery = { rows: 10_000, files: 1000 };

const saveTable = async (
  snapshot: Snapshot,
  table: SnapshotTable,
  folder: string,
  { part, print }: { readonly part: string; readonly print: SaveOptions['print'] },
): Promise<SavedTable> => {
  const file = join(part, `${table.name}.jsonl.gz`);
  let done = 0;
  const lines = async function* (): AsyncIterable<string> {
    for await (const rows of snapshot.rows(table)) {
      yield rows.map(writeRow).join('');
      const before = done;
      done += rows.length;
      if (Math.floor(done / tellEvery.rows) > Math.floor(before / tellEvery.rows))
        print(`${part} ${table.name}: ${done} of ${table.rows} rows`);
    }
  };
  const digest = await writeLines(join(folder, file), lines());
  return { name: table.name, columns: [...table.columns], rows: done, file, ...digest };
};

/** What an earlier run has saved of a part, if it is still there whole. */
const savedBefore = async (folder: string, part: string): Promise<SavedPart | undefined> => {
  const found = savedPart.safeParse(await readJson(join(folder, part, 'part.json'))).data;
  const whole = found?.tables.every(({ file, bytes }) => {
    const path = join(folder, file);
    return existsSync(path) && statSync(path).size === bytes;
  });
  return whole === true ? found : undefined;
};

const saveRecords = async (folder: string, part: string, options: SaveOptions): Promise<SavedPart | undefined> => {
  const { print } = options;
  const before = await savedBefore(folder, part);
  if (before) {
    print(`${part}: saved ${before.takenAt}`);
    return before;
  }
  const snapshot = await openSnapshot(options.location, part);
  if (!snapshot) return undefined;
  try {
    const takenAt = new Date().toISOString();
    await mkdir(join(folder, part), { recursive: true, mode: 0o700 });
    const tables: SavedTable[] = [];
    for (const table of await snapshot.tables()) tables.push(await saveTable(snapshot, table, folder, { part, print }));
    const saved = { part, takenAt, migrations: [...(await snapshot.migrations())], tables };
    await writeJson(join(folder, part, 'part.json'), saved);
    const rows = tables.reduce((sum, one) => sum + one.rows, 0);
    print(`${part}: ${tables.length} tables, ${rows} rows`);
    return saved;
  } finally {
    await snapshot.close();
  }
};

/**
 * Saves records and attachments into a folder. Each part is as it was at one moment; of a run that was interrupted, the parts
 * that were whole are kept. The manifest is written last: a folder without it is no backup yet.
 *
 * @throws when the folder holds a whole backup already.
 */
export const saveBackup = async (folder: string, options: SaveOptions): Promise<Manifest> => {
  const { parts, attachments, print } = options;
  if (manifestSchema.safeParse(await readJson(join(folder, manifestFile))).success)
    throw new Error(`${folder} holds a whole backup: name another folder`);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const files = join(folder, 'attachments');
  const saveFiles = () =>
    attachments === undefined
      ? undefined
      : saveAttachments(attachments, files, (done, all) => {
          if (done % tellEvery.files === 0) print(`attachments: ${done} of ${all}`);
        });
  const first = await saveFiles();
  const saved: SavedPart[] = [];
  for (const part of parts) {
    const one = await saveRecords(folder, part, options);
    if (one) saved.push(one);
  }
  if (saved.length === 0) throw new Error('there is nothing to save here');
  const all = attachments === undefined ? undefined : new Map([...(first ?? []), ...((await saveFiles()) ?? [])]);
  const list = all && { file: 'attachments.jsonl.gz', ...(await writeList(join(folder, 'attachments.jsonl.gz'), all)) };
  if (all) print(`attachments: ${all.size}`);
  const manifest: Manifest = {
    format: 'bayern-id-backup',
    version: 1,
    id: randomUUID(),
    finishedAt: new Date().toISOString(),
    parts: saved,
    attachments: list ?? null,
  };
  await writeJson(join(folder, manifestFile), manifest);
  return manifest;
};
