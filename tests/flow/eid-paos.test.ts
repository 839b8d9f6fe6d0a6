import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { EidRequest, EidSession } from '../../src/id/authentication/eid/port.ts';
import { freePort } from '../support/free-port.ts';
import { eidWorld, type EidWorld } from './eid-adapter-world.ts';

let world: EidWorld;
let directory: string;
let paosPort: number;
let session: EidSession;
const wish: EidRequest = { operations: { RestrictedID: 'required' } };

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'paos-'));
  paosPort = await freePort();
  world = await eidWorld({ tcTokenOrigins: ['https://localhost:3000'], ausweisapp: { port: paosPort, directory } });
});
afterAll(async () => {
  await world.close();
  rmSync(directory, { recursive: true, force: true });
});

const port = () => world.adapter({ paos_addresses: [`https://localhost:${paosPort}/paos`] });
beforeEach(async () => {
  session = await port().start(wish);
});

interface Call {
  readonly identity?: string;
  readonly key?: string;
  readonly path?: string;
  readonly method?: string;
  readonly body?: string;
  readonly host?: string;
  /** Another offer of TLS than the client's. */
  readonly tls?: {
    readonly minVersion?: 'TLSv1.2' | 'TLSv1.3';
    readonly maxVersion?: 'TLSv1.2' | 'TLSv1.3';
    readonly ciphers?: string;
  };
}

const startPaos = (id: string): string =>
  `<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Header/><soap:Body><StartPAOS xmlns="urn:iso:std:iso-iec:24727:tech:schema"><SessionIdentifier>${id}</SessionIdentifier></StartPAOS></soap:Body></soap:Envelope>`;

/** A request as an eID client makes it. Rejects when there is no channel. */
const call = (how: Call = {}): Promise<{ status: number; type: string; body: string }> =>
  new Promise((fulfil, reject) => {
    const channel = connect({
      host: '127.0.0.1',
      port: paosPort,
      servername: 'localhost',
      // The client knows the certificate by its hash in the certificate description.
      ca: world.pki.ca.certificate,
      maxVersion: 'TLSv1.2',
      ciphers: 'RSA-PSK-AES256-GCM-SHA384',
      pskCallback: () => ({ identity: how.identity ?? session.pskId, psk: Buffer.from(how.key ?? session.psk, 'hex') }),
      ...how.tls,
    });
    const outgoing = request(
      {
        path: how.path ?? '/paos',
        method: how.method ?? 'POST',
        headers: { host: how.host ?? `localhost:${paosPort}`, connection: 'close' },
        createConnection: () => channel,
      },
      (answer) => {
        let body = '';
        answer.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
        answer.on('end', () =>
          fulfil({ status: answer.statusCode ?? 0, type: answer.headers['content-type'] ?? '', body }),
        );
      },
    );
    outgoing.on('error', reject);
    outgoing.end(how.method === 'GET' ? undefined : (how.body ?? startPaos(how.identity ?? session.pskId)));
  });

const result = () => port().fetchResult({ sessionId: session.sessionId, counter: 1, request: wish });

test('whoever has the key of the TC Token is answered as PAOS', async () => {
  const { status, type, body } = await call();
  expect([status, type]).toEqual([200, 'application/vnd.paos+xml; charset=UTF-8']);
  expect(body).toContain('<InitializeFramework ');
  expect(await result()).toEqual({ kind: 'pending' });
});

test.each<[string, Call]>([
  ['another key', { key: '00'.repeat(32) }],
  ['an identity that nobody was given', { identity: 'f'.repeat(32) }],
  ['a connection without a key', { tls: { ciphers: 'ECDHE-RSA-AES128-GCM-SHA256' } }],
  ['TLS 1.3', { tls: { minVersion: 'TLSv1.3', maxVersion: 'TLSv1.3', ciphers: 'TLS_AES_128_GCM_SHA256' } }],
])('there is no channel with %s, and the session waits on', async (_, how) => {
  await expect(call(how)).rejects.toMatchObject({ code: expect.stringMatching(/EPROTO|SSL|TLS|ECONNRESET/) });
  expect(await result()).toEqual({ kind: 'pending' });
});

test.each<[string, Call, number]>([
  ['another path', { path: '/eid' }, 404],
  ['another method', { method: 'GET' }, 400],
  ['another host', { host: 'angreifer.test' }, 421],
  ['too much', { body: 'x'.repeat(300_000) }, 413],
])('%s is refused, and the session waits on', async (_, how, status) => {
  expect((await call(how)).status).toBe(status);
  expect(await result()).toEqual({ kind: 'pending' });
});

test('the key of one session opens no other', async () => {
  const other = await port().start(wish);
  const answer = await call({ body: startPaos(other.pskId) });
  expect(answer.body).toContain('resultmajor#error');
  const question = { sessionId: other.sessionId, counter: 1, request: wish };
  expect(await port().fetchResult(question)).toEqual({ kind: 'pending' });
  expect(await result()).toEqual({ kind: 'failed', reason: 'serverError' });
});

test('a conversation goes on over a new connection', async () => {
  await call();
  const initialized = `<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Header/><soap:Body><InitializeFrameworkResponse xmlns="http://www.bsi.bund.de/ecard/api/1.1"><Result xmlns="urn:oasis:names:tc:dss:1.0:core:schema"><ResultMajor>http://www.bsi.bund.de/ecard/api/1.1/resultmajor#ok</ResultMajor></Result></InitializeFrameworkResponse></soap:Body></soap:Envelope>`;
  expect((await call({ body: initialized })).body).toContain('xsi:type="EAC1InputType"');
});
