import { recordParts } from '../backup/parts.ts';
import { openDatabase } from '../storage/database.ts';
import { recordsLocation } from '../storage/open.ts';
import { storesLocation } from '../storage/settings.ts';
import { Misunderstood, type CommandContext } from './context.ts';

export const migrateUsage =
  'bayern-id migrate [part …]        bring tables up to date before the nodes of a new version start, step by step; again after an interruption';

/**
 * What every start does by itself, ahead of it and without a limit of time: nodes of the new version then start at once.
 *
 * @returns the exit code
 */
export const migrateCommand = async (
  args: readonly string[],
  { settings, print }: Pick<CommandContext, 'settings' | 'print'>,
): Promise<number> => {
  if (args.some((part) => !Object.hasOwn(recordParts, part))) throw new Misunderstood(migrateUsage);
  for (const part of args.length > 0 ? args : Object.keys(recordParts)) {
    const database = await openDatabase<unknown>(recordsLocation({ ...storesLocation(settings.storage), part }));
    try {
      let began = performance.now();
      await database.migrate(recordParts[part] ?? {}, (name) => {
        print(`${part}: ${name}, ${((performance.now() - began) / 1000).toFixed(1)} s`);
        began = performance.now();
      });
      print(`${part}: up to date`);
    } finally {
      await database.close();
    }
  }
  return 0;
};
