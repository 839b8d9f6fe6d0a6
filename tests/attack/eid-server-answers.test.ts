import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { ServerResponse } from 'node:http';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { EidPort, EidRequest } from '../../src/id/authentication/eid/port.ts';
import { createTr03130 } from '../../src/id/authentication/eid/tr03130/adapter.ts';
import { createSigner } from '../../src/id/authentication/eid/tr03130/signer-keys.ts';
import { signMessage } from '../../src/id/authentication/eid/tr03130/ws-security.ts';
import { issueCertificate, makeRsaKey } from '../../src/simulators/certificates.ts';
import type { Fault } from '../../src/simulators/eid-server/faults.ts';
import { eidWorld, readableLog, rememberAll, settingsFor, type EidWorld } from '../flow/eid-adapter-world.ts';

const request: EidRequest = { operations: { RestrictedID: 'required', GivenNames: 'required', BirthName: 'allowed' } };

let world: EidWorld;
beforeAll(async () => {
  world = await eidWorld();
});
afterAll(() => world.close());

const resultWith = async (fault: Fault, port: EidPort = world.port) => {
  world.simulator.planFault(fault);
  const { sessionId } = await port.start(request);
  world.simulator.insertCard({ sessionId, card: 'erika' });
  return port.fetchResult({ sessionId, counter: 1, request });
};
const failed = (reason: string) => ({ kind: 'failed', reason });

describe('answers of an eID-Server that is broken or not the right one', () => {
  test.each([
    ['wrongSignature', 'serverError'],
    ['unsignedAnswer', 'serverError'],
    ['staleTimestamp', 'serverError'],
    ['foreignSession', 'serverError'],
    ['invalidSession', 'sessionExpired'],
    ['invalidCounter', 'sessionExpired'],
    ['deniedDocument', 'deniedDocument'],
    ['invalidDocument', 'invalidDocument'],
    ['internalError', 'serverError'],
    ['unknownResult', 'serverError'],
  ] as const)('%s at getResult ends as %s', async (name, reason) => {
    expect(await resultWith({ name })).toEqual(failed(reason));
  });

  test('noResultYet is the only answer after which one may ask again', async () => {
    world.simulator.planFault({ name: 'noResultYet', times: 2 });
    const { sessionId } = await world.port.start(request);
    world.simulator.insertCard({ sessionId, card: 'erika' });
    const ask = (counter: number) => world.port.fetchResult({ sessionId, counter, request });
    expect(await ask(1)).toEqual({ kind: 'pending' });
    expect(await ask(2)).toEqual({ kind: 'pending' });
    expect(await ask(3)).toMatchObject({ kind: 'ok' });
  });

  test('EI-03: another login’s signed answer, given once more, is refused', async () => {
    const { sessionId } = await world.port.start(request);
    world.simulator.insertCard({ sessionId, card: 'max' });
    expect(await world.port.fetchResult({ sessionId, counter: 1, request })).toMatchObject({ kind: 'ok' });
    expect(await resultWith({ name: 'replayedResult' })).toEqual(failed('serverError'));
    expect(world.events.at(-1)).toMatchObject({ fields: { reason: 'replayed answer' } });
  });

  test.each([
    [{ name: 'tooManyOpenSessions' }, 'tooManyOpenSessions'],
    [{ name: 'missingTerminalRights' }, 'serverError'],
    [{ name: 'pskMismatch' }, 'serverError'],
    [{ name: 'foreignPaosAddress' }, 'serverError'],
    [{ name: 'wrongSignature', on: 'useID' }, 'serverError'],
    [{ name: 'unsignedAnswer', on: 'useID' }, 'serverError'],
    [{ name: 'staleTimestamp', on: 'useID' }, 'serverError'],
  ] as const)('%j: start throws %s', async (fault, reason) => {
    world.simulator.planFault(fault);
    await expect(world.port.start(request)).rejects.toMatchObject({ name: 'EidUnavailable', reason });
  });

  test('silence ends in time, at start and at the result', async () => {
    const port = world.adapter({ timeout_seconds: 1 });
    const start = Date.now();
    expect(await resultWith({ name: 'silence' }, port)).toEqual(failed('unreachable'));
    world.simulator.planFault({ name: 'silence', on: 'useID' });
    await expect(port.start(request)).rejects.toMatchObject({ reason: 'unreachable' });
    expect(Date.now() - start).toBeLessThan(5000);
  });

  test('nothing of person, session or key is logged', async () => {
    await resultWith({ name: 'unknownResult' });
    await resultWith({ name: 'wrongSignature' });
    expect(JSON.stringify(world.events)).not.toMatch(/ERIKA|MUSTERMANN|GABLER|[0-9a-fA-F]{32}/);
  });

  test.each([
    ['http://eid.example/paos', []],
    ['https://user:word@localhost:3012/paos', []],
    ['https://localhost:3012/paos#x', []],
    ['javascript:alert(1)', []],
  ])('a configured PAOS address that no client may get: %s', (address) => {
    expect(() => settingsFor(world.pki, world.soapAddress, { paos_addresses: [address] })).toThrow();
  });

  test.each([
    ['https://localhost:3012/other', 'path'],
    ['https://localhost:3013/paos', 'port'],
    ['https://localhost.evil.test:3012/paos', 'host'],
  ])('the eID-Server sends the client to another %s', async (address) => {
    const port = world.adapter({ paos_addresses: [address] });
    await expect(port.start(request)).rejects.toMatchObject({ reason: 'serverError' });
  });
});

describe('EI-16: TLS', () => {
  test('another client certificate of the same authority is refused', async () => {
    const other = world.pki.of['rp-client'];
    const port = world.adapter({ client_certificate_file: other.certificateFile, client_key_file: other.keyFile });
    await expect(port.info()).rejects.toMatchObject({ reason: 'unreachable' });
  });

  test('a server whose certificate another authority issued is refused', async () => {
    const stranger = await eidWorld();
    const port = createTr03130({
      settings: settingsFor(world.pki, stranger.soapAddress),
      isNew: rememberAll(),
      log: readableLog().log,
    });
    await expect(port.info()).rejects.toMatchObject({ reason: 'unreachable' });
    port.close();
    await stranger.close();
  });

  test('nobody listens there', async () => {
    const port = world.adapter({ address: 'https://localhost:1/eid' });
    await expect(port.info()).rejects.toMatchObject({ reason: 'unreachable' });
    expect(await port.fetchResult({ sessionId: 'x', counter: 1, request })).toEqual(failed('unreachable'));
  });

  test('plain http cannot be configured', () => {
    expect(() => settingsFor(world.pki, 'http://localhost:3011/eid')).toThrow();
  });
});

describe('a hostile server with the right TLS certificate', () => {
  let answer: (response: ServerResponse) => void;
  let server: Server;
  let port: EidPort;
  let requests: number;
  const { log, events } = readableLog();

  const listenWith = async (tls: object): Promise<string> => {
    server = createServer(tls, (incoming, response) => {
      requests += 1;
      incoming.resume();
      incoming.on('end', () => answer(response));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `https://127.0.0.1:${(server.address() as AddressInfo).port}/eid`;
  };
  const tlsOf = (more: object = {}) => ({
    key: world.pki.of['eid-server'].key,
    cert: world.pki.of['eid-server'].certificate,
    ...more,
  });
  const begin = async (tls: object): Promise<void> => {
    const address = await listenWith(tls);
    port = createTr03130({
      settings: settingsFor(world.pki, address, { timeout_seconds: 2 }),
      isNew: rememberAll(),
      log,
    });
  };
  beforeEach(() => {
    requests = 0;
    answer = (response) => response.end();
  });
  afterEach(async () => {
    port.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  test('TLS 1.1 is refused', async () => {
    await begin(tlsOf({ minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' }));
    await expect(port.info()).rejects.toMatchObject({ reason: 'unreachable' });
    expect(requests).toBe(0);
  });

  test('a certificate of the right authority for another name is refused', async () => {
    const { certificate: cert, key } = world.pki.of['rp-client'];
    await begin({ cert, key });
    await expect(port.info()).rejects.toMatchObject({ reason: 'unreachable' });
    expect(requests).toBe(0);
  });

  test('a self-signed certificate is refused', async () => {
    const dates = { notBefore: new Date(Date.now() - 1000), notAfter: new Date(Date.now() + 100_000) };
    const { certificate: cert, key } = issueCertificate(
      { commonName: '127.0.0.1', purpose: 'tls-server', names: ['127.0.0.1'], ...dates },
      await makeRsaKey(),
    );
    await begin({ cert, key });
    await expect(port.info()).rejects.toMatchObject({ reason: 'unreachable' });
    expect(requests).toBe(0);
  });

  const hostile: Record<string, (response: ServerResponse) => void> = {
    'EI-11: an answer of 10 MB': (response) => {
      response.writeHead(200, { 'content-type': 'text/xml' });
      for (let i = 0; i < 160; i += 1) response.write(Buffer.alloc(65_536, 0x20));
      response.end();
    },
    'a redirect': (response) => response.writeHead(302, { location: 'https://127.0.0.1:1/' }).end(),
    'a compressed answer': (response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end('x'),
    'not found': (response) => response.writeHead(404).end(),
    'an answer that breaks off': (response) => {
      response.writeHead(200, { 'content-length': 100 });
      response.write('x');
      setImmediate(() => response.destroy());
    },
  };
  test.each(Object.keys(hostile))('%s: unreachable', async (name) => {
    await begin(tlsOf());
    answer = hostile[name] ?? answer;
    await expect(port.info()).rejects.toMatchObject({ reason: 'unreachable' });
    expect(requests).toBe(1);
  });

  test('a connection that breaks: useID and getServerInfo are asked once more, a result never', async () => {
    await begin(tlsOf());
    answer = (response) => response.socket?.destroy();
    await expect(port.info()).rejects.toMatchObject({ reason: 'unreachable' });
    expect(requests).toBe(2);
    await expect(port.start(request)).rejects.toMatchObject({ reason: 'unreachable' });
    expect(requests).toBe(4);
    expect(await port.fetchResult({ sessionId: 'c'.repeat(64), counter: 1, request })).toEqual(failed('unreachable'));
    expect(requests).toBe(5);
  });

  test.each([
    ['an empty answer', ''],
    ['HTML', '<html><body>Wartung</body></html>'],
    ['JSON', '{"ok":true}'],
  ])('%s: server error', async (_, text) => {
    await begin(tlsOf());
    answer = (response) => response.end(text);
    await expect(port.info()).rejects.toMatchObject({ reason: 'serverError' });
  });

  const serverSigner = () => {
    const { certificate, key } = world.pki.of['eid-server-signer'];
    return createSigner(certificate, key);
  };
  const ok =
    '<dss:Result xmlns:dss="urn:oasis:names:tc:dss:1.0:core:schema"><dss:ResultMajor>http://www.bsi.bund.de/ecard/api/1.1/resultmajor#ok</dss:ResultMajor></dss:Result>';
  const hex = 'AB'.repeat(32);
  const vouched =
    '<eid:LevelOfAssuranceResult>http://bsi.bund.de/eID/LoA/hoch</eid:LevelOfAssuranceResult><eid:EIDTypeResponse><eid:CardCertified>USED</eid:CardCertified></eid:EIDTypeResponse>';
  /** What the citizen allowed, and what the server says of the eID. */
  const allowed =
    '<eid:OperationsAllowedByUser><eid:RestrictedID>ALLOWED</eid:RestrictedID><eid:GivenNames>ALLOWED</eid:GivenNames><eid:BirthName>PROHIBITED</eid:BirthName></eid:OperationsAllowedByUser>' +
    vouched;
  const data = (inner: string): string => `<eid:PersonalData>${inner}</eid:PersonalData>`;
  const both = `<eid:GivenNames>ERIKA</eid:GivenNames><eid:RestrictedID><eid:ID>${hex}</eid:ID></eid:RestrictedID>`;
  const ask = async (content: string) => {
    await begin(tlsOf());
    answer = (response) => response.end(signMessage(content, serverSigner(), Date.now()));
    return port.fetchResult({ sessionId: 'c'.repeat(64), counter: 1, request });
  };
  const result = (inner: string): string => `<eid:getResultResponse>${inner}</eid:getResultResponse>`;

  test('the frame of these tests gives a result when nothing is wrong', async () => {
    expect(await ask(result(data(both) + allowed + ok))).toEqual({
      kind: 'ok',
      data: { givenNames: 'ERIKA', restrictedId: hex },
      assured: 'high',
    });
  });

  test.each([
    ['an answer to another operation', `<eid:useIDResponse>${data(both) + allowed + ok}</eid:useIDResponse>`],
    ['a request instead of an answer', `<eid:getResultRequest>${data(both) + allowed + ok}</eid:getResultRequest>`],
    [
      'an answer in a foreign namespace',
      `<x:getResultResponse xmlns:x="urn:x">${data(both) + allowed + ok}</x:getResultResponse>`,
    ],
    ['two answers', result(data(both) + allowed + ok) + result(ok)],
    ['no Result', result(data(both) + allowed)],
    ['EI-10: two Results', result(data(both) + allowed + ok + ok)],
    ['EI-10: two PersonalData', result(data(both) + data(both) + allowed + ok)],
    ['EI-10: a datum twice', result(data(`${both}<eid:GivenNames>MAX</eid:GivenNames>`) + allowed + ok)],
    ['an element inside a datum', result(data(both.replace('ERIKA', 'ERI<b/>KA')) + allowed + ok)],
    ['EI-22: a required datum missing', result(data('<eid:GivenNames>ERIKA</eid:GivenNames>') + allowed + ok)],
    [
      'EI-22: no data at all, only a verified age',
      result(
        `<eid:FulfilsAgeVerification><eid:FulfilsRequest>true</eid:FulfilsRequest></eid:FulfilsAgeVerification>${allowed}${ok}`,
      ),
    ],
    [
      'a required operation that was not allowed',
      result(data(both) + allowed.replace('<eid:GivenNames>ALLOWED', '<eid:GivenNames>PROHIBITED') + ok),
    ],
    ['nothing about what was allowed', result(data(both) + ok)],
    ['a pseudonym that is not hex', result(data(both.replace(hex, 'xyz')) + allowed + ok)],
    ['a pseudonym of four bytes', result(data(both.replace(hex, 'ABCDEF01')) + allowed + ok)],
    ['a malformed date', result(data(`${both}<eid:DateOfExpiry>31.10.2034</eid:DateOfExpiry>`) + allowed + ok)],
    ['another counter', result(`<eid:RequestCounter>2</eid:RequestCounter>${data(both)}${allowed}${ok}`)],
    ['a warning instead of ok', result(data(both) + allowed + ok.replace('resultmajor#ok', 'resultmajor#warning'))],
  ])('signed by the right key, but %s: server error', async (_, content) => {
    expect(await ask(content)).toEqual(failed('serverError'));
    expect(JSON.stringify(events)).not.toContain('ERIKA');
  });

  const lessThan = (part: RegExp, instead = ''): string => result(data(both) + allowed.replace(part, instead) + ok);
  test.each([
    ['no level, although one was asked for', lessThan(/<eid:LevelOfAssuranceResult>.*<\/eid:LevelOfAssuranceResult>/)],
    ['an empty level', lessThan(/http:\/\/bsi.*hoch/)],
    ['a level that nobody knows', lessThan(/LoA\/hoch/, 'LoA/hoechst')],
    ['a level of somebody else’s', lessThan(/http:\/\/bsi\.bund\.de/, 'http://bsi.example')],
    ['two levels', result(data(both) + allowed + vouched.replace(/<eid:EIDType.*/, '') + ok)],
    ['no type, although types were denied', lessThan(/<eid:EIDTypeResponse>.*<\/eid:EIDTypeResponse>/)],
    ['an unknown type', lessThan(/CardCertified/g, 'Paper')],
    ['two types', lessThan(/<eid:CardCertified>/, '<eid:SECertified>USED</eid:SECertified><eid:CardCertified>')],
    ['a type that was not used', lessThan(/USED/, 'DENIED')],
  ])('of the eID it says %s: server error', async (_, content) => {
    expect(await ask(content)).toEqual(failed('serverError'));
  });

  test.each([
    ['a level below what was asked for', lessThan(/LoA\/hoch/, 'LoA/normal')],
    ['no level at all', lessThan(/LoA\/hoch/, 'LoA/undefined')],
    ['a type that was denied', lessThan(/CardCertified/g, 'HWKeyStore')],
  ])('%s is let through by the server, and refused by us', async (_, content) => {
    expect(await ask(content)).toEqual(failed('deniedDocument'));
  });

  test.each([
    ['a Smart-eID that is said to be hoch', lessThan(/CardCertified/g, 'SECertified'), 'substantial'],
    ['a card that is said to be substantiell', lessThan(/LoA\/hoch/, 'LoA/substantiell'), 'substantial'],
    ['the same in the words of eIDAS', lessThan(/bsi.*hoch/, 'eidas.europa.eu/LoA/substantial'), 'substantial'],
  ])('%s counts as no more than %s', async (_, content, assured) => {
    expect(await ask(content)).toMatchObject({ kind: 'ok', assured });
  });

  test('EI-22: an expired document', async () => {
    const expired = `${both}<eid:DateOfExpiry>2020-01-01</eid:DateOfExpiry>`;
    expect(await ask(result(data(expired) + allowed + ok))).toEqual(failed('invalidDocument'));
  });

  test('data that nobody asked for, or that the citizen deselected, are not passed on', async () => {
    const more = `${both}<eid:BirthName>GABLER</eid:BirthName><eid:Nationality>D</eid:Nationality>`;
    expect(await ask(result(data(more) + allowed + ok))).toEqual({
      kind: 'ok',
      data: { givenNames: 'ERIKA', restrictedId: hex },
      assured: 'high',
    });
  });

  const useId = (session: string, psk: string): string =>
    `<eid:useIDResponse><eid:Session><eid:ID>${session}</eid:ID></eid:Session>${psk}${ok}</eid:useIDResponse>`;
  test.each([
    ['no PSK', useId('c'.repeat(64), '')],
    [
      'somebody else’s PSK',
      useId('c'.repeat(64), `<eid:PSK><eid:ID>${'1'.repeat(32)}</eid:ID><eid:Key>${hex}</eid:Key></eid:PSK>`),
    ],
  ])('useID answered with %s', async (_, content) => {
    await begin(tlsOf());
    answer = (response) => response.end(signMessage(content, serverSigner(), Date.now()));
    await expect(port.start(request)).rejects.toMatchObject({ reason: 'serverError' });
  });
});

describe('EI-06, EI-25, EI-26: no start without trust anchor; development things refuse production', () => {
  test.each([
    ['server_signer_certificate_files', []],
    ['server_signer_certificate_files', ['/nowhere.pem']],
    ['ca_file', '/nowhere.pem'],
    ['client_key_file', '/nowhere.pem'],
  ])('%s = %j', (key, value) => {
    expect(() =>
      createTr03130({
        settings: settingsFor(world.pki, world.soapAddress, { [key]: value }),
        isNew: rememberAll(),
        log: readableLog().log,
      }),
    ).toThrow();
  });

  test.each<[Record<string, unknown>, RegExp]>([
    [{ minimum_level: undefined }, /assured_without_loa/],
    [{ schema: '2.0' }, /minimum_level/],
    [{ schema: '2.0', minimum_level: undefined, assured_without_loa: 'high' }, /eid_types/],
    [{ schema: '2.0', minimum_level: undefined, eid_types: undefined }, /assured_without_loa/],
    [{ eid_types: {} }, /eid_types/],
    [{ minimum_level: 'basic' }, /minimum_level/],
  ])('no silent level: %j is refused', (settings, key) => {
    expect(() => settingsFor(world.pki, world.soapAddress, settings)).toThrow(key);
  });

  test('an unknown setting is refused', () => {
    expect(() => settingsFor(world.pki, world.soapAddress, { insecure: true })).toThrow(/insecure/);
  });

  test('PKI, simulator and test persons refuse NODE_ENV=production', async () => {
    const before = process.env['NODE_ENV'];
    process.env['NODE_ENV'] = 'production';
    try {
      await expect(eidWorld()).rejects.toThrow(/production/);
      const { createEidSimulator } = await import('../../src/simulators/eid-server/simulator.ts');
      const { loadTestPersons } = await import('../../src/simulators/test-persons.ts');
      expect(() => loadTestPersons('config/test-persons.yaml')).toThrow(/production/);
      expect(() =>
        createEidSimulator({ pki: world.pki, persons: { cards: [], accounts: [] }, tcTokenOrigins: [] }),
      ).toThrow(/production/);
    } finally {
      process.env['NODE_ENV'] = before;
    }
  });
});
