import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Sample } from './child.ts';
import type { Plan, Round } from './measure.ts';
import { startServer, type Server, type ServerOptions } from './servers.ts';

/** The letter's part, and the file that goes with it. */
interface Body {
  readonly letter: string;
  readonly file?: Buffer;
}

const boundary = 'messung';

/** As many mailboxes as there are workers: letters of one mailbox are written one after the other. */
const bodyOf = (recipient: string, file?: Buffer): Body => {
  const attachments =
    file === undefined
      ? []
      : [
          {
            name: 'a.pdf',
            type: 'application/pdf',
            length: file.length,
            sha512: createHash('sha512').update(file).digest('hex'),
          },
        ];
  const content = { type: 'text', body: 'Sehr geehrte Damen und Herren. '.repeat(60) };
  return {
    letter: JSON.stringify({ recipient, service: 'Messung', subject: 'Bescheid', content, level: 'low', attachments }),
    ...(file === undefined ? {} : { file }),
  };
};

const deliver = (agent: Agent, port: number, token: string, { letter, file }: Body): Promise<void> =>
  new Promise((resolve, reject) => {
    const part = (name: string, more = ''): string =>
      `--${boundary}\r\ncontent-disposition: form-data; name="${name}"${more}\r\n\r\n`;
    const head = `${part('letter')}${letter}\r\n`;
    const before = file === undefined ? '' : part('file', '; filename="a.pdf"');
    const end = `${file === undefined ? '' : '\r\n'}--${boundary}--\r\n`;
    const length = Buffer.byteLength(head + before + end) + (file?.length ?? 0);
    const sending = request(
      {
        host: '127.0.0.1',
        port,
        method: 'PUT',
        path: `/api/letters/${randomUUID()}`,
        agent,
        headers: {
          host: `localhost:${port}`,
          authorization: `Bearer ${token}`,
          'content-type': `multipart/form-data; boundary=${boundary}`,
          'content-length': length,
        },
      },
      (answer) => {
        answer.resume();
        answer.on('error', reject);
        answer.on('end', () => {
          if (answer.statusCode === 201) resolve();
          else reject(new Error(`a letter was answered ${answer.statusCode}`));
        });
      },
    );
    sending.on('error', reject);
    sending.write(head + before);
    if (file !== undefined) sending.write(file);
    sending.end(end);
  });

/** Delivers for so many seconds, by so many workers at once. */
const deliveries = async (server: Server, workers: number, seconds: number, file?: Buffer): Promise<Sample> => {
  const token = await server.ask('token');
  const agent = new Agent({ keepAlive: true, maxSockets: workers });
  const latencies: number[] = [];
  const [{ ms: before }, begin] = [await server.ask('cpu'), performance.now()];
  const work = async (_: unknown, number: number): Promise<void> => {
    const body = bodyOf(`person${number}`, file);
    do {
      const start = performance.now();
      await deliver(agent, server.port, token, body);
      latencies.push(performance.now() - start);
    } while (performance.now() - begin < seconds * 1000);
  };
  try {
    await Promise.all(Array.from({ length: workers }, work));
  } finally {
    agent.destroy();
  }
  const [{ ms: after }, end] = [await server.ask('cpu'), performance.now()];
  return {
    count: latencies.length,
    seconds: (end - begin) / 1000,
    cpuMs: (after - before) / latencies.length,
    latencies,
  };
};

type Options = Pick<ServerOptions, 'core' | 'profile'>;

const withServer = async (
  options: Options,
  measure: (server: Server) => Promise<readonly Round[]>,
): Promise<readonly Round[]> => {
  const folder = mkdtempSync(join(tmpdir(), 'bayern-id-bench-postfach-'));
  const server = await startServer({ name: 'postfach', folder, ...options });
  try {
    return await measure(server);
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
};

const rounds = async (
  name: string,
  { rounds: count, progress }: Plan,
  take: () => Promise<Sample>,
): Promise<readonly Round[]> => {
  const made: Round[] = [];
  for (let round = 1; round <= count; round++) {
    progress(`${name} ${round}/${count}`);
    made.push({ product: await take() });
  }
  return made;
};

/** Letters of 2 kB. */
export const measureLetter = (options: Options, plan: Plan): Promise<readonly Round[]> =>
  withServer(options, async (server) => {
    await deliveries(server, 16, Math.min(1, plan.seconds));
    return rounds('postfach-letter', plan, () => deliveries(server, 16, plan.seconds));
  });

/** A PDF that is nearly all one image, as scanned documents are. */
const scanned = (bytes: number): Buffer => {
  const image = randomBytes(bytes - 200);
  const head = `%PDF-1.4\n1 0 obj\n<< /Type /XObject /Subtype /Image /Filter /DCTDecode /Length ${image.length} >>\nstream\n`;
  return Buffer.concat([Buffer.from(head), image, Buffer.from('\nendstream\nendobj\n%%EOF\n')]);
};

/** Letters of 50 MB, one at a time; how far the process grows beyond what small letters take. */
export const measureAttachment = (options: Options, plan: Plan): Promise<readonly Round[]> =>
  withServer(options, async (server) => {
    const file = scanned(50 * 1024 * 1024);
    await deliveries(server, 16, Math.max(1, plan.seconds));
    const { peak: before } = await server.ask('memory');
    return rounds('postfach-attachment', plan, async () => {
      const sample = await deliveries(server, 1, plan.seconds, file);
      const { peak } = await server.ask('memory');
      return { ...sample, memoryMB: peak - before };
    });
  });

export const measureInbox = (options: Options, plan: Plan): Promise<readonly Round[]> =>
  withServer(options, async (server) => {
    // The first fills it.
    await server.ask('postfach-inbox', 0.1);
    return rounds('postfach-inbox', plan, () => server.ask('postfach-inbox', plan.seconds));
  });
