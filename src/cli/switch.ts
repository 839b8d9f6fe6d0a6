import { nearest } from '../config/report.ts';
import { readSwitches, setSwitch, switchableMethods } from '../id/switches.ts';
import { Misunderstood, moment, operatorName, table, withRecords, type CommandContext } from './context.ts';

export const switchUsage = `bayern-id switch off|on method ${switchableMethods.join('|')}
bayern-id switch off|on client <client id>
                                  kill switches: in force on every node within a minute
bayern-id switch list`;

const list = (context: CommandContext): Promise<number> =>
  withRecords(context, async (_persistence, stores) => {
    const rows = await readSwitches(stores.records);
    if (rows.length === 0) context.print('nothing was ever switched off');
    else
      for (const line of table(
        ['kind', 'name', 'state', 'since'],
        rows.map((row) => [row.kind, row.name, row.is_off === 1 ? 'off' : 'on', moment(row.changed_at)]),
      ))
        context.print(line);
    return 0;
  });

/** @returns the exit code: 0 done, 1 nothing was done. */
export const switchCommand = async (args: readonly string[], context: CommandContext): Promise<number> => {
  const [verb, kind, name, ...more] = args;
  if (verb === 'list' && kind === undefined) return list(context);
  if ((verb !== 'off' && verb !== 'on') || (kind !== 'method' && kind !== 'client') || !name || more.length > 0)
    throw new Misunderstood(switchUsage);
  const known: readonly string[] = kind === 'method' ? switchableMethods : await context.clientIds();
  return withRecords(context, async (_persistence, stores) => {
    // A switch with a typing error would look like one that works.
    const switched = (await readSwitches(stores.records)).some((row) => row.kind === kind && row.name === name);
    if (!known.includes(name) && !switched) {
      const meant = nearest(name, known);
      context.print(`there is no ${kind} "${name}"${meant === undefined ? '' : `; did you mean ${meant}?`}`);
      return 1;
    }
    const changed = await setSwitch(stores.records, { kind, name, off: verb === 'off' }, operatorName());
    context.print(
      changed ? `${kind} ${name} is ${verb}, on every node within a minute` : `${kind} ${name} is ${verb} already`,
    );
    return changed ? 0 : 1;
  });
};
