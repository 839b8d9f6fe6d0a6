import { keySchedule, listKeys, rotateKey } from '../id/oidc/key-rotation.ts';
import { keyUses, type KeyUse } from '../id/oidc/keys.ts';
import { addProductionSecrets, makeProductionSecrets, type MadeSecrets } from '../secrets.ts';
import { masterKeyUsage, rotateMasterKey } from './master-key.ts';
import { Misunderstood, moment, operatorName, table, withRecords, type CommandContext } from './context.ts';

export const keysUsage = `bayern-id keys init                make the secrets of a production installation
bayern-id keys add                 make those of parts that an update has brought
bayern-id keys list [--format json]
bayern-id keys rotate [${keyUses.join('|')}]
                                  plan the change to a new key; without a name, for all
${masterKeyUsage}`;

const say = ({ directory, files }: MadeSecrets, print: CommandContext['print']): void => {
  print(`made in ${directory}:`);
  for (const file of files) print(`  ${file}`);
};

const init = ({ settings, print }: CommandContext): number => {
  say(makeProductionSecrets(settings.storage.directory), print);
  print('Keep a copy of master.key outside: without it nothing that is sealed can be read again.');
  print('Give each part its own files only; Bayern-ID needs master.key and the .public.json of every part.');
  return 0;
};

const add = ({ settings, print }: CommandContext): number => {
  const made = addProductionSecrets(settings.storage.directory);
  if (made.files.length === 0) {
    print(`${made.directory} holds the secrets of every part already`);
    return 1;
  }
  say(made, print);
  print('Give each part its own files only; Bayern-ID needs the .public.json of every part.');
  return 0;
};

const list = (context: CommandContext, json: boolean): Promise<number> =>
  withRecords(context, async (_persistence, stores) => {
    const keys = await listKeys(stores.records);
    if (json) context.print(JSON.stringify(keys));
    else
      for (const line of table(
        ['for', 'stage', 'key', 'published from', 'signs from', 'gone at'],
        keys.map((key) => [
          key.use,
          key.stage,
          key.kid,
          moment(key.publishedFrom),
          moment(key.signsFrom),
          moment(key.goneAt),
        ]),
      ))
        context.print(line);
    return 0;
  });

const rotate = (context: CommandContext, uses: readonly KeyUse[]): Promise<number> =>
  withRecords(context, async ({ sealerFor }, stores) => {
    const { keys, lifetimes, levels } = context.settings.id;
    const schedule = keySchedule(keys.publication, lifetimes, levels.ageing);
    let rotated = 0;
    for (const use of uses) {
      const made = await rotateKey(stores.records, sealerFor('keys'), use, schedule, operatorName());
      if (made) rotated++;
      context.print(
        made
          ? `${use}: ${made.kid} is published now and signs from ${moment(made.signsFrom)}; what was signed before stays valid`
          : `${use}: a next key is waiting already (bayern-id keys list)`,
      );
    }
    return rotated > 0 ? 0 : 1;
  });

/** @returns the exit code: 0 done, 1 nothing to do. */
export const keysCommand = async (args: readonly string[], context: CommandContext): Promise<number> => {
  const [verb, ...rest] = args;
  const given = rest.join(' ');
  if (verb === 'init' && given === '') return init(context);
  if (verb === 'add' && given === '') return add(context);
  if (verb === 'list' && (given === '' || given === '--format json')) return list(context, given !== '');
  if (verb === 'master' && given === 'rotate') return rotateMasterKey(context);
  const named = keyUses.find((use) => use === given);
  if (verb === 'rotate' && (given === '' || named)) return rotate(context, named ? [named] : keyUses);
  throw new Misunderstood(keysUsage);
};
