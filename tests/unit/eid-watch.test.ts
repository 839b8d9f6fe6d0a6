import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createCircuit } from '../../src/id/authentication/eid/circuit.ts';
import {
  eidOperations,
  EidUnavailable,
  type EidOperation,
  type EidPort,
} from '../../src/id/authentication/eid/port.ts';
import type { DatedCertificate } from '../../src/id/authentication/eid/tr03130/certificates.ts';
import type { RelyingParty } from '../../src/id/clients/client.ts';
import { ClientRefused } from '../../src/id/clients/client.ts';
import type { ClientSet } from '../../src/id/clients/load.ts';
import { clientFile } from '../../src/id/clients/schema.ts';
import { createEidWatch, describeMissing } from '../../src/id/eid-watch.ts';
import { createLog } from '../../src/web/log.ts';
import { createMetrics } from '../../src/web/metrics.ts';
import { resetClock, shiftClock } from '../support/clock.ts';

const request = { operations: { RestrictedID: 'required' } } as const;
const session = { sessionId: 's', pskId: 'p', psk: 'ab', paosAddress: 'https://eid.example/paos' };
const day = 86_400_000;

/** An eID-Server whose mood a test decides; it counts what it is asked. */
const server = () => {
  const state = {
    mood: 'well' as 'well' | 'silent' | 'refusing',
    allowed: [...eidOperations] as EidOperation[],
    asked: { start: 0, result: 0, info: 0 },
  };
  const answer = <Value>(value: Value): Promise<Value> => {
    if (state.mood === 'silent') return Promise.reject(new EidUnavailable('unreachable', 'no answer in time'));
    if (state.mood === 'refusing') return Promise.reject(new EidUnavailable('serverError', 'the answer was refused'));
    return Promise.resolve(value);
  };
  const port: EidPort = {
    start: () => (state.asked.start++, answer(session)),
    async fetchResult() {
      state.asked.result++;
      return state.mood === 'silent' ? { kind: 'failed', reason: 'unreachable' } : { kind: 'pending' };
    },
    info: () => (state.asked.info++, answer({ version: 'Test 2.4', allowed: new Set(state.allowed) })),
    close() {},
  };
  return { state, port };
};

beforeEach(() => shiftClock(0));
afterEach(() => resetClock());

describe('the circuit', () => {
  const started = async () => {
    const { state, port } = server();
    const circuit = createCircuit(port);
    await circuit.info();
    return {
      state,
      circuit,
      start: () =>
        circuit.start(request).then(
          () => 'session',
          ({ reason }) => String(reason),
        ),
    };
  };

  test('two silences are borne, the third opens it: from then on nobody waits', async () => {
    const { state, circuit, start } = await started();
    state.mood = 'silent';
    expect([await start(), await start(), circuit.isOpen()]).toEqual(['unreachable', 'unreachable', false]);
    expect([await start(), circuit.isOpen()]).toEqual(['unreachable', true]);
    const { start: asked } = state.asked;
    expect([await start(), await start()]).toEqual(['unreachable', 'unreachable']);
    expect(state.asked.start).toBe(asked);
    expect(circuit.failures()).toBe(3);
  });

  test('an answer in between begins anew', async () => {
    const { state, circuit, start } = await started();
    for (let i = 0; i < 5; i++) {
      state.mood = 'silent';
      await start();
      await start();
      state.mood = 'well';
      expect(await start()).toBe('session');
    }
    expect(circuit.isOpen()).toBe(false);
  });

  test('a no is an answer: refusals of single logins open nothing', async () => {
    const { state, circuit, start } = await started();
    state.mood = 'refusing';
    for (let i = 0; i < 10; i++) expect(await start()).toBe('serverError');
    expect(circuit.isOpen()).toBe(false);
  });

  test('results count, too, and are asked for while it is open: somebody is waiting with the card in hand', async () => {
    const { state, circuit } = await started();
    state.mood = 'silent';
    const result = () => circuit.fetchResult({ sessionId: 's', counter: 1, request });
    for (let i = 0; i < 3; i++) await result();
    expect(circuit.isOpen()).toBe(true);
    state.mood = 'well';
    expect(await result()).toEqual({ kind: 'pending' });
    expect(circuit.isOpen()).toBe(false);
  });

  test('before its first answer one silence is enough, and one that cannot be understood', async () => {
    for (const mood of ['silent', 'refusing'] as const) {
      const { state, port } = server();
      const circuit = createCircuit(port);
      state.mood = mood;
      await expect(circuit.info()).rejects.toThrow();
      expect(circuit.isOpen()).toBe(true);
    }
  });

  test('waits twice as long each time, a minute at most; many that fail together wait once', async () => {
    const { state, circuit, start } = await started();
    state.mood = 'silent';
    await Promise.all(Array.from({ length: 50 }, start));
    const waits: number[] = [];
    for (let i = 0; i < 7; i++) {
      const wait = Math.round(((circuit.probeAt() ?? 0) - Date.now()) / 1000);
      waits.push(wait);
      shiftClock(wait * 1000 + 100);
      await circuit.info().catch(() => {});
    }
    expect(waits).toEqual([5, 10, 20, 40, 60, 60, 60]);
    state.mood = 'well';
    await circuit.info();
    expect([circuit.isOpen(), circuit.probeAt()]).toEqual([false, undefined]);
  });
});

const party = (id: string, file: Record<string, unknown> = {}): RelyingParty => ({
  file: clientFile.parse({
    client_id: id,
    client_name: id,
    redirect_uris: ['https://dienst.example/callback'],
    client_secret_env: 'SECRET',
    ...file,
  }),
  authority: 'bayern',
  sector: `bayern/${id}`,
});
const setOf = (...parties: RelyingParty[]): ClientSet => ({
  clients: new Map(parties.map((one) => [one.file.client_id, one])),
  authorities: new Map(),
});

const watched = (
  set: ClientSet = setOf(party('plain', { scope: 'openid profile' })),
  certificates: DatedCertificate[] = [],
) => {
  const { state, port } = server();
  const lines: string[] = [];
  const metrics = createMetrics();
  const log = createLog({ least: 'debug', write: (line) => lines.push(line) });
  const current = { set };
  const watch = createEidWatch({
    circuit: createCircuit(port),
    clients: () => current.set,
    certificates,
    metrics,
    log,
  });
  const metric = (name: string): number =>
    Number(new RegExp(`^${name} (.*)$`, 'm').exec(metrics.text())?.[1] ?? Number.NaN);
  return { state, watch, lines, metric, current };
};

describe('what the certificate at the eID-Server allows', () => {
  test.each<[string, Record<string, unknown>, EidOperation, RegExp]>([
    ['a scope', { scope: 'openid address' }, 'PlaceOfResidence', /one may ask for address, and .* PlaceOfResidence/],
    [
      'verified claims',
      { verified_claims: ['nationalities'] },
      'Nationality',
      /one may ask for nationalities, and .* Nationality/,
    ],
    [
      'the scope identity',
      { scope: 'openid identity' },
      'CommunityID',
      /one may ask for community_id, and .* CommunityID/,
    ],
  ])('%s: attribute and client are named', async (_title, file, operation, words) => {
    const { state, watch } = watched(setOf(party('other', { scope: 'openid profile' }), party('one', file)));
    state.allowed = eidOperations.filter((one) => one !== operation);
    const missing = await watch.begin();
    expect(missing.map(describeMissing)).toEqual([expect.stringMatching(words)]);
    expect(missing[0]?.clientId).toBe('one');
  });

  test('what Bayern-ID itself needs must be allowed, whatever the clients ask for', async () => {
    const { state, watch } = watched();
    state.allowed = eidOperations.filter((one) => one !== 'RestrictedID');
    expect((await watch.begin()).map(describeMissing)).toEqual([
      expect.stringContaining('does not allow RestrictedID'),
    ]);
  });

  test('what nobody may ask for need not be allowed', async () => {
    const { state, watch } = watched();
    state.allowed = eidOperations.filter((one) => !['PlaceOfResidence', 'CommunityID', 'Nationality'].includes(one));
    expect(await watch.begin()).toEqual([]);
    expect(watch.isDown()).toBe(false);
  });

  test('a set of clients that asks for more is refused, and the old one goes on', async () => {
    const { state, watch } = watched();
    state.allowed = eidOperations.filter((one) => one !== 'PlaceOfResidence');
    await watch.begin();
    const more = setOf(party('plain', { scope: 'openid profile' }), party('more', { scope: 'openid address' }));
    await expect(watch.check(more)).rejects.toThrow(ClientRefused);
    await expect(watch.check(more)).rejects.toThrow(/more may ask for address/);
    expect(watch.isDown()).toBe(false);
  });

  test('silent at the start: said to be out of order, and judged with its first answer', async () => {
    const { state, watch, metric, lines } = watched(setOf(party('one', { scope: 'openid address' })));
    state.mood = 'silent';
    state.allowed = eidOperations.filter((one) => one !== 'PlaceOfResidence');
    expect(await watch.begin()).toEqual([]);
    expect([watch.isDown(), watch.health().state, metric('eid_server_available')]).toEqual([true, 'not answering', 0]);
    // Not known yet, so no set is refused.
    await expect(watch.check(setOf(party('one', { scope: 'openid address' })))).resolves.toBeUndefined();
    state.mood = 'well';
    await watch.look();
    expect(watch.health().state).toBe('not answering');
    shiftClock(5001);
    await watch.look();
    expect(watch.health()).toMatchObject({
      state: 'rights are missing',
      server: 'Test 2.4',
      missing: [expect.stringContaining('one may ask for address')],
    });
    expect(lines.join()).toContain('eid_rights_missing');
    state.allowed = [...eidOperations];
    shiftClock(60_001);
    await watch.look();
    expect([watch.isDown(), metric('eid_server_available')]).toEqual([false, 1]);
  });

  test('rights are looked at again every hour, and not more often', async () => {
    const { state, watch } = watched();
    await watch.begin();
    for (let minute = 0; minute < 59; minute++) {
      shiftClock(60_000);
      await watch.look();
    }
    expect(state.asked.info).toBe(1);
    state.allowed = [];
    shiftClock(120_000);
    await watch.look();
    expect([state.asked.info, watch.isDown()]).toEqual([2, true]);
  });

  test('recovery is noticed without any citizen trying, each change is logged once', async () => {
    const { state, watch, lines } = watched();
    await watch.begin();
    state.mood = 'silent';
    shiftClock(3_600_001);
    for (let i = 0; i < 3; i++) await watch.look();
    expect(watch.isDown()).toBe(true);
    state.mood = 'well';
    shiftClock(5001);
    await watch.look();
    expect(watch.isDown()).toBe(false);
    expect(state.asked.start).toBe(0);
    const events = lines.map((line) => (JSON.parse(line) as { event: string }).event);
    expect(events.filter((event) => event === 'eid_unavailable')).toHaveLength(1);
    expect(events.filter((event) => event === 'eid_available')).toHaveLength(1);
  });
});

describe('certificates', () => {
  const ending = (use: DatedCertificate['use'], file: string, days: number): DatedCertificate => ({
    use,
    file,
    validFrom: Date.now() - day,
    validTo: Date.now() + days * day,
  });

  test('their end is told six weeks ahead, in health and once a day in the log', async () => {
    const certificate = ending('tls_client', 'client.pem', 43);
    const { watch, lines } = watched(undefined, [certificate]);
    await watch.begin();
    const state = () => watch.health().certificates.map((one) => one.state);
    const warnings = () => lines.filter((line) => line.includes('eid_certificate_to_renew'));
    expect([state(), warnings().length]).toEqual([['valid'], 0]);
    shiftClock(2 * day);
    await watch.look();
    await watch.look();
    expect([state(), warnings().length]).toEqual([['to be renewed'], 1]);
    expect(warnings()[0]).toContain('client.pem');
    shiftClock(42 * day);
    await watch.look();
    expect([state(), warnings().length]).toEqual([['expired'], 2]);
    expect(watch.health().certificates[0]).toMatchObject({ use: 'tls_client', file: 'client.pem' });
  });

  test('of several signers of the eID-Server the last one counts: the change is prepared', async () => {
    const both = [ending('server_signer', 'old.pem', 3), ending('server_signer', 'new.pem', 700)];
    const { watch, lines } = watched(undefined, both);
    await watch.begin();
    expect(watch.health().certificates.map(({ file, state }) => [file, state])).toEqual([
      ['old.pem', 'to be renewed'],
      ['new.pem', 'valid'],
    ]);
    expect(lines.filter((line) => line.includes('eid_certificate_to_renew'))).toEqual([]);
  });
});
