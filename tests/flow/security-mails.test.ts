import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startServices, goOn, type Service, type Services } from '../attack/service.ts';
import { firefoxOnWindows } from '../support/account.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { createPerson, formsOf, type Person } from '../support/browse.ts';
import { resetClock, shiftClock } from '../support/clock.ts';
import { useCard } from '../support/journey.ts';
import { mailsTo, type ShownMail } from '../support/mails.ts';
import {
  addPasskey,
  addTotp,
  linkCard,
  makeCodes,
  newcomer,
  openAccount,
  proceed,
  type Access,
} from '../support/means.ts';
import { operate } from '../support/operate.ts';
import { goodPassword, registers } from '../support/registration.ts';
import { locales, type Locale } from '../../src/web/i18n/shape.ts';

/** Which event is told to the owner of the account, once, in the language of the account. */
let app: TestApp;
let services: Services;
let service: Service;
beforeAll(async () => {
  app = await startTestApp();
  services = await startServices(app);
  service = await services.add({
    clientId: 'buecherei',
    file: {
      client_name: { de: 'Bücherei', en: 'Library' },
      scope: 'openid address offline_access',
      grant_types: ['authorization_code', 'refresh_token'],
    },
  });
});
afterAll(async () => {
  resetClock();
  await services.close();
  await app.stop();
});

const id = () => {
  if (!app.app.id) throw new Error('Bayern-ID does not run');
  return app.app.id;
};

/** An account with a confirmed address, whose owner reads that language. */
const owner = async (login: string, locale: Locale): Promise<Access & { login: string; email: string }> => {
  const access = await newcomer(app, login);
  const email = `${login}@post.test`;
  const account = (await app.citizen(login))?.account;
  if (!account) throw new Error('there is no account');
  await id().accounts.setEmail(account, email, []);
  await id().accounts.setPreferences(account.id, { locale });
  // Or the account would have been made in the flow of its first login.
  shiftClock(2000);
  return { ...access, email };
};

const words = {
  de: { time: /Zeitpunkt: \d+\. \S+ \d{4} um \d\d:\d\d Uhr\./, deny: 'Das war ich nicht' },
  en: { time: /Time: \d+ \S+ \d{4} at \d\d:\d\d\./, deny: 'This was not me' },
} as const;

describe('what happens to an account, one after the other', () => {
  let access: Access & { login: string; email: string };
  let person: Person;
  let seen: ReadonlySet<string> = new Set();
  const card = 'erika';

  /** Mails since the last call. */
  const told = async (): Promise<readonly ShownMail[]> => {
    const all = await mailsTo(app, access.email);
    const fresh = all.filter((mail) => !seen.has(mail.id));
    seen = new Set(all.map((mail) => mail.id));
    return fresh;
  };

  beforeAll(async () => {
    access = await owner('post', 'de');
    person = createPerson();
  });

  const cases: readonly {
    readonly what: string;
    readonly act: () => Promise<unknown>;
    readonly type: string;
    /** German and English. */
    readonly says: readonly [RegExp, RegExp];
    readonly by?: 'operator';
  }[] = [
    {
      what: 'a login in a browser that is not known',
      act: async () => openAccount(app, person, '/konto', access),
      type: 'new_device',
      says: [/Das Gerät kannten wir noch nicht/, /We did not know the device yet/],
    },
    {
      what: 'a passkey is added',
      act: async () => {
        access = { ...access, passkey: await addPasskey(app, access, undefined, person) };
      },
      type: 'means_added',
      says: [/ein Passkey mit dem Namen „Mein Telefon“/, /a passkey named “Mein Telefon”/],
    },
    {
      what: 'an app is added',
      act: async () => {
        access = { ...access, totp: await addTotp(app, access, person) };
      },
      type: 'means_added',
      says: [/: eine Authenticator-App/, /: an authenticator app/],
    },
    {
      what: 'recovery codes are made',
      act: () => makeCodes(app, access, person),
      type: 'means_added',
      says: [/: Wiederherstellungscodes/, /: recovery codes/],
    },
    {
      what: 'the app is removed, and its codes with it',
      act: async () => person.submit(await openAccount(app, person, '/konto/zugaenge/app', access), '/app/entfernen'),
      type: 'means_removed',
      says: [/entfernt.*: eine Authenticator-App/, /removed.*: an authenticator app/],
    },
    {
      what: 'the passkey is removed',
      act: async () => {
        const list = await openAccount(app, person, '/konto/zugaenge', access);
        const one = await person.follow(list, '/konto/zugaenge/passkey/');
        access = { login: access.login, email: access.email, password: access.password ?? '' };
        return person.submit(one, '/entfernen');
      },
      type: 'means_removed',
      says: [/entfernt.*: ein Passkey mit dem Namen „Mein Telefon“/, /removed.*: a passkey named “Mein Telefon”/],
    },
    {
      what: 'a card is connected',
      act: async () => proceed(app, person, await person.visit(`${app.fz}/fuehrungszeugnis/daten`), { card }),
      type: 'means_added',
      says: [/: der Online-Ausweis/, /: the Online-Ausweis/],
    },
    {
      what: 'the card says another address than before',
      act: async () => {
        const data = app.app.persons?.cards.find(({ id: one }) => one === card);
        if (typeof data?.place_of_residence !== 'object') throw new Error('the card has no address');
        Object.assign(data.place_of_residence, { street: 'NEUE STRASSE 1' });
        return useCard(app, person, await service.ask(person, { scope: 'openid address', prompt: 'login' }), card);
      },
      type: 'card_data_changed',
      says: [/anders als bisher: Anschrift\./, /differed from before: address\./],
    },
    {
      what: 'the card is taken away',
      act: async () => person.submit(await person.visit(`${app.issuer}/konto/zugaenge/ausweis/trennen`), '/trennen'),
      type: 'means_removed',
      says: [/entfernt.*: der Online-Ausweis/, /removed.*: the Online-Ausweis/],
    },
    {
      what: 'a refresh token comes a second time',
      act: async () => {
        const ask = { scope: 'openid offline_access', prompt: 'consent' };
        const { refresh_token: stolen } = await service.redeem(await goOn(app, person, await service.ask(person, ask)));
        await service.tokens({ grant_type: 'refresh_token', refresh_token: stolen });
        for (let i = 0; i < 3; i++) await service.tokens({ grant_type: 'refresh_token', refresh_token: stolen });
      },
      type: 'token_reused',
      says: [/der Dienst „Bücherei“ hat einen Zugangsschlüssel/, /The service “Library” used an access key/],
    },
    ...(
      [
        ['logout', 'operator_logged_out'],
        ['lock', 'operator_locked'],
        ['unlock', 'operator_unlocked'],
      ] as const
    ).map(([verb, type]) => ({
      what: `the operator does it: ${verb}`,
      act: () => operate(app, 'citizen', verb, access.login, '--reason', 'Verdacht auf Missbrauch'),
      type,
      says: [/Der Grund: Verdacht auf Missbrauch/, /The reason: Verdacht auf Missbrauch/] as const,
      by: 'operator' as const,
    })),
    {
      what: 'the operator plans the end of the account',
      act: () => operate(app, 'citizen', 'delete', access.login, '--reason', 'Auf Ihren Wunsch'),
      type: 'deletion_planned',
      says: [/löschen wir es.*Der Grund: Auf Ihren Wunsch/s, /we delete it.*The reason: Auf Ihren Wunsch/s],
    },
  ];

  // tests/unit/event-mails.test.ts has each in both languages.
  test.each(cases.map((one, i) => ({ ...one, locale: locales[i % 2] ?? 'de' })))(
    '$what, in the language of the account ($locale)',
    async ({ act, type, says, by, locale }) => {
      await id().accounts.setPreferences((await app.citizen(access.login))?.account.id ?? '', { locale });
      await told();
      await act();
      const mails = await told();
      expect(mails.map((mail) => [mail.type, mail.locale])).toEqual([[type, locale]]);
      const [mail] = mails;
      expect(mail?.text).toMatch(says[locale === 'de' ? 0 : 1]);
      if (type !== 'deletion_planned') expect(mail?.text).toMatch(words[locale].time);
      expect(mail?.denyLink === undefined).toBe(by === 'operator');
      if (by === undefined) {
        expect(mail?.text).toContain(words[locale].deny);
        expect(mail?.denyLink).toMatch(new RegExp(`^${app.issuer}/konto/nicht-ich/[\\w-]+$`));
      }
    },
  );
});

const typesTo = async (email: string): Promise<string[]> => (await mailsTo(app, email)).map(({ type }) => type);

test('a login page that was open before the account was made is a new device all the same', async () => {
  const stranger = createPerson();
  const open = await stranger.visit(`${app.portal}/login`);
  shiftClock(2000);
  const email = 'offen-gelassen@post.test';
  const person = createPerson();
  await registers(app, person, await person.visit(`${app.portal}/login`), { email });
  await stranger.submit(open, '/passwort', { login: email, password: goodPassword });
  expect(await typesTo(email)).toEqual(expect.arrayContaining(['registration_code', 'new_device']));
});

describe('what is not told', () => {
  test('a browser in which the owner has logged in before, and one that is told is known then', async () => {
    const access = await owner('bekannt', 'de');
    const person = createPerson();
    await openAccount(app, person, '/konto', access);
    expect(await typesTo(access.email)).toEqual(['new_device']);
    for (let i = 0; i < 2; i++)
      await goOn(app, person, await service.ask(person, { prompt: 'login' }), {
        login: { login: access.login, password: access.password ?? '' },
      });
    expect(await typesTo(access.email)).toEqual(['new_device']);
  });

  test('the device is told as its owner would call it', async () => {
    const access = await owner('firefox', 'de');
    const person = createPerson();
    const login = await person.visit(`${app.issuer}/konto`);
    const form = formsOf(login).find(({ action }) => action.endsWith('/passwort'));
    const fields = { ...form?.fields, login: access.login, password: access.password ?? '' };
    await person.visit(form?.action ?? '', { form: fields, headers: firefoxOnWindows });
    const [mail] = await mailsTo(app, access.email);
    expect(mail?.text).toContain('kannten wir noch nicht: Firefox unter Windows.');
  });

  test('whoever has just registered is not told of that', async () => {
    const person = createPerson();
    await registers(app, person, await person.visit(`${app.portal}/login`), { email: 'neu-hier@post.test' });
    expect(await typesTo('neu-hier@post.test')).toEqual(['registration_code']);
  });

  test('what a card is asked for the first time: that is news to us alone', async () => {
    const access = await owner('mehr-daten', 'de');
    const person = createPerson();
    await openAccount(app, person, '/konto', access);
    const question = await useCard(
      app,
      person,
      await person.visit(`${app.issuer}/konto/zugaenge/ausweis/neu`),
      'titel',
    );
    await person.submit(question, '/ausweis-hinzufuegen');
    await app.events();
    await useCard(app, person, await service.ask(person, { scope: 'openid address', prompt: 'login' }), 'titel');
    const updated = (await app.events()).find(({ type }) => type === 'card.updated');
    expect(updated).toMatchObject({ attributes: expect.arrayContaining(['address']) as unknown });
    expect(await typesTo(access.email)).toEqual(['means_added', 'new_device']);
  });

  test('an account without a confirmed address: nothing is sent, and nothing fails', async () => {
    const access = await newcomer(app, 'ohne-adresse');
    const before = (await typesTo('')).length;
    await addPasskey(app, access);
    await linkCard(app, { ...access }, 'titel').catch(() => undefined);
    expect((await typesTo('')).length).toBe(before);
  });
});
