import { setTimeout as pause } from 'node:timers/promises';
import type { Sample } from './child.ts';
import { createWorkers, type Row, type Worker } from './rows.ts';
import type { Server } from './servers.ts';
import { Visitor } from './visitor.ts';

/** Lets all workers go on for a while and takes what was done in the measured part of it. */
const sample = async (
  server: Server,
  crowd: readonly Worker[],
  once: (worker: Worker) => Promise<unknown>,
  { warmUp, seconds }: { readonly warmUp: number; readonly seconds: number },
): Promise<Sample> => {
  const state: { phase: 'warm' | 'measured' | 'over' } = { phase: 'warm' };
  const latencies: number[] = [];
  const work = crowd.map(async (worker) => {
    while (state.phase !== 'over') {
      const start = performance.now();
      await once(worker);
      if (state.phase === 'measured') latencies.push(performance.now() - start);
    }
  });
  const over = Promise.all(work);
  // What a worker throws ends the bench at once, not after the pause.
  const wait = (time: number): Promise<unknown> => Promise.race([pause(time * 1000), over]);
  try {
    await wait(warmUp);
    const [{ ms: before }, begin] = [await server.ask('cpu'), performance.now()];
    state.phase = 'measured';
    await wait(seconds);
    // A slow thing on a busy machine: without one that ended there is nothing to divide by.
    while (latencies.length === 0) await wait(0.2);
    const [{ ms: after }, end] = [await server.ask('cpu'), performance.now()];
    state.phase = 'over';
    const count = latencies.length;
    await over;
    return {
      count,
      seconds: (end - begin) / 1000,
      cpuMs: (after - before) / count,
      latencies: latencies.slice(0, count),
    };
  } finally {
    state.phase = 'over';
  }
};

export interface Round {
  readonly product: Sample;
  /** Undefined where the bare library has no counterpart. */
  readonly bare?: Sample;
}

export interface Plan {
  readonly rounds: number;
  /** Measured seconds of one round and side. */
  readonly seconds: number;
  readonly progress: (text: string) => void;
}

/** The second time: what is done once in the life of a process is not what is looked for. */
const recordOnce = async (
  once: (visitor: Visitor) => Promise<unknown>,
  server: Server,
  progress: Plan['progress'],
): Promise<void> => {
  const visitor = new Visitor(server);
  try {
    await once(visitor);
    await server.ask('record');
    await once(visitor);
    progress(`recorded: ${JSON.stringify(await server.ask('recorded'))}`);
  } finally {
    visitor.close();
  }
};

/** Ours and the bare library in turn, so that what the machine does meanwhile meets both. */
export const measureRow = async (
  row: Row,
  servers: { readonly product: Server; readonly bare: Server },
  { rounds, seconds, progress }: Plan,
): Promise<readonly Round[]> => {
  const { once, inside } = row;
  if (inside) {
    if (row.recorded) await recordOnce(row.recorded, servers.product, progress);
    const made: Round[] = [];
    for (let round = 1; round <= rounds; round++) {
      progress(`${row.name} ${round}/${rounds}`);
      made.push({ product: await servers.product.ask(inside, seconds) });
    }
    return made;
  }
  if (!once) throw new Error(`nothing is measured in the row ${row.name}`);
  const crowds = {
    product: await createWorkers(row, servers.product),
    bare: row.oursAlone === true ? [] : await createWorkers(row, servers.bare),
  };
  const take = (side: keyof typeof servers, round: number): Promise<Sample> => {
    progress(`${row.name} ${round}/${rounds} ${side}`);
    return sample(servers[side], crowds[side], once, { warmUp: round === 1 ? 2 : 0.5, seconds });
  };
  try {
    const made: Round[] = [];
    for (let round = 1; round <= rounds; round++)
      made.push({
        product: await take('product', round),
        ...(row.oursAlone === true ? {} : { bare: await take('bare', round) }),
      });
    return made;
  } finally {
    for (const { visitor } of [...crowds.product, ...crowds.bare]) visitor.close();
  }
};
