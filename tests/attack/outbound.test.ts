import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { createOutbound, OutboundRefused } from '../../src/web/outbound.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { createPerson } from '../support/browse.ts';
import { makeClientFolder, shortFile } from '../support/client-files.ts';
import { startServices, type Services } from './service.ts';

/** Group SR of attacks.md: requests that Bayern-ID makes because a client, or a request, names an address. */
const servers: Server[] = [];
const serve = async (listener: RequestListener): Promise<string> => {
  const server = createServer(listener).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

describe('SR-01: an address in a request is never called', () => {
  let app: TestApp;
  let services: Services;
  beforeAll(async () => {
    app = await startTestApp();
    services = await startServices(app);
  });
  afterAll(async () => {
    await services.close();
    await app.stop();
  });

  test.each(['request_uri', 'jwks_uri', 'sector_identifier_uri', 'logo_uri', 'initiate_login_uri', 'web_message_uri'])(
    '%s',
    async (parameter) => {
      let calls = 0;
      const address = await serve((_request, response) => {
        calls++;
        response.end('{}');
      });
      const service = await services.add({ clientId: `asking-${parameter.replaceAll('_', '-')}` });
      const page = await service.ask(createPerson(), { [parameter]: `${address}/latest/meta-data` });
      expect(page.status).toBeLessThan(500);
      expect(calls).toBe(0);
    },
  );
});

describe('addresses of client files', () => {
  const open = createOutbound({ allowSpecialUse: true });
  const guarded = createOutbound({ allowSpecialUse: false });

  test.each([
    'http://127.0.0.1/',
    'http://[::1]/',
    'http://[::ffff:127.0.0.1]/',
    'http://169.254.169.254/latest',
    'http://10.1.2.3/',
    'http://192.168.0.1/',
    'http://100.64.0.1/',
    'http://[fd00::1]/',
    'http://0.0.0.0/',
    'http://2130706433/',
    'http://0x7f.1/',
  ])('SR-02: %s is not called', async (address) => {
    await expect(guarded(address)).rejects.toThrow(OutboundRefused);
  });

  test('SR-04: a name counts as the address it turns into at the moment of the call', async () => {
    const address = new URL(await serve((_request, response) => response.end('inside')));
    await expect(guarded(`http://localhost:${address.port}/`)).rejects.toThrow(OutboundRefused);
    expect((await open(`http://localhost:${address.port}/`)).status).toBe(200);
  });

  test('SR-03: a redirect is an answer, not a way on', async () => {
    let inside = 0;
    const target = await serve((_request, response) => {
      inside++;
      response.end('inside');
    });
    const address = await serve((_request, response) => response.writeHead(302, { location: target }).end());
    expect((await open(address)).status).toBe(302);
    expect(inside).toBe(0);
  });

  test('SR-07: more than 64 kB, and an answer without end, are cut off', async () => {
    const large = await serve((_request, response) => response.end(Buffer.alloc(70 * 1024)));
    await expect(open(large)).rejects.toThrow(OutboundRefused);
    const slow = await serve((_request, response) => {
      response.writeHead(200);
      const drip = setInterval(() => response.write('.'), 20);
      response.on('close', () => clearInterval(drip));
    });
    const before = Date.now();
    await expect(open(slow, { timeout: 300 })).rejects.toThrow();
    expect(Date.now() - before).toBeLessThan(5000);
  });
});

describe('client files of production', () => {
  const findings = async (...lines: readonly string[]): Promise<string[]> => {
    const folder = makeClientFolder();
    try {
      folder.write('authorities/bayern.yaml', [
        'name: Bayern',
        'client_id_prefix: ""',
        'client_names: any',
        'hosts: any',
      ]);
      folder.write('clients/dienst.yaml', [...shortFile('dienst'), ...lines]);
      return await folder.findings();
    } finally {
      folder.close();
    }
  };

  test('SR-05: no file names a sector document', async () => {
    expect(await findings('sector_identifier_uri: https://169.254.169.254/latest')).toEqual([
      expect.stringContaining('sector_identifier_uri: unknown key'),
    ]);
  });

  test.each([
    ['SR-06: this machine', 'https://127.0.0.1/logout', 'leads to this machine'],
    ['SR-06: a private network', 'https://10.0.0.7/logout', 'leads to this machine or into a private network'],
    ['SR-06: a name of a private network', 'https://dienst.internal/logout', 'private network'],
    ['SR-06: without TLS', 'http://dienst.stadt.example/logout', 'must begin with https'],
    ['SR-06: a wildcard', 'https://*.stadt.example/logout', 'a wildcard is never accepted'],
    ['SR-06: a place for what a request says', 'https://dienst.stadt.example/{sid}', 'is not in its normal form'],
  ])('%s is no place to be told of a logout', async (_title, address, reason) => {
    expect(await findings(`backchannel_logout_uri: '${address}'`)).toEqual([expect.stringContaining(reason)]);
  });
});
