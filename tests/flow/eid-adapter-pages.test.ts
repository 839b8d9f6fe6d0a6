import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { EidRequest, EidResult, EidSession } from '../../src/id/authentication/eid/port.ts';
import { eidWorld, paosAddress, type EidWorld } from './eid-adapter-world.ts';

const request: EidRequest = {
  operations: {
    GivenNames: 'required',
    RestrictedID: 'required',
    BirthName: 'allowed',
    Nationality: 'allowed',
    AgeVerification: 'required',
  },
  age: 18,
  transactionInfo: 'Anmeldung bei Führungszeugnis',
};

/** The eService's side, as far as a client sees it: an address that gives a TC Token. */
let service: Server;
let origin: string;
let world: EidWorld;
let session: EidSession;
let seen: { url: string; headers: IncomingHttpHeaders }[];
let answer: (response: ServerResponse) => void;

const token = (change: Record<string, string> = {}): string => {
  const parts: Record<string, string> = {
    ServerAddress: session.paosAddress,
    SessionIdentifier: session.pskId,
    RefreshAddress: `${origin}/zurueck/R?a=1`,
    CommunicationErrorAddress: `${origin}/verbindungsfehler`,
    Binding: 'urn:liberty:paos:2006-08',
    'PathSecurity-Protocol': 'urn:ietf:rfc:4279',
    PSK: session.psk,
    ...change,
  };
  const elements = Object.entries(parts).map(([name, value]) =>
    name === 'PSK'
      ? `<PathSecurity-Parameters><PSK>${value}</PSK></PathSecurity-Parameters>`
      : `<${name}>${value.replaceAll('&', '&amp;')}</${name}>`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>\n<TCTokenType>${elements.join('')}</TCTokenType>`;
};
const give =
  (text: string, type = 'text/xml') =>
  (response: ServerResponse) =>
    void response.writeHead(200, { 'content-type': type }).end(text);

beforeAll(async () => {
  service = createServer((incoming, response) => {
    seen.push({ url: incoming.url ?? '', headers: incoming.headers });
    answer(response);
  });
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(service.address() as AddressInfo).port}`;
  world = await eidWorld({ tcTokenOrigins: [origin] });
});
afterAll(async () => {
  await world.close();
  service.closeAllConnections();
  await new Promise((resolve) => service.close(resolve));
});
beforeEach(async () => {
  seen = [];
  session = await world.port.start(request);
  answer = give(token());
});

const browse = (
  path: string,
  init: { method?: string; body?: string; headers?: Record<string, string> } = {},
): Promise<Response> =>
  fetch(new URL(path, world.pageOrigin), {
    redirect: 'manual',
    ...init,
    headers: { accept: 'text/html', 'accept-language': 'de', cookie: 'id_session=abc', ...init.headers },
  });
const eIDClient = (address: string): Promise<Response> =>
  browse(`/eID-Client?tcTokenURL=${encodeURIComponent(address)}`);
const locationOf = (response: Response): string => response.headers.get('location') ?? '';
const csrfOf = (html: string): string => /name="csrf" value="([^"]*)"/.exec(html)?.[1] ?? '';
const post = (path: string, fields: [string, string][], headers: Record<string, string> = {}): Promise<Response> =>
  browse(path, {
    method: 'POST',
    body: new URLSearchParams(fields).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
  });
const result = (counter = 1): Promise<EidResult> =>
  world.port.fetchResult({ sessionId: session.sessionId, counter, request });

/** Opens the client, as a browser follows the link. */
const begin = async (): Promise<{ path: string; html: string; csrf: string }> => {
  const opened = await eIDClient(`${origin}/eid/tctoken/T`);
  expect(opened.status).toBe(303);
  const path = locationOf(opened);
  const html = await (await browse(path)).text();
  return { path, html, csrf: csrfOf(html) };
};
/** Chooses card and data; gives the PIN page. */
const choose = async (card: string, more: [string, string][] = [['optional-BirthName', 'ja']]) => {
  const { path, csrf } = await begin();
  const chosen = await post(path, [['csrf', csrf], ['card', card], ...more]);
  expect(chosen.status).toBe(303);
  expect(locationOf(chosen)).toBe(`${path}/pin`);
  return {
    path,
    csrf,
    pin: (pin: string, can = '') =>
      post(`${path}/pin`, [
        ['csrf', csrf],
        ['pin', pin],
        ['can', can],
      ]),
  };
};

describe('a citizen uses the client', () => {
  test('sees who asks and what, chooses, types the PIN and returns with ResultMajor=ok', async () => {
    const { path, html, csrf } = await begin();
    expect(html).toContain('Das ist ein Simulator');
    expect(html).toContain('Anmeldung bei Führungszeugnis');
    expect(html).toContain(new URL(origin).host);
    for (const words of ['Vornamen', 'Pseudonym', 'mindestens 18 Jahre', 'Geburtsname']) expect(html).toContain(words);
    expect(html).not.toContain('Gemeindeschlüssel');
    const chosen = await post(path, [
      ['csrf', csrf],
      ['card', 'erika'],
      ['optional-BirthName', 'ja'],
    ]);
    const pinPage = await (await browse(locationOf(chosen))).text();
    expect(pinPage).toContain('Erika Mustermann');
    expect(await result(1)).toEqual({ kind: 'pending' });
    const done = await post(`${path}/pin`, [
      ['csrf', csrf],
      ['pin', '123456'],
    ]);
    expect(done.status).toBe(303);
    expect(locationOf(done)).toBe(`${origin}/zurueck/R?a=1&ResultMajor=ok`);
    expect(await result(2)).toEqual({
      kind: 'ok',
      data: expect.objectContaining({ givenNames: 'ERIKA', birthName: 'GABLER', fulfilsAge: true }),
      assured: 'high',
    });
  });

  test('the TC Token is fetched once, without cookies and with the client’s name', async () => {
    await begin();
    expect(seen).toHaveLength(1);
    expect(seen[0]?.url).toBe('/eid/tctoken/T');
    expect(seen[0]?.headers['user-agent']).toMatch(/^AusweisApp2\//);
    expect(seen[0]?.headers).not.toHaveProperty('cookie');
    expect(seen[0]?.headers).not.toHaveProperty('referer');
  });

  test('HEAD fetches nothing', async () => {
    const address = `/eID-Client?tcTokenURL=${encodeURIComponent(`${origin}/eid/tctoken/T`)}`;
    expect((await browse(address, { method: 'HEAD' })).status).toBe(405);
    expect(seen).toHaveLength(0);
  });

  test('deselected data stay on the card', async () => {
    const { pin } = await choose('erika', [['optional-Nationality', 'ja']]);
    await pin('123456');
    const read = await result();
    expect(read).toMatchObject({ kind: 'ok', data: { nationality: 'D' } });
    expect(read.kind === 'ok' && 'birthName' in read.data).toBe(false);
  });

  test('ends it: the way back says cancellationByUser, the server says ended', async () => {
    const { path, csrf } = await begin();
    const ended = await post(`${path}/abbrechen`, [['csrf', csrf]]);
    expect(locationOf(ended)).toBe(`${origin}/zurueck/R?a=1&ResultMajor=error&ResultMinor=cancellationByUser`);
    expect(await result()).toEqual({ kind: 'failed', reason: 'ended' });
    expect((await browse(path)).status).toBe(410);
  });

  test('without a card the page asks for one', async () => {
    const { path, csrf } = await begin();
    const again = await post(path, [['csrf', csrf]]);
    expect(again.status).toBe(422);
    expect(await again.text()).toContain('Wählen Sie einen Ausweis');
  });

  test('an expired card: serverError in the browser, invalidDocument at the server', async () => {
    const { pin } = await choose('abgelaufen');
    expect(locationOf(await pin('123456'))).toBe(`${origin}/zurueck/R?a=1&ResultMajor=error&ResultMinor=serverError`);
    expect(await result()).toEqual({ kind: 'failed', reason: 'invalidDocument' });
  });

  test('wrong PINs: told, then the CAN, then blocked; unblocked on the start page', async () => {
    const { pin, path, csrf } = await choose('zeichen');
    const first = await pin('111111');
    expect(first.status).toBe(422);
    expect(await first.text()).toContain('Sie haben noch 2 Versuche');
    expect(await (await pin('111111')).text()).toContain('CAN (6 Ziffern)');
    expect(await (await pin('123456')).text()).toContain('Die CAN ist falsch');
    expect(await (await pin('111111', '500540')).text()).toContain('Die PIN ist gesperrt');
    expect(await (await pin('123456', '500540')).text()).toContain('Die PIN ist gesperrt');
    const home = await (await browse('/')).text();
    expect(locationOf(await post('/entsperren', [['csrf', csrfOf(home)]]))).toBe('/?erledigt=reset');
    expect((await browse(`${path}/pin`)).status).toBe(200);
    expect(
      (
        await post(`${path}/pin`, [
          ['csrf', csrf],
          ['pin', '123456'],
        ])
      ).status,
    ).toBe(303);
  });

  test('the right PIN with the right CAN resets the counter', async () => {
    const { pin } = await choose('titel');
    await pin('111111');
    await pin('111111');
    expect((await pin('123456', '500540')).status).toBe(303);
    session = await world.port.start(request);
    answer = give(token());
    const again = await choose('titel');
    expect(await (await again.pin('111111')).text()).toContain('Sie haben noch 2 Versuche');
  });

  test('a fault chosen on the page happens in this login', async () => {
    const { pin } = await choose('erika', [['fault', 'invalidCounter']]);
    expect(locationOf(await pin('123456'))).toContain('ResultMajor=ok');
    expect(await result()).toEqual({ kind: 'failed', reason: 'sessionExpired' });
  });

  test('a disturbed connection leads to the CommunicationErrorAddress', async () => {
    const { pin } = await choose('erika', [['fault', 'communicationError']]);
    expect(locationOf(await pin('123456'))).toBe(
      `${origin}/verbindungsfehler?ResultMajor=error&ResultMinor=communicationError`,
    );
    expect(await result()).toEqual({ kind: 'pending' });
  });

  test('a fault planned on the start page happens in the next login', async () => {
    const home = await (await browse('/')).text();
    expect(home).toContain('Dieselbe Person mit neuem Ausweis');
    const planned = await post('/stoerung', [
      ['csrf', csrfOf(home)],
      ['fault', 'tooManyOpenSessions'],
    ]);
    expect(locationOf(planned)).toBe('/?erledigt=planned');
    await expect(world.port.start(request)).rejects.toMatchObject({ reason: 'tooManyOpenSessions' });
    await world.port.start(request);
  });

  test('everything is there in English', async () => {
    const { path } = await begin();
    const html = await (await browse(path, { headers: { 'accept-language': 'en' } })).text();
    for (const words of [
      'This is a simulator',
      'Who asks for your data?',
      'Given names',
      'The ordinary identity card',
    ]) {
      expect(html).toContain(words);
    }
  });

  test('language and appearance can be switched, and every state of a page has an address', async () => {
    const { path } = await begin();
    expect(locationOf(await browse(`/sprache/en?zurueck=${encodeURIComponent(path)}`))).toBe(path);
    const list = await (await browse('/entwickler/bausteine')).text();
    const states = [...list.matchAll(/href="(\/entwickler\/bausteine\/simulator-[^"]*)"/g)].map(
      ([, href]) => href ?? '',
    );
    expect(states.length).toBe(10);
    for (const state of states) expect((await browse(state)).status).toBe(200);
  });

  test('presence is told without a TC Token', async () => {
    const status = await browse('/eID-Client?Status');
    expect(status.status).toBe(200);
    expect(await status.text()).toContain('Implementation-Title');
  });
});

describe('what a real client checks', () => {
  test.each<[string, () => Record<string, string>, string]>([
    [
      'a wrong PSK',
      () => ({ PSK: 'ab'.repeat(32) }),
      '/zurueck/R?a=1&ResultMajor=error&ResultMinor=trustedChannelEstablishmentFailed',
    ],
    [
      'an unknown session',
      () => ({ SessionIdentifier: 'x'.repeat(32) }),
      '/zurueck/R?a=1&ResultMajor=error&ResultMinor=trustedChannelEstablishmentFailed',
    ],
    [
      'another eID-Server',
      () => ({ ServerAddress: 'https://localhost:1/paos' }),
      '/zurueck/R?a=1&ResultMajor=error&ResultMinor=trustedChannelEstablishmentFailed',
    ],
    [
      'a RefreshAddress elsewhere',
      () => ({ RefreshAddress: 'https://evil.test/' }),
      '/verbindungsfehler?ResultMajor=error&ResultMinor=communicationError',
    ],
  ])('%s', async (_, change, expected) => {
    answer = give(token(change()));
    expect(locationOf(await eIDClient(`${origin}/eid/tctoken/T`))).toBe(origin + expected);
    expect(await result()).toEqual({ kind: 'pending' });
  });

  const broken: Record<string, () => (response: ServerResponse) => void> = {
    'status 404': () => (response) => response.writeHead(404).end(),
    'a page instead of a token': () => give('<html></html>', 'text/html'),
    'XML that is no token': () => give('<a/>'),
    'a DOCTYPE': () => give(`<!DOCTYPE a>${token()}`),
    'another Binding': () => give(token({ Binding: 'urn:x' })),
    '1 MB': () => give('x'.repeat(1_000_000)),
    'a redirect to another origin': () => (response) =>
      response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
    'a redirect without end': () => (response) => response.writeHead(302, { location: '/again' }).end(),
    'both addresses elsewhere': () =>
      give(token({ RefreshAddress: 'https://evil.test/', CommunicationErrorAddress: 'https://evil.test/' })),
  };
  test.each(Object.keys(broken))('no way back, so the client’s own error page: %s', async (name) => {
    answer = broken[name]?.() ?? answer;
    const page = await eIDClient(`${origin}/eid/tctoken/T`);
    expect(page.status).toBe(400);
    expect(page.headers.get('location')).toBeNull();
    expect(await page.text()).toContain('Die Anmeldung konnte nicht beginnen');
    expect(seen.length).toBeLessThanOrEqual(4);
  });

  test('a redirect on the same origin is followed', async () => {
    answer = (response) => {
      if (seen.length === 1) response.writeHead(303, { location: '/second' }).end();
      else give(token())(response);
    };
    await begin();
    expect(seen.map(({ url }) => url)).toEqual(['/eid/tctoken/T', '/second']);
  });
});

describe('the simulator is no open fetcher and no open redirector', () => {
  test.each([
    () => 'http://127.0.0.1:1/eid/tctoken/T',
    () => origin.replace('127.0.0.1', 'localhost'),
    () => `${origin.replace('http://', 'http://user:word@')}/eid/tctoken/T`,
    () => `${origin.replace('http:', 'https:')}/eid/tctoken/T`,
    () => 'file:///etc/passwd',
    () => 'javascript:alert(1)',
    () => '//',
  ])('tcTokenURL %#', async (address) => {
    const page = await eIDClient(address());
    expect(page.status).toBe(400);
    expect(seen).toHaveLength(0);
  });

  test('EI-12: tcTokenURL twice, or empty', async () => {
    const one = encodeURIComponent(`${origin}/eid/tctoken/T`);
    expect((await browse(`/eID-Client?tcTokenURL=${one}&tcTokenURL=${one}`)).status).toBe(400);
    expect((await browse('/eID-Client?tcTokenURL=')).status).toBe(400);
    expect((await browse('/eID-Client')).status).toBe(400);
    expect(seen).toHaveLength(0);
  });

  test('forms of other sites do nothing', async () => {
    const { path, csrf } = await begin();
    expect((await post(path, [['card', 'erika']])).status).toBe(403);
    const crossSite = await post(
      path,
      [
        ['csrf', csrf],
        ['card', 'erika'],
      ],
      { 'sec-fetch-site': 'cross-site' },
    );
    expect(crossSite.status).toBe(403);
    expect((await post('/stoerung', [['fault', 'silence']])).status).toBe(403);
  });

  test('an unknown run is gone', async () => {
    expect((await browse('/vorgang/unbekannt')).status).toBe(410);
    expect((await browse('/vorgang/unbekannt/pin')).status).toBe(410);
  });

  test('the eID-Server speaks to nobody without a client certificate', async () => {
    await expect(fetch(world.soapAddress)).rejects.toThrow();
  });
});

test('runClient does what the pages do', async () => {
  const tcTokenUrl = `${origin}/eid/tctoken/T`;
  expect(await world.simulator.runClient({ tcTokenUrl, card: 'max' })).toEqual({
    location: `${origin}/zurueck/R?a=1&ResultMajor=ok`,
  });
  expect(await result()).toMatchObject({ kind: 'ok', data: { givenNames: 'MAX' } });
  await expect(world.simulator.runClient({ tcTokenUrl: 'http://127.0.0.1:1/' })).rejects.toMatchObject({
    name: 'NoTcToken',
  });
  expect(session.paosAddress).toBe(paosAddress);
});

test('over https, on hosts that only the browser tests know', async () => {
  const { certificate: cert, key } = world.pki.of.localhost;
  let sni: unknown;
  const secure = createSecureServer({ cert, key }, (incoming, response) => {
    sni = (incoming.socket as TLSSocket).servername;
    give(token({ RefreshAddress: `${secureOrigin}/zurueck/R` }))(response);
  });
  await new Promise<void>((resolve) => secure.listen(0, 'localhost', resolve));
  const secureOrigin = `https://www.bayern-id.test:${(secure.address() as AddressInfo).port}`;
  const other = await eidWorld({ pki: world.pki, tcTokenOrigins: [secureOrigin], pageTls: true });
  expect(other.pageOrigin).toMatch(/^https:/);
  session = await world.adapter({ address: other.soapAddress }).start(request);
  const begun = await other.simulator.runClient({ tcTokenUrl: `${secureOrigin}/eid/tctoken/T`, card: 'erika' });
  expect(begun.location).toBe(`${secureOrigin}/zurueck/R?ResultMajor=ok`);
  expect(sni).toBe('www.bayern-id.test');
  await other.close();
  await new Promise((resolve) => secure.close(resolve));
});
