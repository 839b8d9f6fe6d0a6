import { rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createPerson, formsOf } from '../support/browse.ts';
import { canMount, startAlone, startToldService, type Alone, type ToldService } from '../support/cluster/alone.ts';
import { createCitizens, createNetwork, subjectOf, type Citizens, type Network } from '../support/cluster/citizen.ts';
import { describeUnless, describeIf, needFile } from '../support/lack.ts';
import { startSmtp } from '../support/smtp.ts';

/** A test person of config/test-persons.yaml. */
const erika = { email: 'erika', password: 'zwiebel-turm-laterne' };

interface World {
  readonly alone: Alone;
  readonly network: Network;
  readonly citizens: Citizens;
}

const worldOf = (alone: Alone): World => {
  const network = createNetwork();
  return { alone, network, citizens: createCitizens(alone, network) };
};

const logsIn = async ({ citizens }: World): Promise<string> => {
  const code = await citizens.login(erika, citizens.offline);
  const answer = await citizens.tokens(code.client, citizens.redeemFields(code));
  expect(answer.status).toBe(200);
  return subjectOf(answer);
};
const recovers = async (world: World): Promise<void> => {
  while (!(await logsIn(world).catch(() => undefined))) await pause(100);
};

describeUnless(canMount() ? undefined : 'this user may not mount a disk', 'a full disk', () => {
  let world: World;
  beforeAll(async () => {
    world = worldOf(await startAlone({ disk: 48 }));
  });
  afterAll(() => world?.alone.close());

  test('a clear 503 while nothing can be written; then everything is there, and nobody restarts a process', async () => {
    const { alone, network, citizens } = world;
    const subject = await logsIn(world);
    const filler = join(alone.dataFolder, 'filler');
    const { bavail, bsize } = statfsSync(alone.dataFolder);
    writeFileSync(filler, Buffer.alloc(bavail * bsize));
    expect(statfsSync(alone.dataFolder).bavail).toBe(0);
    const before = network.refusals.length;
    // What a file still has room for is used up first.
    while (network.refusals.length === before) await citizens.login(erika, citizens.offline).catch(() => {});
    expect(network.refusals.at(-1)).toMatchObject({ status: 503, retryAfter: expect.stringMatching(/^[1-9]\d*$/) });
    for (const path of ['/.well-known/openid-configuration', '/jwks', '/health/live'])
      expect([path, (await fetch(`${alone.issuer}${path}`)).status]).toEqual([path, 200]);
    rmSync(filler);
    await recovers(world);
    expect(await logsIn(world)).toBe(subject);
    expect(alone.id.child.exitCode).toBe(null);
  });
});

describe('others that hang', () => {
  let world: World;
  let services: readonly ToldService[] = [];
  let smtp: Awaited<ReturnType<typeof startSmtp>>;
  beforeAll(async () => {
    smtp = await startSmtp();
    services = [await startToldService('haengt', false), await startToldService('hoert', true)];
    world = worldOf(
      await startAlone({
        set: {
          ID__MAIL__SMTP__HOST: 'localhost',
          ID__MAIL__SMTP__PORT: String(smtp.port),
          ID__MAIL__SMTP__TLS: 'none',
          ID__MAIL__SMTP__FROM__ADDRESS: 'bayern-id@id.example.de',
        },
        prepare: (configuration) => {
          for (const service of services) service.write(configuration);
        },
      }),
    );
  });
  afterAll(async () => {
    await world?.alone.close();
    for (const service of services) service.close();
    await smtp?.stop();
  });

  test('a hanging mail server: nobody waits for it, and the mail comes when it answers again', async () => {
    const { citizens } = world;
    smtp.recipients = 'hang';
    const email = 'neu@post.test';
    await citizens.askForCode(email);
    // It was connected to, and has left the program waiting.
    while (smtp.asked() === 0) await pause(50);
    await logsIn(world);
    expect(smtp.received).toEqual([]);
    smtp.recipients = undefined;
    while (!smtp.received.some(({ to }) => to.includes(email))) await pause(200);
  });

  test('a hanging eID-Server: passwords go on, cards say what is the matter, and work when it answers again', async () => {
    const { citizens, alone } = world;
    const { pid } = alone.eidServer.child;
    /** Whether the page of a login says that cards do not work now. */
    const entrySays = async (): Promise<boolean> => {
      const { page } = await citizens.beginLogin(citizens.offline, citizens.newBrowser());
      return !formsOf(page).some(({ action }) => action.endsWith('/eid'));
    };
    if (pid === undefined) throw new Error('no eID-Server');
    const tokenOf = async (): Promise<string> => {
      const { person, page } = await citizens.beginLogin(citizens.offline, citizens.newBrowser());
      const button = formsOf(page).find(({ action }) => action.endsWith('/eid'));
      const eid = await person.visit(button?.action ?? '', { form: button?.fields ?? {} });
      const tcTokenUrl = decodeURIComponent(/tcTokenURL=([^"&]+)/.exec(eid.body)?.[1] ?? '');
      return (await fetch(tcTokenUrl, { redirect: 'manual', signal: AbortSignal.timeout(30_000) })).text();
    };
    process.kill(pid, 'SIGSTOP');
    try {
      // What the eID clients of three citizens get: a token that begins nothing and leads back to us, where a page says so.
      const tokens = Promise.all([tokenOf(), tokenOf(), tokenOf()]);
      await logsIn(world);
      for (const text of await tokens) {
        expect(text).toContain('<CommunicationErrorAddress>');
        expect(text).toContain(`<ServerAddress>${alone.issuer}</ServerAddress>`);
      }
      // From the third one on nobody waits for it in vain.
      while (!(await entrySays())) await pause(200);
      await logsIn(world);
    } finally {
      process.kill(pid, 'SIGCONT');
    }
    const [card = ''] = alone.installation.cards;
    // A card that nobody has registered is asked whether it is to be: the eID-Server has answered by then.
    while (!(await citizens.loginByCard(card).catch((error: Error) => /not back at the service/.test(error.message))))
      await pause(200);
  });

  test('a hanging service: its citizen is logged out at once, and the others are told', async () => {
    const { alone } = world;
    const [hangs, hears] = services as readonly [ToldService, ToldService];
    const person = createPerson();
    for (const { id, redirectUri } of services) {
      const query = new URLSearchParams({
        client_id: id,
        redirect_uri: redirectUri,
        response_type: 'code',
        scope: 'openid',
        code_challenge: 'a'.repeat(43),
        code_challenge_method: 'S256',
      });
      const page = await person.visit(`${alone.issuer}/auth?${query.toString()}`, {
        until: ({ origin }) => origin !== alone.issuer,
      });
      const form = formsOf(page).find(({ action }) => action.endsWith('/passwort'));
      if (form)
        await person.visit(form.action, {
          form: { ...form.fields, login: erika.email, password: erika.password },
          until: ({ origin }) => origin !== alone.issuer,
        });
    }
    const question = await person.visit(`${alone.issuer}/session/end`);
    const form = formsOf(question).find(({ action }) => action.endsWith('/session/end/confirm'));
    const done = await person.visit(form?.action ?? '', { form: { ...form?.fields, logout: 'yes' } });
    expect(done.status).toBe(200);
    while (hears.told() === 0 || hangs.told() === 0) await pause(50);
    await logsIn(world);
  });
});

const faketime = needFile('/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1', 'faketime');

describeIf(faketime, 'a clock that jumps', () => {
  let world: World;
  let clock: string;
  beforeAll(async () => {
    const folder = `${process.env['TMPDIR'] ?? '/tmp'}/bayern-id-clock-${process.pid}`;
    clock = folder;
    writeFileSync(clock, '+0');
    world = worldOf(
      await startAlone({
        env: {
          LD_PRELOAD: faketime ?? '',
          FAKETIME_TIMESTAMP_FILE: clock,
          FAKETIME_NO_CACHE: '1',
          FAKETIME_DONT_FAKE_MONOTONIC: '1',
        },
      }),
    );
  });
  afterAll(async () => {
    await world?.alone.close();
    rmSync(clock, { force: true });
  });

  test.each([
    ['+5m', 300],
    ['-5m', -300],
    ['+0', 0],
  ])('OP-09: to %s: who is logged in stays so, everybody else can log in', async (to, seconds) => {
    const { citizens, alone } = world;
    const code = await citizens.login(erika, citizens.offline);
    const first = await citizens.tokens(code.client, citizens.redeemFields(code));
    expect(first.status).toBe(200);
    writeFileSync(clock, to);
    const ahead = async (): Promise<number> => {
      const { headers } = await fetch(`${alone.issuer}/jwks`);
      return (Date.parse(headers.get('date') ?? '') - Date.now()) / 1000;
    };
    // Its server writes the same date into all answers of a second.
    while (Math.abs((await ahead()) - seconds) > 60) await pause(50);
    const silent = await citizens.login({ ...erika, password: 'not asked for' }, undefined, code.person);
    expect((await citizens.tokens(silent.client, citizens.redeemFields(silent))).status).toBe(200);
    const renewed = await citizens.tokens(citizens.offline, {
      grant_type: 'refresh_token',
      refresh_token: first.refresh_token ?? '',
    });
    expect(renewed.status).toBe(200);
    expect(await logsIn(world)).toBe(subjectOf(first));
  });
});
