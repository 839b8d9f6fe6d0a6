import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import { startTestApp, type TestApp } from '../support/app.ts';
import { createPerson, formsOf, textOf, type Person } from '../support/browse.ts';
import { resetClock, shiftClock } from '../support/clock.ts';
import type { Page } from '../support/cookie-browser.ts';
import type { Authenticator } from '../support/authenticator.ts';
import { erika, max, useCard } from '../support/journey.ts';
import { addPasskey, proceed } from '../support/means.ts';
import { goOn, happened, startServices, type Answer, type Service, type Services, type Tokens } from './service.ts';

const loa = (level: string): string => `http://eidas.europa.eu/LoA/${level}`;
const basic = 'urn:bayern-id:acr:basic';
const [low, substantial, high] = ['low', 'substantial', 'high'].map(loa) as [string, string, string];
const minutes = 60_000;

let app: TestApp;
let services: Services;
/** Asks for nothing of its own. */
let portal: Service;
let fz: Service;
let stork: Service;
let recent: Service;
/** Max’s passkey was made with his card, Erika’s with her password. */
let maxsPasskey: Authenticator;
let erikasPasskey: Authenticator;
beforeAll(async () => {
  app = await startTestApp();
  services = await startServices(app);
  const scope = 'openid profile level1 level2 level3 level4';
  portal = await services.add({ clientId: 'levels', file: { scope } });
  fz = await services.add({ clientId: 'levels-high', file: { scope, minimum_level: 'high' } });
  stork = await services.add({ clientId: 'levels-stork', file: { scope, acr_names: 'stork' } });
  recent = await services.add({ clientId: 'levels-recent', file: { scope, max_evidence_age: 120 } });
  // Max has linked his card; Erika never does.
  const person = createPerson();
  fz.answer(await goOn(app, person, await fz.ask(person), { login: max, card: 'max' }));
  maxsPasskey = await addPasskey(app, { card: 'max' });
  erikasPasskey = await addPasskey(app, erika);
});
afterAll(async () => {
  await services.close();
  await app.stop();
});
afterEach(() => resetClock());

const cookieJar = (from: Person): Person => {
  const person = createPerson();
  for (const [key, value] of from.cookies) person.cookies.set(key, value);
  return person;
};

/** People at each standing, with the session that goes with it. */
const people: Readonly<Record<string, () => Promise<Person>>> = {
  nobody: () => Promise.resolve(createPerson()),
  async 'Erika at basic'() {
    const person = createPerson();
    portal.answer(await goOn(app, person, await portal.ask(person), { login: erika }));
    return person;
  },
  async 'Max at low'() {
    const person = createPerson();
    portal.answer(await goOn(app, person, await portal.ask(person), { login: max }));
    return person;
  },
  async 'Erika by passkey'() {
    const person = createPerson();
    portal.answer(await proceed(app, person, await portal.ask(person), { passkey: erikasPasskey }));
    return person;
  },
  async 'Max at substantial'() {
    const person = createPerson();
    portal.answer(await proceed(app, person, await portal.ask(person), { passkey: maxsPasskey }));
    return person;
  },
  async 'Max at high'() {
    const person = createPerson();
    portal.answer(await goOn(app, person, await portal.ask(person), { card: 'max' }));
    return person;
  },
};

const at = (name: string): Promise<Person> => people[name]?.() ?? Promise.reject(new Error(name));

/** What the citizen meets: the service's answer, or a page, named by the forms on it. */
const outcome = async (service: Service, page: Page): Promise<string> => {
  if (page.url.href.startsWith(service.redirectUri)) {
    const answer: Answer = service.answer(page);
    if (answer['code'] === undefined) return answer['error'] ?? '';
    return (await service.redeem(page)).claims.acr ?? 'without acr';
  }
  const endings = formsOf(page).map(({ action }) => new URL(action).pathname.split('/').at(-1) ?? '');
  if (endings.includes('passwort')) return 'login page';
  return endings.includes('eid') ? 'card page' : `page ${page.status}`;
};

/** Level, methods and time of one answer are those of one login. */
const hangsTogether = ({ claims }: Pick<Tokens, 'claims'>, within = 60): void => {
  const { acr, amr, auth_time: time } = claims;
  expect(typeof acr).toBe('string');
  expect(Math.abs((time ?? 0) - Date.now() / 1000)).toBeLessThan(within);
  const [password, passkey, card] = [['pwd'], ['swk', 'user', 'mfa'], ['sc', 'pin', 'mfa', 'eid']];
  expect([password, passkey, card]).toContainEqual(amr);
  if (acr === substantial) expect(amr).not.toEqual(password);
  if (acr === high) expect(amr).toEqual(card);
};

const acrClaim = (request: object): { claims: string } => ({ claims: JSON.stringify({ id_token: { acr: request } }) });
const page = (level: string, standing: string): string => {
  const order = [basic, low, substantial, high];
  const has =
    {
      nobody: -1,
      'Erika at basic': 0,
      'Erika by passkey': 0,
      'Max at low': 1,
      'Max at substantial': 2,
      'Max at high': 3,
    }[standing] ?? -1;
  if (has >= order.indexOf(level)) return order[has] ?? '';
  return standing === 'nobody' ? 'login page' : 'card page';
};

describe('LA-01 to LA-07: a requested level is a minimum', () => {
  const wishes: readonly (readonly [string, Record<string, string>, string])[] = [
    ['nothing', {}, basic],
    ['LA-01: acr_values high', { acr_values: high }, high],
    ['acr_values low', { acr_values: low }, low],
    ['M7: essential acr low', acrClaim({ essential: true, value: low }), low],
    ['LA-02: essential acr, value', acrClaim({ essential: true, value: high }), high],
    ['LA-02: essential acr, values', acrClaim({ essential: true, values: [high, substantial] }), substantial],
    ['voluntary acr in the claims', acrClaim({ value: substantial }), substantial],
    [
      'essential acr of userinfo',
      { claims: JSON.stringify({ userinfo: { acr: { essential: true, value: high } } }) },
      high,
    ],
    [
      'acr_values do not take an essential claim away',
      { acr_values: low, ...acrClaim({ essential: true, value: high }) },
      high,
    ],
    ['LA-06: alternatives, strong first', { acr_values: `${high} ${low}` }, low],
    ['LA-06: alternatives, weak first', { acr_values: `${low} ${high}` }, low],
    ['LA-06: short name', { acr_values: 'high' }, high],
    ['LA-06: STORK name', { acr_values: 'STORK-QAA-Level-3' }, substantial],
    ['LA-06: scope', { scope: 'openid level4' }, high],
    ['LA-06: name of a scope', { acr_values: 'level2' }, low],
    ['LA-06: scope and name', { scope: 'openid level2', acr_values: substantial }, substantial],
    ['LA-07: unknown, voluntary', { acr_values: 'urn:gold' }, basic],
    ['LA-07: unknown beside a known one', { acr_values: 'urn:gold high' }, high],
    ['LA-07: another spelling is unknown', { acr_values: 'HIGH http://eidas.europa.eu/LoA/High' }, basic],
    ['LA-07: essential, one of them known', acrClaim({ essential: true, values: ['urn:gold', low] }), low],
  ];

  test.each(Object.keys(people))('%s', async (standing) => {
    const person = await at(standing);
    for (const [title, params, level] of wishes) {
      // A copy, since each request must meet the same session.
      const browser = standing === 'nobody' ? createPerson() : cookieJar(person);
      const got = await outcome(portal, await portal.ask(browser, params));
      expect([title, got]).toEqual([title, page(level, standing)]);
      if (standing === 'nobody') continue;
      // LA-03: the same without a page
      const silent = await outcome(portal, await portal.ask(cookieJar(browser), { ...params, prompt: 'none' }));
      const wanted = page(level, standing);
      expect([title, silent]).toEqual([title, wanted.endsWith('page') ? 'unmet_authentication_requirements' : wanted]);
    }
  });

  test.each(Object.keys(people))('LA-07: an essential level that nobody knows cannot be met: %s', async (standing) => {
    for (const request of [{ value: 'urn:gold' }, { values: ['urn:gold', 'HIGH'] }]) {
      const answer = portal.answer(await portal.ask(await at(standing), acrClaim({ essential: true, ...request })));
      expect(answer['error']).toBe('unmet_authentication_requirements');
    }
  });

  test.each([
    ['LA-04: when it forgets to ask', {}],
    ['LA-05: when it asks for less', { acr_values: low }],
    ['LA-05: when it asks for less by essential claim', acrClaim({ essential: true, value: basic })],
    ['LA-05: when it asks by scope', { scope: 'openid level1' }],
  ])('the minimum of the file holds %s', async (_title, params) => {
    const person = await at('Max at low');
    expect(await outcome(fz, await fz.ask(cookieJar(person), params))).toBe('card page');
    expect(await outcome(fz, await fz.ask(person, { ...params, prompt: 'none' }))).toBe(
      'unmet_authentication_requirements',
    );
    expect(await outcome(fz, await fz.ask(await at('Max at high'), params))).toBe(high);
  });

  test('without a session, prompt=none says login_required whatever is asked', async () => {
    for (const params of [{}, { acr_values: high }, { scope: 'openid level4' }]) {
      const answer = portal.answer(await portal.ask(createPerson(), { prompt: 'none', ...params }));
      expect(answer['error']).toBe('login_required');
    }
  });

  test('a password that reaches less than was asked ends in the step-up, and there in an error, never in less', async () => {
    const person = createPerson();
    const stepUp = await goOn(app, person, await portal.ask(person, { acr_values: low }), { login: erika });
    expect(await outcome(portal, stepUp)).toBe('card page');
    const answer = portal.answer(await person.submit(stepUp, '/abbrechen'));
    expect(answer['error']).toBe('access_denied');
    expect(answer['code']).toBeUndefined();
  });
});

describe('M6, LA-13: what an answer says of the login', () => {
  test.each([
    ['Erika at basic', basic, ['pwd']],
    ['Max at low', low, ['pwd']],
    ['Erika by passkey', basic, ['swk', 'user', 'mfa']],
    ['Max at substantial', substantial, ['swk', 'user', 'mfa']],
    ['Max at high', high, ['sc', 'pin', 'mfa', 'eid']],
  ])('%s: acr, amr and auth_time are always there and belong together', async (standing, acr, amr) => {
    const person = await at(standing);
    const tokens = await portal.redeem(await portal.ask(person));
    expect(tokens.claims).toMatchObject({ acr, amr, iss: app.issuer, aud: 'levels' });
    hangsTogether(tokens);
    const keys = createRemoteJWKSet(new URL(`${app.issuer}/jwks`));
    await jwtVerify(tokens.id_token, keys, { issuer: app.issuer, audience: 'levels' });
    expect(decodeProtectedHeader(tokens.id_token).alg).toBe('ES256');
  });

  test('the names that the file asks for', async () => {
    const person = await at('Max at high');
    expect((await stork.redeem(await stork.ask(person))).claims.acr).toBe('STORK-QAA-Level-4');
    expect((await portal.redeem(await portal.ask(person))).claims.acr).toBe(high);
  });

  test('claims about the login cannot be asked away or chosen', async () => {
    const person = await at('Max at low');
    for (const claims of [
      { id_token: { acr: { value: low }, amr: null, auth_time: { essential: true }, sub: null } },
      { userinfo: { name: null } },
    ]) {
      const tokens = await portal.redeem(await portal.ask(person, { claims: JSON.stringify(claims) }));
      expect(tokens.claims).toMatchObject({ acr: low, amr: ['pwd'] });
      hangsTogether(tokens);
    }
  });

  test('LA-12: the level is of the login, not of the account', async () => {
    expect(await outcome(portal, await portal.ask(await at('Max at low')))).toBe(low);
  });

  test('LA-19: whoever never showed a card stays at basic', async () => {
    expect(await outcome(portal, await portal.ask(await at('Erika at basic')))).toBe(basic);
    expect(await outcome(portal, await portal.ask(await at('Erika by passkey')))).toBe(basic);
  });
});

describe('LA-08, LA-09, M8: steps up, and other people', () => {
  test('LA-08: a new password login in a browser at high carries no card along', async () => {
    const person = await at('Max at high');
    const login = await portal.ask(person, { prompt: 'login' });
    expect(await outcome(portal, login)).toBe('login page');
    const tokens = await portal.redeem(await goOn(app, person, login, { login: max }));
    expect(tokens.claims).toMatchObject({ acr: low, amr: ['pwd'] });
    hangsTogether(tokens);
    // Where no freshness is asked the earlier card is as good as it was.
    expect(await outcome(portal, await portal.ask(person))).toBe(high);
  });

  // Before any test that moves the clock: audit events are read in the order of their time.
  test('LA-09: another person’s card ends in an error, and the session is as it was', async () => {
    const person = await at('Erika at basic');
    const before = await app.citizen('erika');
    await happened(app);
    const refused = await useCard(app, person, await portal.ask(person, { acr_values: high }), 'max');
    expect(refused.status).toBe(403);
    expect(textOf(refused)).not.toContain('MAX');
    expect(await happened(app)).toEqual(['eid.started', 'card.refused', 'card.shown_elsewhere']);
    expect(portal.answer(await person.submit(refused, '/abbrechen'))['error']).toBe(
      'unmet_authentication_requirements',
    );
    expect(await outcome(portal, await portal.ask(person, { prompt: 'none' }))).toBe(basic);
    expect(await app.citizen('erika')).toEqual(before);
  });

  test('MG-13: a card with another birth date is not linked', async () => {
    const person = await at('Erika at basic');
    await happened(app);
    const refused = await useCard(app, person, await portal.ask(person, { acr_values: high }), 'titel');
    expect(refused.status).toBe(403);
    const events = (await app.events()).filter(({ type }) => type === 'card.refused');
    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject({ reason: 'birth_date' });
    expect((await app.citizen('erika'))?.card).toBeUndefined();
  });

  test('a step up by the own card: level, methods and time are the card’s', async () => {
    const person = await at('Max at low');
    const before = (await portal.redeem(await portal.ask(person))).claims;
    shiftClock(30_000);
    const tokens = await portal.redeem(
      await goOn(app, person, await portal.ask(person, { acr_values: high }), { card: 'max' }),
    );
    expect(tokens.claims).toMatchObject({ acr: high, amr: ['sc', 'pin', 'mfa', 'eid'], sub: before.sub });
    expect(tokens.claims.auth_time).toBeGreaterThan(before.auth_time ?? 0);
    hangsTogether(tokens);
  });

  test('LA-18: a hint for another user is no switch', async () => {
    const others = (await portal.redeem(await portal.ask(await at('Erika at basic')))).id_token;
    const mine = (await portal.redeem(await portal.ask(await at('Max at low')))).id_token;
    const person = await at('Max at low');
    expect(await outcome(portal, await portal.ask(person, { id_token_hint: mine }))).toBe(low);
    expect(await outcome(portal, await portal.ask(person, { id_token_hint: mine, prompt: 'none' }))).toBe(low);
    expect(await outcome(portal, await portal.ask(person, { id_token_hint: others, prompt: 'none' }))).toBe(
      'login_required',
    );
    const login = await portal.ask(person, { id_token_hint: others });
    expect(await outcome(portal, login)).toBe('login page');
    const again = await goOn(app, person, login, { login: max });
    expect(await outcome(portal, again)).toBe('login_required');
    const right = await portal.ask(person, { id_token_hint: others });
    expect(await outcome(portal, await goOn(app, person, right, { login: erika }))).toBe(basic);
  });
});

describe('freshness', () => {
  test('prompt=login asks although there is a session, and auth_time is later', async () => {
    const person = await at('Max at low');
    const before = (await portal.redeem(await portal.ask(person))).claims;
    shiftClock(5000);
    const tokens = await portal.redeem(
      await goOn(app, person, await portal.ask(person, { prompt: 'login' }), { login: max }),
    );
    expect(tokens.claims.auth_time).toBeGreaterThanOrEqual((before.auth_time ?? 0) + 5);
    expect(tokens.claims.sub).toBe(before.sub);
  });

  test.each([
    ['max_age=0', '0', 1000, 'login page'],
    ['a login older than max_age', '60', 61_000, 'login page'],
    ['one that is younger', '60', 30_000, low],
    ['max_age without end', '99999999999', 30_000, low],
  ])('LA-17: %s', async (_title, maxAge, later, expected) => {
    const person = await at('Max at low');
    shiftClock(later);
    const params = { max_age: maxAge };
    const silent = await outcome(portal, await portal.ask(cookieJar(person), { ...params, prompt: 'none' }));
    expect(silent).toBe(expected === low ? low : 'login_required');
    const asked = await portal.ask(person, params);
    expect(await outcome(portal, asked)).toBe(expected);
    if (expected === low) return;
    hangsTogether(await portal.redeem(await goOn(app, person, asked, { login: max })));
  });

  test('max_age counts for the level too: an old card beside a new password is no high', async () => {
    const person = await at('Max at high');
    shiftClock(2 * minutes);
    const page_ = await goOn(app, person, await portal.ask(person, { max_age: '60' }), { login: max });
    expect((await portal.redeem(page_)).claims).toMatchObject({ acr: low, amr: ['pwd'] });
    expect(await outcome(portal, await portal.ask(person, { max_age: '60', acr_values: high }))).toBe('card page');
  });

  test('max_evidence_age of the file', async () => {
    const person = await at('Max at low');
    expect(await outcome(recent, await recent.ask(cookieJar(person)))).toBe(low);
    shiftClock(121_000);
    expect(await outcome(recent, await recent.ask(cookieJar(person)))).toBe('login page');
    const silent = await recent.ask(cookieJar(person), { prompt: 'none' });
    expect(await outcome(recent, silent)).toBe('login_required');
    expect(await outcome(portal, await portal.ask(person))).toBe(low);
  });
});

describe('M12, LA-10, LA-11, SE-11: levels age', () => {
  test.each<[string, number, string]>([
    ['after 4 minutes', 4, high],
    ['idle for 5 minutes and more', 5.1, substantial],
    ['idle for half an hour and more', 30.1, low],
    ['idle for an hour and more', 60.1, 'login page'],
  ])('%s high has become what is left', async (_title, later, expected) => {
    const person = await at('Max at high');
    const loggedIn = Date.now();
    shiftClock(later * minutes);
    const answer = await portal.ask(person);
    expect(await outcome(portal, answer)).toBe(expected);
    if (expected === 'login page') return;
    // auth_time is the card's, not that of the last visit
    const tokens = await portal.redeem(await portal.ask(person));
    expect(Math.abs((tokens.claims.auth_time ?? 0) * 1000 - loggedIn)).toBeLessThan(5000);
    expect(tokens.claims.amr).toEqual(['sc', 'pin', 'mfa', 'eid']);
  });

  test.each<[string, number, string]>([
    ['30 minutes', 30, substantial],
    ['2 hours', 120, low],
    ['12 hours', 720, 'login page'],
  ])('however busy, after %s', async (_title, end, expected) => {
    const person = await at('Max at high');
    const step = end === 30 ? 4 : end === 120 ? 4.5 : 50;
    for (let minute = step; minute < end; minute += step) {
      shiftClock(step * minutes);
      await portal.ask(person);
    }
    shiftClock(step * minutes);
    expect(await outcome(portal, await portal.ask(person))).toBe(expected);
  });

  /** Age of a login at high in minutes, unused meanwhile, and what is left of it. */
  const ages: readonly (readonly [number, string | undefined])[] = [
    [1, high],
    [6, substantial],
    [31, low],
    [61, undefined],
  ];
  const requests: readonly (readonly [string, Readonly<Record<string, string>>, string])[] = [
    ['nothing asked', {}, basic],
    ['basic', { acr_values: basic }, basic],
    ['low', { acr_values: low }, low],
    ['substantial by a STORK name', { acr_values: 'STORK-QAA-Level-3' }, substantial],
    ['substantial by scope', { scope: 'openid level3' }, substantial],
    ['high', { acr_values: high }, high],
    ['high, essential', acrClaim({ essential: true, value: high }), high],
  ];
  /** What each client demands beside the request, and how it spells the answer. */
  const clients: readonly (readonly [string, () => Service, string, (acr: string) => string])[] = [
    ['any level', () => portal, basic, (acr) => acr],
    ['any level, by STORK names', () => stork, basic, (acr) => `STORK-QAA-Level-${order.indexOf(acr) + 1}`],
    ['high alone', () => fz, high, (acr) => acr],
  ];
  const order = [basic, low, substantial, high];

  test.each(ages)('every client and request at a login of %i minutes ago, of which %s is left', async (age, left) => {
    const person = await at('Max at high');
    shiftClock(age * minutes);
    for (const [client, service, minimum, spelt] of clients)
      for (const [request, params, asked] of requests) {
        const wanted = Math.max(order.indexOf(minimum), order.indexOf(asked));
        const enough = left !== undefined && order.indexOf(left) >= wanted;
        const browser = cookieJar(person);
        const silent = await outcome(service(), await service().ask(browser, { ...params, prompt: 'none' }));
        const without = left === undefined ? 'login_required' : 'unmet_authentication_requirements';
        expect([client, request, silent]).toEqual([client, request, enough ? spelt(left) : without]);
        if (enough) continue;
        const page = await outcome(service(), await service().ask(browser, params));
        expect([client, request, page]).toEqual([client, request, expect.stringMatching(/^(login|card) page$/)]);
      }
  });

  test('LA-11: single sign-on at high only while the level is young enough', async () => {
    const person = await at('Max at high');
    shiftClock(4 * minutes);
    expect(await outcome(fz, await fz.ask(cookieJar(person)))).toBe(high);
    shiftClock(5.1 * minutes);
    expect(await outcome(fz, await fz.ask(person))).toBe('card page');
  });

  test('LA-10: the card again brings the level back, with its own time', async () => {
    const person = await at('Max at high');
    shiftClock(10 * minutes);
    const again = await goOn(app, person, await fz.ask(person), { card: 'max' });
    const tokens = await fz.redeem(again);
    expect(tokens.claims).toMatchObject({ acr: high });
    hangsTogether(tokens);
  });

  test('SE-11: a session that has run out is none', async () => {
    const person = await at('Max at low');
    shiftClock(61 * minutes);
    expect(portal.answer(await portal.ask(person, { prompt: 'none' }))['error']).toBe('login_required');
  });
});
