import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { startTestApp, type TestApp } from '../support/app.ts';
import { createAuthenticator } from '../support/authenticator.ts';
import { createPerson, formsOf, textOf, type Person } from '../support/browse.ts';
import { resetClock, shiftClock } from '../support/clock.ts';
import type { Page } from '../support/cookie-browser.ts';
import { max, useCard } from '../support/journey.ts';
import { agree, beginJoining, joinPath, newAccountByCard, proveBoth } from '../support/joining.ts';
import { addPasskey, linkCard, newcomer, openAccount, proceed, type Access } from '../support/means.ts';

type Login = { readonly login: string; readonly password: string };

let app: TestApp;
let person: Person;
let number = 0;
/** Two accounts of their own for each test: the one that is logged in, and the one that somebody wants. */
let kept: Login;
let closed: Login;
beforeAll(async () => {
  app = await startTestApp({ set: { ID__GUARD__ADDRESS__FAILURES: '10000' } });
}, 60_000);
afterAll(() => app.stop());
beforeEach(async () => {
  person = createPerson();
  number += 1;
  kept = await newcomer(app, `bleibt-${number}`);
  closed = await newcomer(app, `endet-${number}`);
  await app.events();
});
afterEach(() => resetClock());

const id = (): NonNullable<TestApp['app']['id']> => {
  if (!app.app.id) throw new Error('Bayern-ID does not run');
  return app.app.id;
};
const accountOf = async ({ login }: Pick<Login, 'login'>): Promise<{ id: string; epoch: number }> => {
  const account = (await app.citizen(login))?.account;
  if (!account) throw new Error(`there is no ${login}`);
  return account;
};
/** Whether both accounts are still there, and the browser still is in the one that it was in. */
const untouched = async (): Promise<unknown[]> => [
  (await app.citizen(kept.login))?.account.epoch,
  (await app.citizen(closed.login)) !== undefined,
  textOf(await person.visit(`${app.issuer}/konto`)).includes(`Guten Tag, ${kept.login}`),
];
const still = [1, true, true];
const joined = async (): Promise<boolean> => (await app.citizen(closed.login)) === undefined;
const refusals = async (): Promise<unknown[]> =>
  (await app.events()).flatMap((event) => (event.type === 'join.refused' ? [event.reason] : []));
const isReview = (page: Page): boolean =>
  page.status === 200 && /^\/konto\/zusammenlegen\/[\w-]{43}$/.test(page.url.pathname);
const fieldsOf = (page: Page): Readonly<Record<string, string>> =>
  formsOf(page).find(({ action }) => new URL(action).pathname === page.url.pathname)?.fields ?? {};
const csrfOf = async (at: Person): Promise<string> =>
  formsOf(await at.visit(`${app.issuer}/konto/sprache`)).find(({ action }) => action.endsWith('/sprache'))?.fields[
    'csrf'
  ] ?? '';

test('the control: both proved, one is left', async () => {
  const review = await proveBoth(app, person, kept, closed);
  expect([isReview(review), await untouched()]).toEqual([true, still]);
  expect((await agree(person, review)).status).toBe(200);
  expect(await joined()).toBe(true);
});

describe('MG-06, MG-16: a proof belongs to both accounts and to one session', () => {
  test('in another browser of the same account, in that of another one and in that of the second one it is nothing', async () => {
    const review = await proveBoth(app, person, kept, closed);
    for (const who of [kept, closed, max]) {
      const other = createPerson();
      await openAccount(app, other, '/konto', who);
      const seen = await other.visit(review.url.href);
      const sent = await other.visit(review.url.href, { form: { csrf: await csrfOf(other), agree: '1' } });
      expect([seen.status, sent.status]).toEqual([410, 410]);
    }
    expect(await untouched()).toEqual(still);
    // Whose it is can still use it.
    expect((await agree(person, review)).status).toBe(200);
  });

  test('the login of the second account is one in no other browser, and never logs anybody in', async () => {
    const proof = await beginJoining(app, person, kept);
    const request = proof.trail.find((address) => address.includes('/auth?')) ?? '';
    expect(new URL(request).searchParams.get('state')).toMatch(/^\/konto\/zusammenlegen\/nachweis\/[\w-]{43}$/);
    expect((await createPerson().visit(proof.url.href)).status).toBe(400);
    // The request itself, carried to where somebody else is logged in, or the same person in another session, or nobody.
    for (const who of [undefined, closed, kept]) {
      const other = createPerson();
      if (who) await openAccount(app, other, '/konto', who);
      const page = await other.visit(request);
      expect([page.status, page.body.includes('/passwort')]).toEqual([400, false]);
    }
    // Where it belongs it leads to the same question, also once the account that asked has gone on.
    expect((await person.visit(request)).status).toBe(200);
    await id().lifecycle.endEverything((await accountOf(kept)).id, []);
    const late = await person.submit(proof, '/passwort', closed);
    expect([late.url.pathname === proof.url.pathname, isReview(late), late.body.includes('/passwort')]).toEqual([
      false,
      false,
      true,
    ]);
    expect((await proceed(app, person, late, kept)).status).toBe(410);
    expect(await joined()).toBe(false);
  });

  test('a made-up proof is none', async () => {
    await openAccount(app, person, joinPath, kept);
    const csrf = await csrfOf(person);
    for (const name of ['', 'x', 'A'.repeat(43), `${'A'.repeat(43)}/`, '__proto__']) {
      const sent = await person.visit(`${app.issuer}${joinPath}/${name}`, { form: { csrf, agree: '1' } });
      expect([name, isReview(sent)]).toEqual([name, false]);
    }
    expect(await untouched()).toEqual(still);
  });
});

describe('who may join', () => {
  const proveBy = async (access: Access): Promise<Page> => proveBoth(app, person, kept, access);

  test('LA-12: a password is no proof of an account that has a card', async () => {
    await linkCard(app, closed, 'titel');
    const page = await proveBy(closed);
    expect([isReview(page), textOf(page)]).toEqual([false, expect.stringContaining('Bitte weisen Sie sich aus')]);
    expect(textOf(page)).toContain(`Das Konto, das enden soll: ${closed.login}`);
    const card = await useCard(app, person, page, 'titel');
    expect(isReview(card)).toBe(true);
    await agree(person, card);
    expect((await app.citizen(kept.login))?.card?.attributes.given_name?.value).toBe('THEODORA MARIA');
  });

  test('a password is no proof of an account that has a passkey, either, and another account’s passkey is none', async () => {
    const passkey = await addPasskey(app, closed);
    const foreign = await addPasskey(app, max);
    const page = await proveBy(closed);
    expect(page.body).not.toMatch(/action="[^"]*\/(?:passwort|eid)"/);
    const csrf = formsOf(page)[0]?.fields['csrf'] ?? '';
    const again = await person.visit(`${page.url.href}/passwort`, { form: { csrf, password: closed.password } });
    expect(again.status).toBe(400);
    const wrong = await person.submit(page, '/passkey', { answer: foreign.answer(page) });
    expect([wrong.status, isReview(wrong)]).toEqual([422, false]);
    expect(isReview(await person.submit(wrong, '/passkey', { answer: passkey.answer(wrong) }))).toBe(true);
  });

  test('LA-12: nor does a password open the page in an account that has a card', async () => {
    await linkCard(app, kept, 'zeichen');
    const page = await proceed(app, person, await person.visit(`${app.issuer}${joinPath}`), kept);
    expect(textOf(page)).toContain('Bitte weisen Sie sich aus');
    const csrf = await csrfOf(person);
    expect((await person.visit(`${app.issuer}${joinPath}`, { form: { csrf } })).url.pathname).toMatch(/^\/anmelden\//);
  });

  test('PW-01: a wrong password says what it says everywhere', async () => {
    const page = await proveBy({ ...closed, password: 'falsch-geraten-hier' });
    const nobody = await proveBoth(app, createPerson(), kept, { login: 'gibt-es-nicht', password: 'falsch' });
    expect([page.status, nobody.status]).toEqual([422, 422]);
    expect(await untouched()).toEqual(still);
  });

  test('not an account with itself', async () => {
    const page = await proveBy(kept);
    expect([page.status, textOf(page)]).toEqual([403, expect.stringContaining('Das ist dasselbe Konto')]);
    expect(await refusals()).toEqual(['same_account']);
    // The wrong one was taken: another one can be.
    const anew = await person.submit(page, '/anderes-konto');
    expect(isReview(await proceed(app, person, anew, closed))).toBe(true);
  });

  test('not a locked one: by its password as if it were wrong', async () => {
    await id().citizens.act((await accountOf(closed)).id, { kind: 'lock', reason: 'Verdacht', operator: 'test' });
    const page = await proveBy(closed);
    expect([page.status, textOf(page)]).toEqual([422, expect.not.stringContaining('gesperrt')]);
    expect(await untouched()).toEqual(still);
  });

  test('not one that is to be deleted, and its deletion goes on', async () => {
    await id().lifecycle.planDeletion(await accountOf(closed), Date.now() + 86_400_000, []);
    const page = await proveBy(closed);
    expect([page.status, textOf(page)]).toEqual([403, expect.stringContaining('Dieses Konto wird schon gelöscht')]);
    const csrf = formsOf(page)[0]?.fields['csrf'] ?? '';
    expect((await person.visit(`${page.url.href}/konto-behalten`, { form: { csrf } })).status).toBe(400);
    expect((await app.citizen(closed.login))?.account.state).toBe('leaving');
    expect(await refusals()).toEqual(['leaving']);
  });

  test('MG-01: a card that belongs to nobody proves nothing, and makes no account on the way', async () => {
    const proof = await beginJoining(app, person, kept);
    const page = await useCard(app, person, proof, 'smart-eid');
    expect([page.status, textOf(page)]).toEqual([
      403,
      expect.stringContaining('Dieser Ausweis gehört zu keinem Konto'),
    ]);
    const csrf = formsOf(page)[0]?.fields['csrf'] ?? '';
    for (const [step, form] of [
      ['zuordnen', { answer: 'new' }],
      ['ausweis-hinzufuegen', { answer: 'add' }],
      ['registrieren/e-mail', { email: 'neu@post.test' }],
    ] as const)
      expect((await person.visit(`${proof.url.href}/${step}`, { form: { csrf, ...form } })).status).toBe(400);
    const types = (await app.events()).map(({ type }) => type);
    expect([types.includes('account.created'), types.includes('card.linked'), types.includes('join.refused')]).toEqual([
      false,
      false,
      true,
    ]);
    expect(await untouched()).toEqual(still);
  });

  const cardOnly = async (card: string): Promise<void> => {
    const owner = createPerson();
    await newAccountByCard(app, owner, await owner.visit(`${app.portal}/login`), card);
  };

  test('MG-13: not two people: their cards are compared, after the proof', async () => {
    await cardOnly('unionsbuerger');
    await cardOnly('aufenthaltstitel');
    const page = await proveBoth(app, person, { card: 'aufenthaltstitel' }, { card: 'unionsbuerger' });
    expect([page.status, textOf(page)]).toEqual([403, expect.stringContaining('lassen sich nicht zusammenlegen')]);
    expect(page.body).not.toContain('LODIE');
    const sent = await person.visit(page.url.href, { form: { csrf: await csrfOf(person), agree: '1' } });
    expect(sent.status).toBe(403);
    expect(await refusals()).toEqual(['other_person', 'other_person']);
  });

  test('MG-13: nor a card and a birth date that somebody typed', async () => {
    await cardOnly('wechsel-nachher');
    const page = await proveBoth(app, person, max, { card: 'wechsel-nachher' });
    expect([page.status, await refusals()]).toEqual([403, ['other_person']]);
    expect((await app.citizen('max'))?.card).toBeUndefined();
  });
});

describe('SE-05, SE-13', () => {
  test('nothing happens without the token of this session, nor from another site, nor unasked', async () => {
    const review = await proveBoth(app, person, kept, closed);
    const other = createPerson();
    await openAccount(app, other, '/konto', max);
    for (const csrf of ['', await csrfOf(other)]) expect((await agree(person, review, { csrf })).status).toBe(403);
    const form = { ...fieldsOf(review), agree: '1' };
    const headers = { 'sec-fetch-site': 'cross-site' };
    expect((await person.visit(review.url.href, { form, headers })).status).toBe(403);
    expect((await person.visit(`${app.issuer}${joinPath}`, { form: { csrf: '' } })).status).toBe(403);
    expect((await agree(person, review, { agree: '' })).status).toBe(422);
    expect(await untouched()).toEqual(still);
  });
});

describe('MG-10: at most one', () => {
  test('of two accounts that want the same one, and of two that want each other, one gets it', async () => {
    const rival = await newcomer(app, `rivale-${number}`);
    const rivals = createPerson();
    const seconds = createPerson();
    const pages = [
      [person, await proveBoth(app, person, kept, closed)],
      [rivals, await proveBoth(app, rivals, rival, closed)],
      [seconds, await proveBoth(app, seconds, closed, kept)],
    ] as const;
    expect(pages.map(([, page]) => isReview(page))).toEqual([true, true, true]);
    await app.events();
    const sent = await Promise.all(pages.map(([at, page]) => agree(at, page)));
    expect(sent.filter(({ url, status }) => status === 200 && url.pathname.endsWith('/fertig')).length).toBeGreaterThan(
      0,
    );
    const left = await Promise.all(
      [kept, rival, closed].map(async ({ login }) => (await app.citizen(login)) !== undefined),
    );
    const events = (await app.events()).filter(({ type }) => type === 'account.deleted').length;
    // Two of the three may join one after the other, never one account twice.
    expect(left.filter(Boolean)).toHaveLength(3 - events);
    expect(left[0] && left[2]).toBe(false);
  });
});

// The last ones, since they move the clock, by which events are told in order.
describe('MG-07: a proof ends', () => {
  test('with its use: sent twenty times at once it joins once, and later it is nothing', async () => {
    const review = await proveBoth(app, person, kept, closed);
    const form = { ...fieldsOf(review), agree: '1' };
    const sent = await Promise.all(Array.from({ length: 20 }, () => person.visit(review.url.href, { form })));
    expect(sent.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, ...Array<number>(19).fill(410)]);
    expect((await person.visit(review.url.href, { form })).status).toBe(410);
    const types = (await app.events()).map(({ type }) => type);
    expect(types.filter((type) => type === 'accounts.joined')).toHaveLength(2);
  });

  test('of a login that has proved the second account nothing is left', async () => {
    const proof = await beginJoining(app, person, kept);
    const request = proof.trail.find((address) => address.includes('/auth?')) ?? '';
    expect(isReview(await person.submit(proof, '/passwort', closed))).toBe(true);
    expect([(await person.visit(proof.url.href)).status, (await person.visit(request)).status]).toEqual([400, 400]);
    expect(await untouched()).toEqual(still);
  });

  test('after ten minutes, and then both are asked for again', async () => {
    const review = await proveBoth(app, person, kept, closed);
    const form = { ...fieldsOf(review), agree: '1' };
    shiftClock(10 * 60_000 + 1000);
    const sent = await person.visit(review.url.href, { form });
    expect(sent.url.pathname).toMatch(/^\/anmelden\//);
    const back = await proceed(app, person, sent, kept);
    expect([back.url.pathname, back.status]).toEqual([review.url.pathname, 410]);
    expect(await untouched()).toEqual(still);
  });

  test('a login that stands still for longer than that is no proof, however it goes on', async () => {
    const authenticator = await addPasskey(app, closed);
    const step = await proceed(app, person, await beginJoining(app, person, kept), closed);
    expect(textOf(step)).toContain('sicherere Anmeldemethode');
    shiftClock(11 * 60_000);
    const review = await proceed(app, person, step, { passkey: authenticator });
    // The account that stays has to be shown again, and then the proof of the other one is a minute old.
    expect(review.url.pathname).toMatch(/^\/anmelden\//);
    expect(isReview(await proceed(app, person, review, kept))).toBe(true);
  });

  const changes: readonly (readonly [string, () => Promise<unknown>])[] = [
    [
      'locked',
      async () =>
        id().citizens.act((await accountOf(closed)).id, { kind: 'lock', reason: 'Verdacht', operator: 'test' }),
    ],
    ['to be deleted', async () => id().lifecycle.planDeletion(await accountOf(closed), Date.now() + 86_400_000, [])],
    [
      'of another password',
      async () => id().credentials.setPassword(await accountOf(closed), { hash: 'x', ceiling: 'basic' }, []),
    ],
    ['stronger', () => addPasskey(app, closed, createAuthenticator(), createPerson())],
    ['logged out everywhere', async () => id().lifecycle.endEverything((await accountOf(closed)).id, [])],
  ];
  test.each(changes)('when the second account is %s by then', async (_title, change) => {
    const review = await proveBoth(app, person, kept, closed);
    await change();
    const sent = await agree(person, review);
    expect([sent.status, textOf(sent)]).toEqual([410, expect.stringContaining('Dieser Nachweis gilt nicht mehr')]);
    expect(await untouched()).toEqual(still);
  });
});
