import { createServer, type AddressInfo } from 'node:net';
import type { Sample } from './child.ts';
import { makePki } from './eid-parts.ts';
import type { Plan, Round } from './measure.ts';
import { startServer, type Server, type ServerOptions } from './servers.ts';
import { Visitor } from './visitor.ts';
import { makeFolder } from './world.ts';

/** A mail server as far as ours asks for one (RFC 5321), which hands out the codes that it was sent. */
const listen = async () => {
  const waiting = new Map<string, (code: string) => void>();
  const arrived = new Map<string, string>();
  const take = (mail: string): void => {
    const to = /^To: <?([^\s>]+)>?/im.exec(mail)?.[1] ?? '';
    const code = /\/registrieren\/code\/(\d{6})/.exec(mail.replaceAll('=\r\n', ''))?.[1] ?? '';
    const resolve = waiting.get(to);
    waiting.delete(to);
    if (resolve) resolve(code);
    else arrived.set(to, code);
  };
  const server = createServer((socket) => {
    let [text, inData] = ['', false];
    const say = (line: string): boolean => socket.write(`${line}\r\n`);
    say('220 bench');
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1');
      for (;;) {
        const end = inData ? '\r\n.\r\n' : '\r\n';
        const at = text.indexOf(end);
        if (at === -1) return;
        const part = text.slice(0, at);
        text = text.slice(at + end.length);
        const verb = part.slice(0, 4).toUpperCase();
        if (inData) {
          inData = false;
          take(part);
          say('250 taken');
        } else if (verb === 'DATA') {
          inData = true;
          say('354 go on');
        } else if (verb === 'QUIT') {
          say('221 bye');
          socket.end();
        } else say('250 bench');
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    codeFor: (email: string): Promise<string> => {
      const code = arrived.get(email);
      arrived.delete(email);
      return code === undefined ? new Promise((resolve) => waiting.set(email, resolve)) : Promise.resolve(code);
    },
    close: () => server.close(),
  };
};

let registered = 0;

const registrations = async (
  server: Server,
  codeFor: (email: string) => Promise<string>,
  seconds: number,
): Promise<Sample> => {
  const latencies: number[] = [];
  const visitor = new Visitor(server);
  try {
    const [{ ms: before }, begin] = [await server.ask('cpu'), performance.now()];
    let now = begin;
    while (now - begin < seconds * 1000 || latencies.length === 0) {
      visitor.forget();
      await visitor.userinfo((await visitor.register(`neu${++registered}@example.org`, codeFor)).access_token);
      latencies.push(performance.now() - now);
      now = performance.now();
    }
    const { ms: after } = await server.ask('cpu');
    const count = latencies.length;
    return { count, seconds: (now - begin) / 1000, cpuMs: (after - before) / count, latencies };
  } finally {
    visitor.close();
  }
};

/** A registration from the first page to the service, with the mail in between. The bare library has none. */
export const measureRegistration = async (
  options: Pick<ServerOptions, 'core' | 'profile'>,
  { rounds, seconds, progress }: Plan,
): Promise<readonly Round[]> => {
  const mail = await listen();
  const folder = makeFolder();
  await makePki(folder.path);
  const server = await startServer({ name: 'product', folder: folder.path, smtpPort: mail.port, ...options });
  try {
    await registrations(server, mail.codeFor, 0.001);
    const made: Round[] = [];
    for (let round = 1; round <= rounds; round++) {
      progress(`registration ${round}/${rounds} product`);
      made.push({ product: await registrations(server, mail.codeFor, seconds) });
    }
    return made;
  } finally {
    await server.stop();
    mail.close();
    folder.remove();
  }
};
