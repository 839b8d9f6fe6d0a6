import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { makePki } from './eid-parts.ts';
import { pin, startServer, type Server } from './servers.ts';
import { Visitor } from './visitor.ts';
import { accountName, freePort, makeFolder } from './world.ts';

/**
 * Logins with the Online-Ausweis as they are: the real adapter, mutual TLS and signatures, an eID-Server with client and
 * cards in a process of its own, whose share is not counted. First what a login costs, then how 200 at once with an
 * eID-Server that takes 5 s for each answer weigh on memory and on those who log in by password meanwhile.
 */

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    seconds: { type: 'string', default: '6' },
    inFlight: { type: 'string', default: '200' },
    delay: { type: 'string', default: '5' },
    profile: { type: 'string' },
  },
});
const seconds = Number(values.seconds);
const inFlight = Number(values.inFlight);
const delay = Number(values.delay) * 1000;
const progress = (text: string): void => void process.stderr.write(`${text}\n`);

const quantile = (values: readonly number[], part: number): number => {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
};

interface World {
  readonly product: Server;
  readonly client: (tcTokenUrl: string) => Promise<string>;
  end(): Promise<void>;
}

const cores = pin();

const startWorld = async (answersAfter: number): Promise<World> => {
  const folder = makeFolder();
  await makePki(folder.path);
  const [soapPort, port] = [await freePort(), await freePort()];
  const service = `http://localhost:${port}`;
  const eid = await startServer({
    name: 'eid',
    folder: folder.path,
    // Beside the driver: the product has its core for itself.
    core: cores?.driver,
    eid: { soapPort, service, delay: answersAfter },
  });
  const product = await startServer({
    name: 'product',
    folder: folder.path,
    core: cores?.servers,
    port,
    eid: { soapPort },
    profile: values.profile,
  });
  return {
    product,
    client: async (tcTokenUrl) => (await eid.ask('client', 0, tcTokenUrl)).location,
    async end() {
      await product.stop();
      await eid.stop();
      folder.remove();
    },
  };
};

/** A visitor who does the same thing over and over, and when each time was done. */
const again = async (until: () => boolean, once: () => Promise<unknown>, done: (ms: number) => void): Promise<void> => {
  while (!until()) {
    const start = performance.now();
    await once();
    done(performance.now() - start);
  }
};

const costs = async (): Promise<{ cpuMs: number; logins: number }> => {
  const world = await startWorld(0);
  try {
    const state = { over: false, measured: false };
    let logins = 0;
    const crowd = Array.from({ length: 8 }, () => new Visitor(world.product));
    const work = crowd.map((visitor) =>
      again(
        () => state.over,
        async () => {
          visitor.forget();
          await visitor.userinfo((await visitor.loginByRealCard(world.client)).access_token);
        },
        () => {
          if (state.measured) logins += 1;
        },
      ),
    );
    progress('what a login costs');
    // Long enough that each card has its account.
    await Promise.race([pause(4000), Promise.all(work)]);
    const { ms: before } = await world.product.ask('cpu');
    state.measured = true;
    await Promise.race([pause(seconds * 1000), Promise.all(work)]);
    const { ms: after } = await world.product.ask('cpu');
    state.over = true;
    const counted = logins;
    await Promise.all(work);
    for (const visitor of crowd) visitor.close();
    return { cpuMs: (after - before) / counted, logins: counted };
  } finally {
    await world.end();
  }
};

interface Weight {
  readonly inFlight: number;
  /** MB more than before, at most. */
  readonly memory: { readonly resident: number; readonly held: number };
  readonly eidLogins: number;
  /** Latencies of logins by password, ms: median and 95 % quantile. */
  readonly alone: readonly [number, number];
  readonly beside: readonly [number, number];
}

const weighs = async (): Promise<Weight> => {
  const world = await startWorld(delay);
  try {
    const { product } = world;
    const password = new Visitor(product);
    let turn = 0;
    /** One at a time, with a pause: what is to be seen is how long it waits, not how many there can be. */
    const passwords = async (until: () => boolean): Promise<number[]> => {
      const latencies: number[] = [];
      await again(
        until,
        async () => {
          password.forget();
          const start = performance.now();
          await password.login(accountName(turn++));
          latencies.push(performance.now() - start);
          await pause(40);
        },
        () => {},
      );
      return latencies;
    };
    const quantiles = (latencies: readonly number[]): [number, number] => [
      quantile(latencies, 0.5),
      quantile(latencies, 0.95),
    ];
    const forSeconds = (length: number): (() => boolean) => {
      const end = performance.now() + length * 1000;
      return () => performance.now() > end;
    };
    progress('logins by password alone');
    await passwords(forSeconds(3));
    const alone = quantiles(await passwords(forSeconds(seconds)));

    progress(`${inFlight} logins by card with an eID-Server that takes ${delay / 1000} s for each answer`);
    const before = await product.ask('memory');
    const crowd = Array.from({ length: inFlight }, () => new Visitor(product));
    let logins = 0;
    const all = Promise.all(
      crowd.map(async (visitor) => {
        await visitor.loginByRealCard(world.client);
        logins += 1;
      }),
    );
    // All begin at once and move on at once, as each answer comes. What counts is the time between, when they only wait.
    const begun = performance.now();
    const beside: number[] = [];
    let peak = before;
    for (const answers of [delay, 2 * delay]) {
      await pause(Math.max(0, begun + answers - delay / 2 - performance.now()));
      beside.push(...(await passwords(() => performance.now() > begun + answers - 300)));
      const now = await product.ask('memory');
      peak = { ...now, resident: Math.max(peak.resident, now.resident), held: Math.max(peak.held, now.held) };
    }
    await all;
    for (const visitor of [...crowd, password]) visitor.close();
    const memory = { resident: peak.resident - before.resident, held: peak.held - before.held };
    return { inFlight, memory, eidLogins: logins, alone, beside: quantiles(beside) };
  } finally {
    await world.end();
  }
};

try {
  const cost = await costs();
  const weight = await weighs();
  if (values.json) console.log(JSON.stringify({ ...cost, ...weight }));
  else {
    const ms = (value: number): string => value.toFixed(1);
    console.log(`
eID login in all, without the eID-Server's own share: ${cost.cpuMs.toFixed(2)} ms CPU (${cost.logins} logins; aim: below 6)
${weight.inFlight} in flight, each answer after ${delay / 1000} s: ${ms(weight.memory.held)} MB held at most, ${ms(weight.memory.resident)} MB more resident (aim: 100); ${weight.eidLogins} ended well
logins by password, median and 95 %: alone ${ms(weight.alone[0])} and ${ms(weight.alone[1])} ms, while they wait ${ms(weight.beside[0])} and ${ms(weight.beside[1])} ms`);
  }
} catch (error) {
  console.error(`bench: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
