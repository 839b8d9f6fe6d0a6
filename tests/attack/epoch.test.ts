import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { startTestApp, type TestApp } from '../support/app.ts';
import { createPerson, formsOf, textOf, type Person } from '../support/browse.ts';
import type { Page } from '../support/cookie-browser.ts';
import { erikaAtFuehrungszeugnis, loginAtPortal, max, useCard } from '../support/journey.ts';
import { addTotp, newcomer, proceed } from '../support/means.ts';
import { goOn, startServices, type Service, type Services, type Tokens } from './service.ts';

let app: TestApp;
let services: Services;
let service: Service;
const person = createPerson();

const recordsOf = () => {
  const records = app.app.id?.stores.records.query;
  if (!records) throw new Error('Bayern-ID does not run');
  return records;
};

beforeAll(async () => {
  app = await startTestApp();
  services = await startServices(app);
  service = await services.add({
    clientId: 'epoch',
    file: {
      scope: 'openid profile email address offline_access',
      grant_types: ['authorization_code', 'refresh_token'],
    },
  });
  await erikaAtFuehrungszeugnis(app);
});
afterAll(async () => {
  await services.close();
  await app.stop();
});

describe('decision 13: a row in another place does not open', () => {
  const idOf = async (login: string): Promise<string> => (await app.citizen(login))?.account.id ?? '';
  /** By what its row of the user name is found; the address has another. */
  const userNameOf = async (id: string): Promise<string> => {
    const names = recordsOf().selectFrom('login_names').select('hash').where('account_id', '=', id);
    return (await names.where('kind', '=', 'name').executeTakeFirstOrThrow()).hash;
  };
  const opens = async (read: () => Promise<unknown> | undefined): Promise<boolean> => {
    try {
      await read();
      return true;
    } catch {
      return false;
    }
  };

  test.each<
    [
      string,
      (from: string, to: string) => Promise<() => Promise<unknown>>,
      (id: string) => Promise<unknown> | undefined,
    ]
  >([
    [
      'what somebody else said of himself',
      async (from, to) => swap('attributes', ['account_id', to], ['account_id', from]),
      (id) => app.app.id?.citizens.find(id),
    ],
    [
      'the password of another account',
      async (from, to) => swap('credentials', ['account_id', to], ['account_id', from]),
      (id) => app.app.id?.citizens.passwordOf(id),
    ],
    [
      'the key of another account',
      async (from, to) => swap('accounts', ['id', to], ['id', from], 'data_key'),
      (id) => app.app.id?.citizens.find(id),
    ],
    [
      'the name of another account',
      async (from, to) => swap('login_names', ['hash', await userNameOf(to)], ['hash', await userNameOf(from)]),
      (id) => app.app.id?.citizens.find(id),
    ],
  ])('%s', async (_title, move, read) => {
    const [her, him] = [await idOf('erika'), await idOf('max')];
    expect(await opens(async () => read(him))).toBe(true);
    const restore = await move(her, him);
    expect(await opens(async () => read(him))).toBe(false);
    await restore();
    expect(await opens(async () => read(him))).toBe(true);
  });

  test('what the card said, put where what was typed stands', async () => {
    const id = await idOf('erika');
    const rows = await recordsOf()
      .selectFrom('attributes')
      .select(['source', 'sealed'])
      .where('account_id', '=', id)
      .execute();
    const sealed = (source: string): Uint8Array =>
      rows.find((row) => row.source === source)?.sealed ?? new Uint8Array();
    const put = (box: Uint8Array): Promise<unknown> =>
      recordsOf()
        .updateTable('attributes')
        .set({ sealed: box })
        .where('account_id', '=', id)
        .where('source', '=', 'self')
        .execute();
    await put(sealed('card'));
    expect(await opens(async () => app.app.id?.citizens.find(id))).toBe(false);
    await put(sealed('self'));
    expect(await opens(async () => app.app.id?.citizens.find(id))).toBe(true);
  });

  test.each([0, 20, -1])('a byte changed at %i', async (place) => {
    const id = await idOf('max');
    const row = await recordsOf()
      .selectFrom('credentials')
      .select('sealed')
      .where('account_id', '=', id)
      .executeTakeFirstOrThrow();
    const put = (box: Uint8Array): Promise<unknown> =>
      recordsOf().updateTable('credentials').set({ sealed: box }).where('account_id', '=', id).execute();
    const changed = Buffer.from(row.sealed);
    const index = place < 0 ? changed.length + place : place;
    changed[index] = (changed[index] ?? 0) ^ 1;
    await put(changed);
    expect(await opens(async () => app.app.id?.citizens.passwordOf(id))).toBe(false);
    await put(row.sealed);
  });

  /** Puts the box of one row into another; returns how to put it back. */
  const swap = async (
    table: 'attributes' | 'credentials' | 'accounts' | 'login_names',
    [column, to]: readonly [string, string],
    [, from]: readonly [string, string],
    box: 'sealed' | 'data_key' = 'sealed',
  ): Promise<() => Promise<unknown>> => {
    const db = recordsOf() as unknown as {
      selectFrom(table: string): {
        select(c: string): {
          where(c: string, o: '=', v: string): { execute(): Promise<Record<string, Uint8Array>[]> };
        };
      };
      updateTable(table: string): {
        set(v: object): { where(c: string, o: '=', v: string): { execute(): Promise<unknown> } };
      };
    };
    const read = async (id: string): Promise<Uint8Array> =>
      (await db.selectFrom(table).select(box).where(column, '=', id).execute())[0]?.[box] ?? new Uint8Array();
    const [own, other] = [await read(to), await read(from)];
    const put = (value: Uint8Array): Promise<unknown> =>
      db
        .updateTable(table)
        .set({ [box]: value })
        .where(column, '=', to)
        .execute();
    await put(other);
    return () => put(own);
  };
});

describe('RF-09, decision 7: the epoch ends everything that was issued before it', () => {
  const raise = (): Promise<unknown> =>
    recordsOf()
      .updateTable('accounts')
      .set((set) => ({ epoch: set('epoch', '+', 1) }))
      .execute();
  const lock = (state: 'locked' | 'active') => (): Promise<unknown> =>
    recordsOf().updateTable('accounts').set({ state }).execute();
  const alive = async (from: Tokens): Promise<Record<string, unknown>> => {
    const me = await fetch(`${app.issuer}/me`, { headers: { authorization: `Bearer ${from.access_token}` } });
    const active = async (token: string): Promise<unknown> =>
      ((await (await service.post('/token/introspection', { token })).json()) as { active: unknown }).active;
    const silent = service.answer(await service.ask(person, { prompt: 'none' }));
    return {
      userinfo: me.status,
      accessToken: await active(from.access_token),
      refreshToken: await active(from.refresh_token),
      session: silent['error'] ?? 'code',
    };
  };
  const fresh = async (): Promise<Tokens> =>
    service.redeem(
      await goOn(app, person, await service.ask(person, { scope: 'openid offline_access', prompt: 'login consent' }), {
        login: max,
      }),
    );

  afterEach(() => lock('active')());

  test.each([
    ['raised', raise],
    ['of a locked account', lock('locked')],
  ])('%s', async (_title, change) => {
    const before = await fresh();
    expect(await alive(before)).toEqual({ userinfo: 200, accessToken: true, refreshToken: true, session: 'code' });
    const pending = await service.ask(person);
    await change();
    expect(await alive(before)).toEqual({
      userinfo: 401,
      accessToken: false,
      refreshToken: false,
      session: 'login_required',
    });
    const refreshed = await service.tokens({ grant_type: 'refresh_token', refresh_token: before.refresh_token });
    expect(refreshed).toMatchObject({ status: 400, error: 'invalid_grant' });
    expect(await service.redeem(pending)).toMatchObject({ status: 400, error: 'invalid_grant' });
    const login = await service.ask(person);
    expect([login.status, login.body.includes('/passwort')]).toEqual([200, true]);
  });

  test('during a step-up the session that was raised away pins nobody, and nothing is linked to it', async () => {
    const her = createPerson();
    await loginAtPortal(app, her, max);
    const stepUp = await her.visit(`${app.fz}/fuehrungszeugnis/daten`);
    const link = await useCard(app, her, stepUp, 'max');
    expect(link.body).toContain('/ausweis-hinzufuegen');
    await raise();
    const answer = await her.submit(link, '/ausweis-hinzufuegen', { answer: 'add' });
    expect(answer.status).toBe(400);
    expect((await app.citizen('max'))?.card).toBeUndefined();
  });

  describe('a login that was under way', () => {
    /** Password and code, as somebody who was lured to a copy of our page gave them away: good for this one login. */
    const halfway = async (login: string): Promise<{ readonly thief: Person; readonly stepUp: Page }> => {
      const owner = await newcomer(app, login);
      const totp = await addTotp(app, owner);
      const thief = createPerson();
      const start = await thief.visit(`${app.fz}/fuehrungszeugnis/daten`);
      const stepUp = await proceed(app, thief, start, { ...owner, totp: { ...totp, code: () => totp.code(1) } });
      expect(stepUp.body).toContain('/eid');
      return { thief, stepUp };
    };

    test('the control: who has proved the account may add a card', async () => {
      const { thief, stepUp } = await halfway('unterwegs');
      expect((await useCard(app, thief, stepUp, 'titel')).body).toContain('/ausweis-hinzufuegen');
    });

    test('adds no card any more: what it proved is void, though the credentials are still there', async () => {
      const { thief, stepUp } = await halfway('ueberholt');
      await raise();
      const answer = await useCard(app, thief, stepUp, 'titel');
      expect(answer.body).not.toContain('/ausweis-hinzufuegen');
      expect(textOf(answer)).toContain('Haben Sie schon ein Bayern-ID-Konto?');
      expect((await app.citizen('ueberholt'))?.card).toBeUndefined();
    });

    test('nor by a form that was open already', async () => {
      const { thief, stepUp } = await halfway('offene-seite');
      const link = await useCard(app, thief, stepUp, 'titel');
      await raise();
      expect((await thief.submit(link, '/ausweis-hinzufuegen', { answer: 'add' })).status).toBe(400);
      expect((await app.citizen('offene-seite'))?.card).toBeUndefined();
    });

    test('keeps no account that its owner wants to be deleted', async () => {
      const { thief, stepUp } = await halfway('geht');
      const account = (await app.citizen('geht'))?.account;
      if (!account) throw new Error('there is no account');
      await app.app.id?.lifecycle.planDeletion(account, Date.now() + 14 * 86_400_000, []);
      const leaving = await useCard(app, thief, stepUp, 'zeichen');
      expect(leaving.body).not.toContain('/konto-behalten');
      const sent = await thief.visit(`${stepUp.url.href}/konto-behalten`, {
        form: { csrf: formsOf(stepUp)[0]?.fields['csrf'] ?? '' },
      });
      expect([sent.status, (await app.citizen('geht'))?.account.state]).toEqual([400, 'leaving']);
    });
  });
});
