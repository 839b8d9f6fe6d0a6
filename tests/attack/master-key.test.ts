import { copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { masterKeyId } from '../../src/id/master-keys.ts';
import { openSecrets } from '../../src/secrets.ts';
import { keyIdOf } from '../../src/storage/sealing.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { createPerson } from '../support/browse.ts';
import { erikaAtFuehrungszeugnis, loginAtPortal, max, useCard } from '../support/journey.ts';
import { operate } from '../support/operate.ts';

/** The exchange of the master key, with the app started anew after each step as the operator does. */
let home: string;
let app: TestApp;
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'bayern-id-test-'));
});
afterAll(async () => {
  await app.stop();
  rmSync(home, { recursive: true, force: true });
});

const secret = (name: string): string => join(home, 'data', 'secrets', name);
const restart = async (): Promise<void> => {
  await app.stop();
  app = await startTestApp({ data: home });
};

const boxes = async (): Promise<readonly Uint8Array[]> => {
  const query = app.app.id?.stores.records.query;
  if (!query) throw new Error('no records');
  return [
    ...(await query.selectFrom('accounts').select('data_key as box').execute()),
    ...(await query.selectFrom('keys').select('sealed as box').execute()),
    ...(await query.selectFrom('installation_key').select('sealed as box').execute()),
  ].map(({ box }) => box);
};
const keysUsed = async (): Promise<readonly (string | undefined)[]> => [
  ...new Set((await boxes()).map((box) => keyIdOf(box))),
];

/** What has to go on whatever the master key is. */
const everythingOpens = async (): Promise<void> => {
  expect((await loginAtPortal(app, createPerson(), max)).url.origin).toBe(app.portal);
  const byCard = createPerson();
  const portal = await useCard(app, byCard, await byCard.visit(`${app.portal}/login`), 'erika');
  expect(portal.url.origin).toBe(app.portal);
};

describe('bayern-id keys master rotate', () => {
  test('in three calls, each of which may be made again; no key is missing at any point', async () => {
    app = await startTestApp({ data: home });
    const { person } = await erikaAtFuehrungszeugnis(app);
    const first = readFileSync(secret('master.key'), 'utf8');
    const firstId = masterKeyId(openSecrets(join(home, 'data'), false).masterKeys().current);
    expect(await keysUsed()).toEqual([firstId]);

    const one = await operate(app, 'keys', 'master', 'rotate');
    expect([one.code, one.output]).toEqual([0, expect.stringContaining('1 of 3')]);
    expect(await keysUsed()).toEqual([firstId]);
    await restart();
    await everythingOpens();
    expect(await keysUsed()).toEqual([firstId]);

    // The second call is made while the servers run on both keys.
    const next = readFileSync(secret('master.next.key'), 'utf8');
    const two = await operate(app, 'keys', 'master', 'rotate');
    expect([two.code, two.output]).toEqual([0, expect.stringContaining('2 of 3')]);
    expect(two.output).toMatch(/accounts looked at: (\d+) of \1/);
    expect(readFileSync(secret('master.key'), 'utf8')).toBe(next);
    expect(readFileSync(secret('master.previous.key'), 'utf8')).toBe(first);
    expect(existsSync(secret('master.next.key'))).toBe(false);
    await everythingOpens();
    // Made by a server that has not been started anew yet.
    const late = createPerson();
    const assign = await useCard(app, late, await late.visit(`${app.portal}/login`), 'max');
    expect((await late.submit(assign, '/zuordnen', { answer: 'new' })).url.origin).toBe(app.portal);
    expect(await keysUsed()).toHaveLength(2);
    await restart();
    await everythingOpens();

    const three = await operate(app, 'keys', 'master', 'rotate');
    expect([three.code, three.output]).toEqual([0, expect.stringContaining('3 of 3: keys wrapped again: 1')]);
    expect((await operate(app, 'keys', 'master', 'rotate')).output).toContain('keys wrapped again: 0');
    expect(await keysUsed()).toEqual([masterKeyId(openSecrets(join(home, 'data'), false).masterKeys().current)]);

    rmSync(secret('master.previous.key'));
    await restart();
    await everythingOpens();
    // A session from before all this.
    expect((await person.visit(`${app.issuer}/konto`)).url.pathname).toBe('/konto');
    const rotated = (await app.events()).filter(({ type }) => type === 'keys.rotated');
    expect(rotated.map((event) => ('use' in event ? event.use : ''))).toEqual(['master', 'master']);
  }, 120_000);

  test('ended between its files, the second call goes on where it was', async () => {
    await operate(app, 'keys', 'master', 'rotate');
    copyFileSync(secret('master.key'), secret('master.previous.key'));
    const two = await operate(app, 'keys', 'master', 'rotate');
    expect([two.code, two.output]).toEqual([0, expect.stringContaining('2 of 3')]);
    await restart();
    await everythingOpens();
    rmSync(secret('master.previous.key'));
  }, 60_000);

  test('the old key opens nothing any more', async () => {
    const keys = openSecrets(join(home, 'data'), false).masterKeys();
    const ids = await keysUsed();
    expect(ids).toEqual([masterKeyId(keys.current)]);
    const folder = readdirSync(join(home, 'data', 'secrets')).filter((name) => name.startsWith('master'));
    expect(folder).toEqual(['master.key']);
    // No master key, in any form, stands among the records.
    const disk = Buffer.concat(
      readdirSync(join(home, 'data'))
        .filter((name) => name.includes('.sqlite'))
        .map((name) => readFileSync(join(home, 'data', name))),
    );
    for (const form of [keys.current, keys.current.toString('base64url'), keys.current.toString('hex')])
      expect(disk.includes(form)).toBe(false);
  });
});
