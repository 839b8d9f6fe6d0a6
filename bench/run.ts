import { parseArgs } from 'node:util';
import { makePki } from './eid-parts.ts';
import { measureRow } from './measure.ts';
import { resultOf, table, type Result } from './report.ts';
import { rows } from './rows.ts';
import { pin, startServer, type Server } from './servers.ts';
import {
  measureStacks,
  stackConclusions,
  stackHeading,
  stackLine,
  stackNames,
  type StackName,
  type StackPlan,
  type StackResult,
} from './stack.ts';
import { makeFolder } from './world.ts';

const usage = `npm run bench -- [--json] [--rows a,b] [--seconds n] [--rounds n] [--profile folder]
npm run bench -- --stack postgres,redis [--nodes 1,2 [--node-cores 0.25]] [--accounts 1000,100000] [--seconds n] [--json]
rows: ${rows.map(({ name }) => name).join(' ')}`;

const numbers = (text: string): number[] =>
  text.split(',').map((part) => {
    const number = Number(part);
    if (!(Number.isInteger(number) && number > 0)) throw new Error(`${part} is no number`);
    return number;
  });

/** Undefined unless stacks or nodes are asked for. SQLite is measured too, as what the others are compared with. */
const stacksOf = (values: {
  readonly stack?: string | undefined;
  readonly nodes?: string | undefined;
  readonly accounts: string;
  readonly 'node-cores'?: string | undefined;
}): Pick<StackPlan, 'stacks' | 'nodes' | 'accounts' | 'nodeCores'> | undefined => {
  if (values.stack === undefined && values.nodes === undefined) return undefined;
  const wanted = values.stack ?? 'postgres,redis';
  const stack = stackNames.find((name) => name === wanted);
  if (stack === undefined) throw new Error(`--stack: ${stackNames.join(', or ')}`);
  const nodeCores = values['node-cores'] === undefined ? undefined : Number(values['node-cores']);
  if (nodeCores !== undefined && !(nodeCores > 0 && nodeCores <= 1))
    throw new Error('--node-cores: more than 0, at most 1');
  return {
    nodeCores,
    stacks: [...new Set<StackName>(['sqlite', stack])],
    nodes: numbers(values.nodes ?? '1'),
    accounts: numbers(values.accounts).toSorted((a, b) => a - b),
  };
};

const readOptions = () => {
  const { values } = parseArgs({
    options: {
      json: { type: 'boolean', default: false },
      rows: { type: 'string' },
      seconds: { type: 'string', default: '3' },
      rounds: { type: 'string', default: '3' },
      profile: { type: 'string' },
      stack: { type: 'string' },
      nodes: { type: 'string' },
      'node-cores': { type: 'string' },
      accounts: { type: 'string', default: '1000' },
    },
  });
  const names = values.rows?.split(',') ?? rows.map(({ name }) => name);
  const unknown = names.find((name) => !rows.some((row) => row.name === name));
  if (unknown !== undefined) throw new Error(`there is no row ${unknown}`);
  const [seconds, rounds] = [Number(values.seconds), Number(values.rounds)];
  if (!(seconds > 0 && seconds <= 60)) throw new Error('--seconds: more than 0, at most 60');
  if (!(Number.isInteger(rounds) && rounds >= 1 && rounds <= 20)) throw new Error('--rounds: 1 to 20');
  const { json, profile } = values;
  return {
    json,
    profile,
    seconds,
    rounds,
    stacks: stacksOf(values),
    chosen: rows.filter(({ name }) => names.includes(name)),
  };
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

const benchStacks = async (
  wanted: Pick<StackPlan, 'stacks' | 'nodes' | 'accounts' | 'nodeCores'>,
  { json, seconds }: { readonly json: boolean; readonly seconds: number },
): Promise<void> => {
  const results: StackResult[] = [];
  if (!json) console.log(stackHeading);
  await measureStacks(
    {
      ...wanted,
      seconds,
      cores: wanted.nodeCores === undefined ? pin() : undefined,
      progress: (text) => void process.stderr.write(`${text}\n`),
    },
    (result) => {
      results.push(result);
      console.log(json ? JSON.stringify(result) : stackLine(result));
    },
  );
  if (!json) console.log(`\n${stackConclusions(results, wanted.nodeCores).join('\n')}`);
};

try {
  const options = readOptions();
  await (options.stacks ? benchStacks(options.stacks, options) : bench(options));
} catch (error) {
  console.error(`bench: ${error instanceof Error ? error.message : String(error)}\n${usage}`);
  process.exitCode = 1;
}
