import { cpSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { backupCommand, restoreCommand } from '../../src/cli/backup.ts';
import { auditCommand } from '../../src/cli/audit.ts';
import type { CommandContext } from '../../src/cli/context.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { createPerson, textOf } from '../support/browse.ts';
import { resetClock, shiftClock } from '../support/clock.ts';
import { erikaAtFuehrungszeugnis, loginAtPortal, max } from '../support/journey.ts';
import { describeIf, need } from '../support/lack.ts';
import { operate } from '../support/operate.ts';
import { startPostgres, type TestServer } from '../support/servers.ts';

interface Saved {
  readonly id: string;
  readonly parts: readonly {
    readonly part: string;
    readonly takenAt: string;
    readonly tables: readonly { readonly name: string; readonly rows: number; readonly file: string }[];
  }[];
  readonly attachments: { readonly count: number } | null;
}

const manifestOf = (folder: string): Saved => JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as Saved;

/** Everything that a backup holds, by table, in an order of its own. */
const contentOf = (folder: string): Readonly<Record<string, readonly string[]>> =>
  Object.fromEntries(
    manifestOf(folder).parts.flatMap(({ part, tables }) =>
      tables.map(({ name, file }) => [
        `${part}.${name}`,
        gunzipSync(readFileSync(join(folder, file)))
          .toString()
          .split('\n')
          .filter((line) => line !== '')
          .toSorted(),
      ]),
    ),
  );

let app: TestApp;
let home: string;
const extraEvents = 12_000;

/** The command line at a place of its own, with the secrets that its operator has kept apart. */
const at = (place: { readonly directory: string; readonly databaseUrl?: string }, stopAt?: RegExp) => {
  const lines: string[] = [];
  mkdirSync(place.directory, { recursive: true });
  if (place.directory !== here().directory)
    cpSync(join(app.data, 'data', 'secrets'), join(place.directory, 'secrets'), { recursive: true });
  const context: CommandContext = {
    settings: {
      ...app.settings,
      storage: {
        ...app.settings.storage,
        directory: place.directory,
        ...(place.databaseUrl === undefined ? {} : { database_url: place.databaseUrl }),
      },
    },
    production: false,
    configDirectory: app.config,
    clientIds: () => Promise.resolve([]),
    print(line) {
      lines.push(line);
      if (stopAt?.test(line)) throw new Error('the machine stops here');
    },
  };
  return { context, lines };
};

const here = (): { readonly directory: string } => ({ directory: join(app.data, 'data') });

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'bayern-id-backup-'));
  app = await startTestApp({ exampleLetters: true });
  await erikaAtFuehrungszeugnis(app);
  expect((await operate(app, 'citizen', 'delete', 'max', '--reason', 'Auf Wunsch')).code).toBe(0);
  for (let i = 0; i < extraEvents; i += 1000)
    await app.app.id?.journal.recordNow(Array.from({ length: 1000 }, () => ({ type: 'recovery.requested' })));
  await app.app.id?.poll();
}, 120_000);
afterAll(async () => {
  resetClock();
  await app?.stop();
  rmSync(home, { recursive: true, force: true });
});

describe('RL-15: a backup', () => {
  const folder = (): string => join(home, 'backup');

  test('is taken while citizens log in; one that was interrupted is none, and goes on with what is missing', async () => {
    const state = { loading: true, logins: 0 };
    const loggedIn = (): number => state.logins;
    const load = (async () => {
      while (state.loading) {
        expect(textOf(await loginAtPortal(app, createPerson()))).toContain('Erika');
        state.logins += 1;
        await app.app.id?.poll();
      }
    })();
    try {
      const interrupted = at(here(), /^mein-postfach: /);
      await expect(backupCommand([folder()], interrupted.context)).rejects.toThrow('the machine stops here');
      expect(interrupted.lines.join('\n')).toContain('id audit_events: 10000 of');
      await expect(restoreCommand([folder()], at({ directory: join(home, 'early') }).context)).rejects.toThrow(
        'it is no backup, or one that was interrupted',
      );
      const enough = loggedIn() + 2;
      while (loggedIn() < enough) await new Promise((resolve) => setImmediate(resolve));
      const again = at(here());
      expect(await backupCommand([folder()], again.context)).toBe(0);
      expect(again.lines[0]).toMatch(/^id: saved \d{4}-/);
    } finally {
      state.loading = false;
      await load;
    }
    const saved = manifestOf(folder());
    expect(saved.parts.map(({ part }) => part)).toEqual(['id', 'mein-postfach', 'bezahlsystem', 'fuehrungszeugnis']);
    const rows = (part: string, table: string): number =>
      saved.parts.find((one) => one.part === part)?.tables.find(({ name }) => name === table)?.rows ?? 0;
    expect(rows('id', 'accounts')).toBeGreaterThanOrEqual(2);
    expect(rows('id', 'audit_events')).toBeGreaterThan(extraEvents);
    expect(rows('mein-postfach', 'letters')).toBeGreaterThan(0);
    expect(saved.attachments?.count).toBeGreaterThan(0);
    await expect(backupCommand([folder()], at(here()).context)).rejects.toThrow('holds a whole backup');
  });

  test('is for its owner’s eyes, holds every table, and no key', () => {
    const files = globSync(`${folder()}/**/*`, { withFileTypes: true }).filter((one) => one.isFile());
    expect(files.length).toBeGreaterThan(40);
    const secrets = globSync(join(app.data, 'data', 'secrets', '*.key')).map((path) => {
      const text = readFileSync(path, 'utf8').trim();
      const bytes = Buffer.from(text, 'base64url');
      return [text, bytes.toString('base64'), bytes.toString('hex'), bytes];
    });
    expect(secrets.length).toBeGreaterThan(4);
    for (const { parentPath, name } of files) {
      const path = join(parentPath, name);
      expect([path, statSync(path).mode & 0o077]).toEqual([path, 0]);
      const raw = readFileSync(path);
      const text = name.endsWith('.gz') ? gunzipSync(raw) : raw;
      for (const forms of secrets) for (const form of forms) expect([path, text.includes(form)]).toEqual([path, false]);
    }
    expect(files.filter(({ name }) => name.endsWith('.part'))).toEqual([]);
  });

  test('is restored into an empty place, also after an interruption in the middle of a table', async () => {
    const place = { directory: join(home, 'restored', 'data') };
    const interrupted = at(place, /^id audit_events: 10000 of/);
    await expect(restoreCommand([folder()], interrupted.context)).rejects.toThrow('the machine stops here');
    const again = at(place);
    expect(await restoreCommand([folder()], again.context)).toBe(0);
    await expect(restoreCommand([folder()], at(place).context)).rejects.toThrow('not empty');

    const second = join(home, 'second');
    expect(await backupCommand([second], at(place).context)).toBe(0);
    expect(contentOf(second)).toEqual(contentOf(folder()));
    const verified = at(place);
    expect(await auditCommand(['verify'], verified.context)).toBe(0);
    expect(verified.lines.at(-1)).toMatch(/^1\d{4} links, all as they were written; head /);
  });

  test('what is damaged is found before anything is written', async () => {
    const damaged = join(home, 'damaged');
    cpSync(folder(), damaged, { recursive: true });
    const file = join(damaged, 'bezahlsystem', 'orders.jsonl.gz');
    const bytes = readFileSync(file);
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
    writeFileSync(file, bytes);
    const place = { directory: join(home, 'untouched') };
    await expect(restoreCommand([damaged], at(place).context)).rejects.toThrow(
      'orders.jsonl.gz is not as it was written',
    );
    expect(globSync(join(place.directory, '*.sqlite'))).toEqual([]);
  });

  test('sessions that are still kept somewhere are in the way: they would come alive again', async () => {
    const place = { directory: join(home, 'sessions') };
    mkdirSync(place.directory, { recursive: true });
    for (const path of globSync(join(app.data, 'data', 'id-artifacts.sqlite*')))
      cpSync(path, join(place.directory, path.slice(path.lastIndexOf('/') + 1)));
    await expect(restoreCommand([folder()], at(place).context)).rejects.toThrow('sessions and tokens');
  });

  test('the restored installation goes on: the same password, the same subject, the same letters, and planned deletions', async () => {
    const subjects = await app.subjects('erika');
    const restored = await startTestApp({ data: join(home, 'restored') });
    try {
      const person = createPerson();
      expect(textOf(await loginAtPortal(restored, person))).toContain('Erika');
      expect(await restored.subjects('erika')).toEqual(subjects);
      const attachments = (home: string): string[] =>
        globSync(join(home, 'data', 'mein-postfach-attachments', '*', '*'))
          .map((path) => path.slice(path.lastIndexOf('/')))
          .toSorted();
      expect(attachments(restored.data)).toEqual(attachments(app.data));
      expect(attachments(restored.data).length).toBeGreaterThan(0);
      expect(await restored.citizen(max.login)).toBeDefined();
      shiftClock(15 * 86_400_000);
      await restored.app.id?.runAccountJobs();
      expect(await restored.citizen(max.login)).toBeUndefined();
    } finally {
      resetClock();
      await restored.stop();
    }
  });

  describeIf(need('postgres'), 'on PostgreSQL', () => {
    let server: TestServer;
    beforeAll(async () => {
      server = await startPostgres();
    }, 60_000);
    afterAll(() => server?.stop());

    test('a backup of files fills a database, and one of that database is the same', async () => {
      const place = { directory: join(home, 'postgres'), databaseUrl: server.url };
      await expect(restoreCommand([folder()], at(place, /^id audit_events: 10000 of/).context)).rejects.toThrow(
        'stops',
      );
      expect(await restoreCommand([folder()], at(place).context)).toBe(0);
      const verified = at(place);
      expect(await auditCommand(['verify'], verified.context)).toBe(0);
      const third = join(home, 'third');
      expect(await backupCommand([third], at(place).context)).toBe(0);
      expect(contentOf(third)).toEqual(contentOf(folder()));
      await expect(restoreCommand([third], at(place).context)).rejects.toThrow('not empty');
    });
  });
});
