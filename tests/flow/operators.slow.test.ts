import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { setTimeout as pause } from 'node:timers/promises';
import { createPerson, formsOf, textOf } from '../support/browse.ts';
import { erika } from '../support/journey.ts';
import { freshCheckout, ownPorts, run, type PortSettings, type Run } from '../support/process.ts';

let checkout: ReturnType<typeof freshCheckout>;
let ports: PortSettings;
let server: Run;

const env = (): Readonly<Record<string, string | undefined>> => ({ ...ports.env, NODE_ENV: undefined });

beforeAll(async () => {
  checkout = freshCheckout();
  ports = await ownPorts();
  server = run('npm', ['start'], { cwd: checkout.directory, env: env() });
  await server.says('is ready');
}, 120_000);
afterAll(async () => {
  const last = server.tree().at(-1);
  if (last !== undefined) process.kill(last, 'SIGTERM');
  await server.ended;
  checkout.remove();
}, 60_000);

const bayernId = async (...args: string[]): Promise<{ code: number | null; output: string }> => {
  const node = `${process.cwd()}/node_modules/.bin/node`;
  const command = run(node, ['dist/cli.js', ...args], { cwd: checkout.directory, env: env() });
  const code = await command.ended;
  return { code, output: command.output() };
};

/** Asks again and again, since another process has to notice; at most for a minute. */
const within = async (holds: () => Promise<boolean>): Promise<number> => {
  const since = performance.now();
  while (!(await holds())) {
    if (performance.now() - since > 60_000) throw new Error('not within a minute');
    await pause(200);
  }
  return performance.now() - since;
};

/** The command line and the server are processes of their own, on the same SQLite files. */
describe('bayern-id beside a running server', () => {
  test('logout: the citizen is out at once, and the service is told', async () => {
    const person = createPerson();
    const home = await person.submit(await person.visit(`${ports.portal}/login`), '/passwort', erika);
    expect(textOf(home)).toContain('Erika Mustermann');
    const { code, output } = await bayernId('citizen', 'logout', 'erika', '--reason', 'Probe');
    expect([code, output]).toEqual([0, expect.stringContaining('sessions ended: 1')]);
    await within(async () => !textOf(await person.visit(ports.portal)).includes('Erika Mustermann'));
    expect(
      formsOf(await person.visit(`${ports.portal}/login`)).some(({ action }) => action.endsWith('/passwort')),
    ).toBe(true);
    expect((await bayernId('logout-notices')).output).toContain('every service was told');
  }, 120_000);

  test('a kill switch works within a minute', async () => {
    expect((await bayernId('switch', 'off', 'method', 'eid')).code).toBe(0);
    await within(async () => {
      const page = await createPerson().visit(`${ports.portal}/login`);
      return !formsOf(page).some(({ action }) => action.endsWith('/eid'));
    });
    expect((await bayernId('switch', 'list')).output).toMatch(/method +eid +off/);
  }, 120_000);

  test('a rotation is published within 15 seconds', async () => {
    const keys = async (): Promise<number> =>
      ((await (await fetch(`${ports.issuer}/jwks`)).json()) as { keys: unknown[] }).keys.length;
    const before = await keys();
    expect((await bayernId('keys', 'rotate', 'ES256')).code).toBe(0);
    expect(await within(async () => (await keys()) === before + 1)).toBeLessThan(15_000);
    expect((await bayernId('keys', 'list')).output).toMatch(/ES256 +next[^]*ES256 +current/);
  }, 120_000);

  test('what is not understood shows how it is written', async () => {
    for (const args of [['citizen', 'lock', 'erika'], ['keys', 'destroy'], ['switch'], ['logout-notices', '--all']]) {
      const { code, output } = await bayernId(...args);
      expect([args, code, output]).toEqual([args, 2, expect.stringContaining(`bayern-id ${args[0] ?? ''}`)]);
    }
  }, 120_000);

  test('without records there is nothing to work on', async () => {
    const empty = { ...env(), BAYERN_ID__STORAGE__DIRECTORY: `${checkout.directory}/nothing` };
    const node = `${process.cwd()}/node_modules/.bin/node`;
    const command = run(node, ['dist/cli.js', 'keys', 'list'], { cwd: checkout.directory, env: empty });
    expect(await command.ended).toBe(1);
    expect(command.output()).toContain('start Bayern-ID first');
  }, 120_000);
});
