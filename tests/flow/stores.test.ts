import { globSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { Client } from 'pg';
import { startTestApp, type TestApp } from '../support/app.ts';
import { createPerson, textOf } from '../support/browse.ts';
import { standardAgeing } from '../../src/assurance/policy.ts';
import { oldRedisRelease, oldRelease } from '../../src/storage/server-releases.ts';
import { resetClock, shiftClock } from '../support/clock.ts';
import { erika, erikaAtFuehrungszeugnis, loginAtPortal, max, useCard } from '../support/journey.ts';
import { operate, poll } from '../support/operate.ts';
import { describeIf, need } from '../support/lack.ts';
import { startPostgres, startRedis, type TestServer } from '../support/servers.ts';

const postgres = need('postgres');
const redis = need('redis-server');

/** The journeys on other stores, without another code path. */
const describeStores = (name: string, has: boolean, withRedis: boolean): void =>
  describeIf(has, name, () => {
    let app: TestApp;
    let database: TestServer;
    let cache: TestServer | undefined;
    beforeAll(async () => {
      [database, cache] = await Promise.all([startPostgres(), withRedis ? startRedis() : undefined]);
      app = await startTestApp({
        env: { DATABASE_URL: database.url, ...(cache === undefined ? {} : { REDIS_URL: cache.url }) },
      });
      await app.events();
    }, 60_000);
    afterAll(async () => {
      await app?.stop();
      await database?.stop();
      await cache?.stop();
    });

    test('a card is added at a step-up, then logs in alone; a foreign one is refused; logging out tells the others', async () => {
      const { person, page } = await erikaAtFuehrungszeugnis(app);
      expect(page.url.href).toBe(`${app.fz}/fuehrungszeugnis/daten`);
      expect(textOf(page)).toContain('HEIDESTRASSE 17');
      const subjects = await app.subjects('erika');

      const other = createPerson();
      const portal = await useCard(app, other, await other.visit(`${app.portal}/login`), 'erika');
      expect(textOf(portal)).toContain('hoch');
      expect(await app.subjects('erika')).toEqual(subjects);

      const newcomer = createPerson();
      const assign = await useCard(app, newcomer, await newcomer.visit(`${app.portal}/login`), 'max');
      expect(textOf(await newcomer.submit(assign, '/zuordnen', { answer: 'new' }))).toContain('hoch');

      const question = await person.submit(await person.visit(app.portal), '/abmelden');
      expect(textOf(await person.submit(question, '/session/end/confirm'))).toContain('Führungszeugnis');
      await app.outboxEmpty();
      expect((await person.visit(`${app.fz}/fuehrungszeugnis/daten`)).url.origin).toBe(app.issuer);
      const types = (await app.events()).map(({ type }) => type);
      for (const type of ['card.linked', 'account.created', 'consent.given', 'session.ended', 'logout.told'])
        expect(types).toContain(type);
    });

    test('an address with a zero byte, which PostgreSQL takes for no text, is nothing and no error', async () => {
      const person = createPerson();
      await loginAtPortal(app, person, erika);
      expect((await person.visit(`${app.bezahlsystem}/meine-zahlungen`)).status).toBe(200);
      for (const path of ['/meine-zahlungen/%00', '/meine-zahlungen/%00/beleg.pdf', '/bezahlen/%00/ergebnis'])
        expect([path, (await person.visit(`${app.bezahlsystem}${path}`)).status]).toEqual([path, 404]);
    });

    test('what they left is there and nowhere else', async () => {
      const client = new Client({ connectionString: database.url });
      await client.connect();
      const count = async (table: string): Promise<number> => {
        const { rows } = await client.query<{ count: string }>(`select count(*) from ${table}`);
        return Number(rows[0]?.count);
      };
      try {
        // Erika, Max, and the newcomer with Max's card.
        expect(await count('id.accounts')).toBe(3);
        expect(await count('id.card_links')).toBe(2);
        expect(await count('id.audit_events')).toBeGreaterThan(5);
        const { rows } = await client.query<{ schema: string }>(
          "select nspname as schema from pg_namespace where nspname like '%-artifacts'",
        );
        const schemas = rows.map(({ schema }) => schema).sort();
        if (withRedis) expect(schemas).toEqual([]);
        else {
          const used = ['bayern-portal-artifacts', 'fuehrungszeugnis-artifacts', 'id-artifacts'];
          const unused = [
            'bezahlsystem-artifacts',
            'mein-postfach-artifacts',
            'registerbehoerde-artifacts',
            'spielwiese-artifacts',
          ];
          expect(schemas).toEqual([...used, ...unused].sort());
          for (const schema of used) expect(await count(`"${schema}".artifact`)).toBeGreaterThan(0);
        }
      } finally {
        await client.end();
      }
      if (cache !== undefined) {
        const connection = new Redis(cache.url);
        const keys = await connection.keys('*');
        await connection.quit();
        for (const part of ['id', 'bayern-portal', 'fuehrungszeugnis'])
          expect([part, keys.some((key) => key.startsWith(`${part}:artifact:`))]).toEqual([part, true]);
        expect(keys.some((key) => key.startsWith('id:counter:'))).toBe(true);
      }
      // The payment simulator is no part of the installation.
      const own = globSync('**/*.sqlite*', { cwd: app.data }).filter((file) => !file.includes('payment-simulator'));
      expect(own).toEqual([]);
    });

    test('the operator’s command line, expiry and a rotation do the same there', async () => {
      const told = async (): Promise<string[]> => {
        await app.outboxEmpty();
        return (await app.events()).flatMap((event) => (event.type === 'logout.told' ? [event.clientId ?? ''] : []));
      };
      const person = createPerson();
      expect(textOf(await loginAtPortal(app, person, max))).toContain('Max Beispiel');
      await told();
      const locked = await operate(app, 'citizen', 'lock', 'max', '--reason', 'Verdacht');
      expect([locked.code, locked.output]).toEqual([0, expect.stringContaining('sessions ended: 1')]);
      await poll(app);
      expect(await told()).toEqual(['bayern-portal']);
      expect((await person.visit(`${app.portal}/login`)).url.origin).toBe(app.issuer);
      expect(await app.app.id?.citizens.actsOn((await app.citizen('max'))?.account.id ?? '')).toMatchObject([
        { kind: 'lock', reason: 'Verdacht' },
      ]);
      await operate(app, 'citizen', 'unlock', 'max', '--reason', 'geklärt');

      await loginAtPortal(app, createPerson(), max);
      expect((await operate(app, 'keys', 'rotate')).code).toBe(0);
      expect((await operate(app, 'switch', 'off', 'client', 'fuehrungszeugnis')).code).toBe(0);
      await told();
      shiftClock(standardAgeing.basic.idle * 1000 + 60_000);
      await poll(app);
      expect(await told()).toContain('bayern-portal');
      expect((await createPerson().visit(`${app.fz}/fuehrungszeugnis/daten`)).status).toBe(400);
      resetClock();
    });

    test('OP-09, RL-14: a node whose clock is not the database’s is seen', async () => {
      const offset = async (): Promise<number> =>
        Number(/^clock_offset_seconds\{part="id"\} (\S+)$/m.exec(await app.app.monitored.metrics())?.[1]);
      for (const minutes of [0, 5, -5]) {
        shiftClock(minutes * 60_000);
        // Half a minute is what a busy machine may take for one question.
        expect(Math.abs((await offset()) - minutes * 60)).toBeLessThan(30);
        resetClock();
      }
    });

    test('SC-06: a release with a known hole is told at the start, with what distributions have patched', async () => {
      const told = app.log
        .filter((line) => line.includes('"store_old_release"') && line.includes('"part":"id"'))
        .map((line) => JSON.parse(line) as unknown);
      const client = new Client({ connectionString: database.url });
      await client.connect();
      const { rows } = await client.query<{ version: string }>("select current_setting('server_version') as version");
      await client.end();
      const connection = cache && new Redis(cache.url);
      const info = (await connection?.info('server')) ?? '';
      await connection?.quit();
      const wanted = [oldRelease('postgres', rows[0]?.version ?? ''), oldRedisRelease(info)].flatMap(
        (one) => one ?? [],
      );
      expect(told).toEqual(
        wanted.map(({ store, version, reason }) =>
          expect.objectContaining({ severity: 'warn', store, version, reason }),
        ),
      );
    });

    if (withRedis)
      test('OP-01: Redis gone: a login is a clear 503, what needs no store goes on, and it comes back by itself', async () => {
        const person = createPerson();
        const page = await person.visit(`${app.portal}/login`);
        await cache?.kill();
        const refused = await person.submit(page, '/passwort', max);
        expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '5']);
        expect(textOf(refused)).toContain('Gerade nicht erreichbar');
        for (const path of ['/.well-known/openid-configuration', '/jwks', '/health/live'])
          expect([path, (await fetch(`${app.issuer}${path}`)).status]).toEqual([path, 200]);
        await cache?.start();
        // Each part connects again by itself.
        for (;;) {
          const newcomer = createPerson();
          const login = await newcomer.visit(`${app.portal}/login`);
          const again = login.status === 503 ? login : await newcomer.submit(login, '/passwort', max);
          if (again.status === 503) continue;
          expect(textOf(again)).toContain('Max Beispiel');
          break;
        }
      });
  });

describeStores('on PostgreSQL and Redis', postgres !== undefined && redis !== undefined, true);
describeStores('on PostgreSQL alone', postgres !== undefined, false);
