import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Sample } from './child.ts';
import { makePki } from './eid-parts.ts';
import type { Plan, Round } from './measure.ts';
import { startServer, type Server, type ServerOptions } from './servers.ts';
import { Visitor } from './visitor.ts';
import { accountName, makeFolder, toldService } from './world.ts';

/** Services that one citizen used on one login. */
const services = 50;

/** Those who are told that a session has ended: one server that counts. */
const listen = async () => {
  let [told, wanted] = [0, Infinity];
  let reached: () => void = () => {};
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      response.writeHead(200).end();
      told++;
      if (told === wanted) reached();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    /** Resolves when so many more were told. */
    next: (count: number): Promise<void> =>
      new Promise((resolve) => {
        [told, wanted, reached] = [0, count, resolve];
      }),
    close: () => server.close(),
  };
};

/** One after another: each logout needs 50 logins before it, which are not measured. */
const logouts = async (server: Server, next: (count: number) => Promise<void>, seconds: number): Promise<Sample> => {
  const latencies: number[] = [];
  const total = { cpu: 0, ms: 0 };
  const visitor = new Visitor(server);
  try {
    while (total.ms < seconds * 1000) {
      visitor.forget();
      let tokens = await visitor.login(accountName(0), { clientId: toldService(0) });
      for (let number = 1; number < services; number++)
        tokens = await visitor.login(accountName(0), { clientId: toldService(number) });
      const [{ ms: before }, begin] = [await server.ask('cpu'), performance.now()];
      const last = next(services);
      await visitor.logout(tokens);
      await last;
      const [{ ms: after }, end] = [await server.ask('cpu'), performance.now()];
      latencies.push(end - begin);
      total.cpu += after - before;
      total.ms += end - begin;
    }
  } finally {
    visitor.close();
  }
  return { count: latencies.length, seconds: total.ms / 1000, cpuMs: total.cpu / latencies.length, latencies };
};

/** Back-channel logout to 50 services: ours through the outbox, the bare library's while the citizen waits. */
export const measureLogout = async (
  options: Pick<ServerOptions, 'core' | 'profile'>,
  { rounds, seconds, progress }: Plan,
): Promise<readonly Round[]> => {
  const receiver = await listen();
  const told = { count: services, port: receiver.port };
  const folder = makeFolder(told);
  await makePki(folder.path);
  const running: Server[] = [];
  const start = async (name: ServerOptions['name']): Promise<Server> => {
    const server = await startServer({ name, folder: folder.path, told, ...options });
    running.push(server);
    return server;
  };
  try {
    const servers = { product: await start('product'), bare: await start('bare') };
    const take = (side: keyof typeof servers, round: number): Promise<Sample> => {
      progress(`logout-50 ${round}/${rounds} ${side}`);
      return logouts(servers[side], receiver.next, seconds);
    };
    // The first logout of each is for warming up.
    for (const server of [servers.product, servers.bare]) await logouts(server, receiver.next, 0.001);
    const made: Round[] = [];
    for (let round = 1; round <= rounds; round++)
      made.push({ product: await take('product', round), bare: await take('bare', round) });
    return made;
  } finally {
    await Promise.all(running.map((server) => server.stop()));
    receiver.close();
    folder.remove();
  }
};
