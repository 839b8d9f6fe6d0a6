import { createHash, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { importJWK, SignJWT, type JWK } from 'jose';
import type { Sample } from './child.ts';
import type { Plan, Round } from './measure.ts';
import { startServer, type Server, type ServerOptions } from './servers.ts';

type Options = Pick<ServerOptions, 'core' | 'profile'>;

const bodyOf = (): string =>
  JSON.stringify({
    requestId: randomUUID(),
    requestTimestamp: '2026-01-01T00:00:00Z',
    currency: 'EUR',
    grosAmount: 13,
    purpose: 'Messung',
    redirectUrl: 'https://dienst.example/',
    items: [
      {
        id: '1',
        description: 'Messung',
        taxRate: 0,
        quantity: 1,
        totalNetAmount: 13,
        totalTaxAmount: 0,
        singleNetAmount: 13,
        singleTaxAmount: 0,
      },
    ],
    requestor: {
      name: 'Mustermann',
      firstName: 'Erika',
      address: { street: 'Weg', houseNumber: '1', postalCode: '90000', city: 'Musterstadt' },
    },
  });

interface Access {
  readonly token: string;
  readonly prove: (method: string, url: string) => Promise<string>;
}

const accessOf = async (server: Server): Promise<Access> => {
  const { token, key } = JSON.parse(await server.ask('token')) as { readonly token: string; readonly key: JWK };
  const { d: _private, ...jwk } = key;
  const signing = await importJWK(key, 'ES256');
  const ath = createHash('sha256').update(token).digest('base64url');
  return {
    token,
    prove: (htm, htu) =>
      new SignJWT({ jti: randomUUID(), iat: Math.floor(Date.now() / 1000), htm, htu, ath })
        .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk })
        .sign(signing),
  };
};

const call = async (
  agent: Agent,
  port: number,
  { token, prove }: Access,
  { method, path, body }: { readonly method: string; readonly path: string; readonly body?: string },
): Promise<string> => {
  const proof = await prove(method, `http://localhost:${port}${path}`);
  return new Promise((resolve, reject) => {
    const sending = request(
      {
        host: '127.0.0.1',
        port,
        method,
        path,
        agent,
        headers: {
          host: `localhost:${port}`,
          authorization: `DPoP ${token}`,
          dpop: proof,
          ...(body === undefined
            ? {}
            : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
        },
      },
      (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('error', reject);
        answer.on('end', () => {
          if (answer.statusCode === 200) resolve(Buffer.concat(chunks).toString());
          else reject(new Error(`${method} was answered ${answer.statusCode}`));
        });
      },
    );
    sending.on('error', reject);
    sending.end(body);
  });
};

const place = '/api/paymenttransaction/messung/amt';

/** Works for so many seconds, by so many at once. */
const sample = async (server: Server, seconds: number, once: (agent: Agent) => Promise<unknown>): Promise<Sample> => {
  const workers = 16;
  const agent = new Agent({ keepAlive: true, maxSockets: workers });
  const latencies: number[] = [];
  const [{ ms: before }, begin] = [await server.ask('cpu'), performance.now()];
  const work = async (): Promise<void> => {
    do {
      const start = performance.now();
      await once(agent);
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

const withServer = async (
  options: Options,
  name: string,
  { rounds, seconds, progress }: Plan,
  prepare: (server: Server) => Promise<(seconds: number) => Promise<Sample>>,
): Promise<readonly Round[]> => {
  const folder = mkdtempSync(join(tmpdir(), 'bayern-id-bench-bezahlsystem-'));
  const server = await startServer({ name: 'bezahlsystem', folder, ...options });
  try {
    const take = await prepare(server);
    await take(Math.min(1, seconds));
    const made: Round[] = [];
    for (let round = 1; round <= rounds; round++) {
      progress(`${name} ${round}/${rounds}`);
      made.push({ product: await take(seconds) });
    }
    return made;
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
};

export const measureCreate = (options: Options, plan: Plan): Promise<readonly Round[]> =>
  withServer(options, 'payment-create', plan, async (server) => {
    const access = await accessOf(server);
    return (seconds) =>
      sample(server, seconds, (agent) =>
        call(agent, server.port, access, { method: 'POST', path: place, body: bodyOf() }),
      );
  });

export const measureRead = (options: Options, plan: Plan): Promise<readonly Round[]> =>
  withServer(options, 'payment-read', plan, async (server) => {
    const access = await accessOf(server);
    const agent = new Agent();
    const made = await call(agent, server.port, access, { method: 'POST', path: place, body: bodyOf() });
    agent.destroy();
    const { transactionId } = (JSON.parse(made) as { paymentInformation: { transactionId: string } })
      .paymentInformation;
    return (seconds) =>
      sample(server, seconds, (own) =>
        call(own, server.port, access, { method: 'GET', path: `${place}/${transactionId}` }),
      );
  });

export const measurePay = (options: Options, plan: Plan): Promise<readonly Round[]> =>
  withServer(options, 'payment-pay', plan, async (server) => (seconds) => server.ask('payment-pay', seconds));
