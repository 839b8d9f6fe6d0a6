import { createConnection, createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import { startPostgres, startStandby, type TestServer } from '../servers.ts';

/** A primary, a synchronous standby, and an address that leads to one of them, as a virtual address does. */
export interface PostgresPair {
  /** By the address. */
  readonly url: string;
  readonly primary: TestServer;
  readonly standby: TestServer;
  /** New connections lead there from now on; those that are established stay where they are. */
  lead(to: TestServer): void;
  /** Makes the standby the primary. */
  promote(): Promise<void>;
  stop(): Promise<void>;
}

/** @returns the first column of the first row. */
const ask = async ({ url }: TestServer, question: string): Promise<unknown> => {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<unknown[]>({ text: question, rowMode: 'array' });
    return rows[0]?.[0];
  } finally {
    await client.end();
  }
};

export const startPostgresPair = async (): Promise<PostgresPair> => {
  const primary = await startPostgres();
  const standby = await startStandby(primary);
  // What was confirmed is on both.
  await ask(primary, "alter system set synchronous_standby_names = '*'");
  await ask(primary, 'select pg_reload_conf()');
  while ((await ask(primary, "select count(*) from pg_stat_replication where sync_state = 'sync'")) !== '1')
    await pause(50);

  let target = primary;
  const sockets = new Set<Socket>();
  const address = createServer((near) => {
    const far = createConnection({ port: target.port, host: '127.0.0.1' });
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one);
      one.on('error', () => {});
      one.on('close', () => {
        sockets.delete(one);
        other.destroy();
      });
    }
    near.pipe(far).pipe(near);
  });
  await new Promise<void>((resolve) => {
    address.listen(0, '127.0.0.1', resolve);
  });
  const { port } = address.address() as AddressInfo;
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    primary,
    standby,
    lead(to) {
      target = to;
    },
    async promote() {
      await ask(standby, 'select pg_promote()');
    },
    async stop() {
      address.close();
      for (const socket of sockets) socket.destroy();
      await standby.stop();
      await primary.stop();
    },
  };
};
