import { parseArgs } from 'node:util';
import { makePki } from './eid-parts.ts';
import { measureRow } from './measure.ts';
import { resultOf, table, type Result } from './report.ts';
import { rows } from './rows.ts';
import { pin, startServer, type Server } from './servers.ts';
import { makeFolder } from './world.ts';

const usage = `npm run bench -- [--json] [--rows a,b] [--seconds n] [--rounds n] [--profile folder]
rows: ${rows.map(({ name }) => name).join(' ')}`;

const readOptions = () => {
  const { values } = parseArgs({
    options: {
      json: { type: 'boolean', default: false },
      rows: { type: 'string' },
      seconds: { type: 'string', default: '3' },
      rounds: { type: 'string', default: '3' },
      profile: { type: 'string' },
    },
  });
  const names = values.rows?.split(',') ?? rows.map(({ name }) => name);
  const unknown = names.find((name) => !rows.some((row) => row.name === name));
  if (unknown !== undefined) throw new Error(`there is no row ${unknown}`);
  const [seconds, rounds] = [Number(values.seconds), Number(values.rounds)];
  if (!(seconds > 0 && seconds <= 60)) throw new Error('--seconds: more than 0, at most 60');
  if (!(Number.isInteger(rounds) && rounds >= 1 && rounds <= 20)) throw new Error('--rounds: 1 to 20');
  const { json, profile } = values;
  return { json, profile, seconds, rounds, chosen: rows.filter(({ name }) => names.includes(name)) };
};

const about = (name: string): string => rows.find((row) => row.name === name)?.about ?? '';

const bench = async ({ json, profile, seconds, rounds, chosen }: ReturnType<typeof readOptions>): Promise<void> => {
  const progress = (text: string): void => void process.stderr.write(`${text}\n`);
  const cores = pin();
  progress(
    cores
      ? `servers on core ${cores.servers}, driver on core ${cores.driver}`
      : 'not pinned (one core, or no taskset): believe ratios only',
  );
  const folder = makeFolder();
  await makePki(folder.path);
  const running: Server[] = [];
  const start = async (name: 'product' | 'bare'): Promise<Server> => {
    const server = await startServer({ name, folder: folder.path, core: cores?.servers, profile });
    running.push(server);
    return server;
  };
  let ending: Promise<void> | undefined;
  const end = (): Promise<void> =>
    (ending ??= Promise.all(running.map((server) => server.stop())).then(() => folder.remove()));
  process.once('SIGINT', () => void end().then(() => process.exit(130)));
  process.once('SIGTERM', () => void end().then(() => process.exit(143)));
  try {
    const servers = { product: await start('product'), bare: await start('bare') };
    const results: Result[] = [];
    for (const row of chosen) {
      const plan = { rounds, seconds, progress };
      const measured = row.apart
        ? await row.apart({ core: cores?.servers, profile }, plan)
        : await measureRow(row, servers, plan);
      const result = resultOf(row.name, measured);
      results.push(result);
      if (json) console.log(JSON.stringify(result));
    }
    if (!json) console.log(`\n${table(results, about)}`);
  } finally {
    await end();
  }
};

try {
  await bench(readOptions());
} catch (error) {
  console.error(`bench: ${error instanceof Error ? error.message : String(error)}\n${usage}`);
  process.exitCode = 1;
}
