import { cpSync, globSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startTestApp, type TestApp } from '../support/app.ts';
import { createPerson, textOf } from '../support/browse.ts';
import { erika, loginAtPortal, max } from '../support/journey.ts';
import { operate, poll } from '../support/operate.ts';

let home: string;
let app: TestApp;
beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'bayern-id-taken-back-'));
  app = await startTestApp();
});
afterAll(async () => {
  await app.stop();
  rmSync(app.data, { recursive: true, force: true });
  rmSync(home, { recursive: true, force: true });
});

/** The file of the records without those of the artifacts, as a database has a backup of its own. */
const copyRecords = (from: string, to: string): void => {
  for (const path of globSync(join(to, 'id.sqlite*'))) rmSync(path);
  for (const path of globSync(join(from, 'id.sqlite*'))) cpSync(path, join(to, basename(path)));
};
const again = async (between: () => void): Promise<void> => {
  const { data } = app;
  await app.app.close(0);
  between();
  app = await startTestApp({ data });
};
const folder = (): string => join(app.data, 'data');
const wentBack = async (): Promise<string | undefined> => {
  await poll(app);
  return /^journal_went_back (\d)$/m.exec(await app.app.monitored.metrics())?.[1];
};
const loggedIn = async (who: typeof max): Promise<boolean> =>
  (await loginAtPortal(app, createPerson(), who)).url.origin === app.portal;

test('OP-13: a database from an hour ago: it is told, and what was revoked since is done again', async () => {
  expect(await loggedIn(max)).toBe(true);
  expect(await wentBack()).toBe('0');
  await again(() => copyRecords(folder(), home));

  // Within the hour: a lock, a switch, a new password, and an account that is to be deleted.
  expect((await operate(app, 'citizen', 'lock', 'max', '--reason', 'Verdacht')).code).toBe(0);
  expect((await operate(app, 'switch', 'off', 'client', 'fuehrungszeugnis')).code).toBe(0);
  const { account } = (await app.citizen('erika')) ?? {};
  await app.app.id?.journal.recordNow([{ type: 'password.changed', by: 'citizen', accountId: account?.id ?? '' }]);
  expect(await wentBack()).toBe('0');
  const journal = join(home, 'journal.jsonl');
  expect((await operate(app, 'audit', 'export', journal)).code).toBe(0);
  expect((await operate(app, 'audit', 'taken-back', journal)).output).toContain('nothing was taken back');

  await again(() => copyRecords(home, folder()));
  expect(await wentBack()).toBe('1');
  expect(app.log.filter((line) => line.includes('"records_went_back"'))).toHaveLength(1);
  // It goes on from there, and is still told, by every node that starts.
  expect(await loggedIn(max)).toBe(true);
  expect(await loggedIn(erika)).toBe(true);
  expect(await wentBack()).toBe('1');

  const { account: maxAccount } = (await app.citizen('max')) ?? {};
  const told = await operate(app, 'audit', 'taken-back', journal);
  expect(told.code).toBe(1);
  const lines = (what: readonly [string, string, string]): string[] => [
    `account ${maxAccount?.id}: account.locked: ${what[0]}`,
    `account ${account?.id}: password.changed: ${what[1]}`,
    `client fuehrungszeugnis: ${what[2]}`,
  ];
  for (const line of lines(['lock it', 'lock it', 'switch off'])) expect(told.output).toContain(line);
  expect(await loggedIn(max)).toBe(true);

  const applied = await operate(app, 'audit', 'taken-back', journal, '--apply');
  expect(applied.code).toBe(0);
  for (const line of lines(['locked', 'locked', 'is off'])) expect(applied.output).toContain(line);
  expect([await loggedIn(max), await loggedIn(erika)]).toEqual([false, false]);
  expect(await wentBack()).toBe('0');
  expect((await createPerson().visit(`${app.fz}/fuehrungszeugnis/daten`)).status).toBe(400);
  expect(await app.app.id?.citizens.actsOn(account?.id ?? '')).toMatchObject([
    { kind: 'lock', reason: expect.stringContaining('wiederhergestellt') },
  ]);
  // Once more: nothing changes.
  expect((await operate(app, 'audit', 'taken-back', journal, '--apply')).output).toContain('locked already');
  expect(textOf(await createPerson().visit(app.portal))).toContain('Bayern-Portal');
});
