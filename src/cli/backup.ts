import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import { attachmentsFolder, recordParts } from '../backup/parts.ts';
import { restoreBackup } from '../backup/restore.ts';
import { saveBackup } from '../backup/save.ts';
import { openDatabase } from '../storage/database.ts';
import { openRedis } from '../storage/redis-client.ts';
import { storesLocation } from '../storage/settings.ts';
import { Misunderstood, type CommandContext } from './context.ts';

export const backupUsage = `bayern-id backup <folder> [part …]
                                  save records and attachments while the servers run; called again, an interrupted
                                  one goes on. The master key is not in it
bayern-id restore <folder>        fill an empty place from a backup; called again, an interrupted one goes on`;

/** Undefined where attachments are in a bucket: that has a backup of its own. */
const attachmentsOf = ({ settings }: CommandContext): string | undefined => {
  const { attachments } = settings.mein_postfach;
  if (attachments === undefined) return join(settings.storage.directory, attachmentsFolder);
  return 'folder' in attachments ? attachments.folder : undefined;
};

/** Whether there are sessions, tokens or counters of a part. */
const hasArtifacts =
  ({ settings }: CommandContext) =>
  async (part: string): Promise<boolean> => {
    const { directory, databaseUrl, redis } = storesLocation(settings.storage);
    if (redis) {
      const connection = await openRedis(redis);
      try {
        return await connection.hasKeys(`${part}:`);
      } finally {
        await connection.close();
      }
    }
    const file = join(directory, `${part}-artifacts.sqlite`);
    if (databaseUrl === undefined && !existsSync(file)) return false;
    const database = await openDatabase<unknown>(
      databaseUrl === undefined ? { file } : { url: databaseUrl, schema: `${part}-artifacts` },
    );
    try {
      for (const { name, schema } of await database.query.introspection.getTables()) {
        // PostgreSQL tells of those of all schemas.
        if (schema !== undefined && schema !== `${part}-artifacts`) continue;
        const { rows } = await sql`select 1 from ${sql.table(name)} limit 1`.execute(database.query);
        if (rows.length > 0) return true;
      }
      return false;
    } finally {
      await database.close();
    }
  };

/** @returns the exit code */
export const backupCommand = async (args: readonly string[], context: CommandContext): Promise<number> => {
  const [folder, ...parts] = args;
  if (folder === undefined || parts.some((part) => !Object.hasOwn(recordParts, part)))
    throw new Misunderstood(backupUsage);
  const { finishedAt } = await saveBackup(folder, {
    location: storesLocation(context.settings.storage),
    parts: parts.length > 0 ? parts : Object.keys(recordParts),
    attachments: attachmentsOf(context),
    print: context.print,
  });
  context.print(`${folder}: whole, ${finishedAt}`);
  return 0;
};

/** @returns the exit code */
export const restoreCommand = async (args: readonly string[], context: CommandContext): Promise<number> => {
  const [folder, ...rest] = args;
  if (folder === undefined || rest.length > 0) throw new Misunderstood(backupUsage);
  const { parts } = await restoreBackup(folder, {
    location: storesLocation(context.settings.storage),
    attachments: attachmentsOf(context),
    hasArtifacts: hasArtifacts(context),
    print: context.print,
  });
  const oldest = parts.map(({ takenAt }) => takenAt).toSorted()[0] ?? '';
  context.print(
    `Restored. Locks, switches, withdrawals and joined accounts since ${oldest} are taken back with the rest: docs/operating/backup-restore.md`,
  );
  return 0;
};
