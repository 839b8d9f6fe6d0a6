import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createDeliveries, type Deliveries } from '../../src/storage/deliveries.ts';
import { mailAddress, type MailAddress } from '../../src/id/identity/mail-address.ts';
import type { Mail } from '../../src/id/mail/mail.ts';
import { createMailing } from '../../src/id/mail/mailing.ts';
import type { MailOutbox } from '../../src/id/mail/outbox.ts';
import { mailSettings } from '../../src/id/mail/settings.ts';
import { ensureDevelopmentPki, type DevelopmentPki } from '../../src/simulators/development-pki.ts';
import { openStores, type Stores } from '../../src/storage/open.ts';
import { outboxMigration, type OutboxTables } from '../../src/storage/outbox.ts';
import { createSealer } from '../../src/storage/sealing.ts';
import { createLog } from '../../src/web/log.ts';
import { createMetrics, type Metrics } from '../../src/web/metrics.ts';
import { certificates } from '../support/app.ts';
import { resetClock, shiftClock } from '../support/clock.ts';
import { makeOwnCertificate } from '../support/own-certificate.ts';
import { startSmtp, type SmtpServer } from '../support/smtp.ts';

const issuer = 'https://id.example.de';
const sealer = createSealer([{ id: '1', key: Buffer.alloc(32, 3) }]);
const minute = 60_000;

let pki: DevelopmentPki;
let folder: string;
let stores: Stores<OutboxTables>;
let server: SmtpServer;
let log: string[] = [];
let running: Deliveries[] = [];
let servers: { stop(): Promise<void> }[] = [];

beforeAll(async () => {
  pki = await ensureDevelopmentPki(certificates);
  folder = mkdtempSync(join(tmpdir(), 'bayern-id-mail-'));
  stores = await openStores({ directory: folder, part: 'id', masterKey: Buffer.alloc(32, 7) });
  await stores.records.migrate({ '0001-outbox': outboxMigration });
});
afterAll(async () => {
  await stores.close();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  log = [];
  await stores.records.query.deleteFrom('outbox').execute();
  server = await startSmtp(tls());
  servers.push(server);
});
afterEach(async () => {
  resetClock();
  // Deliveries that hang end with their server.
  await Promise.all([...running, ...servers].map((one) => one.stop()));
  running = [];
  servers = [];
});

const tls = (): { readonly key: string; readonly cert: string } => ({
  key: pki.of.localhost.key,
  cert: pki.of.localhost.certificate,
});

interface Sending {
  readonly mail: MailOutbox;
  readonly metrics: Metrics;
  readonly wake: () => void;
  readonly timeout: number | undefined;
}

/** Bayern-ID's way out for mails, with the mail server of the settings. */
const sending = (smtp: Readonly<Record<string, unknown>> = {}): Sending => {
  const lines = createLog({ least: 'debug', write: (line) => log.push(line) });
  const deliveries = createDeliveries(stores.records, { sealer, log: lines });
  running.push(deliveries);
  const settings = mailSettings.parse({
    smtp: {
      host: 'localhost',
      port: server.port,
      ca_file: pki.ca.certificateFile,
      from: { address: 'bayern-id@id.example.de' },
      ...smtp,
    },
  });
  const metrics = createMetrics();
  const { outbox, delivery } = createMailing({
    settings,
    issuer,
    environment: 'production',
    stores,
    sealer,
    log: lines,
    metrics,
    wake: () => deliveries.wake(),
  });
  deliveries.start({ mail: delivery });
  return { mail: outbox, metrics, wake: () => deliveries.wake(), timeout: delivery.timeout };
};

const address = (text: string): MailAddress => {
  const valid = mailAddress(text);
  if (valid === undefined) throw new Error(`${text} is no address`);
  return valid;
};
const erika = address('erika@musterstadt.example');
const code = (): Mail => ({
  to: erika,
  locale: 'de',
  service: 'Führungszeugnis',
  message: {
    type: 'registration_code',
    code: '482913',
    link: `${issuer}/registrieren/abc`,
    validUntil: Date.now() + 30 * minute,
  },
});
const notice: Mail = {
  to: erika,
  locale: 'en',
  message: { type: 'password_changed', at: Date.now(), denyLink: `${issuer}/nicht-ich/x` },
};

/** Waits for what the server and the outbox do; ends with the test, whose time limit is the only one. */
const until = async (holds: () => boolean | Promise<boolean>): Promise<void> => {
  const mine = running;
  while (!(await holds())) {
    if (mine !== running) throw new Error('the test is over');
    await new Promise(setImmediate);
  }
};
const states = async (): Promise<string[]> =>
  (
    await stores.records.query
      .selectFrom('outbox')
      .select(['state', 'attempts', 'due_at'])
      .orderBy('created_at')
      .execute()
  )
    // A lease is not yet an end of the try.
    .map(({ state, attempts }) => `${state} ${attempts}`);
const reached = (...wanted: readonly string[]): Promise<void> =>
  until(async () => JSON.stringify(await states()) === JSON.stringify(wanted));
const logged = (event: string): Record<string, unknown>[] =>
  log.map((line) => JSON.parse(line) as Record<string, unknown>).filter((line) => line['event'] === event);
/** A try has ended when its failure is in the log; then the next one is due in the future. */
const failures = (count: number): Promise<void> => until(() => logged('outbox_delivery_failed').length >= count);
const counted = ({ metrics }: Sending, name: string): number =>
  Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(metrics.text())?.[1]);

describe('a mail by SMTP', () => {
  test('leaves over STARTTLS, as plain text and HTML, to one recipient', async () => {
    const way = sending();
    await way.mail.send(code());
    await reached('delivered 1');
    const [mail] = server.received;
    expect(server.received).toHaveLength(1);
    expect(mail).toMatchObject({ from: 'bayern-id@id.example.de', to: [erika], secure: true, user: undefined });
    expect(mail?.headers).toMatchObject({
      from: '"Bayern-ID" <bayern-id@id.example.de>',
      to: erika,
      subject: 'Ihr Code für die Registrierung',
      'auto-submitted': 'auto-generated',
      'content-language': 'de',
    });
    expect(mail?.headers['message-id']).toMatch(/^<[\da-f-]{36}@id\.example\.de>$/);
    expect(mail?.headers['content-type']).toMatch(/^multipart\/alternative;/);
    for (const part of [mail?.text, mail?.html]) {
      expect(part).toContain('482913');
      expect(part).toContain(`${issuer}/registrieren/abc`);
      expect(part).toContain('„Führungszeugnis“');
      expect(part).not.toContain('Testumgebung');
    }
    expect(mail?.html).toMatch(/^<!doctype html>\n<html lang="de">/);
    expect(mail?.text).not.toContain('<');
    expect(counted(way, 'mails_sent_total')).toBe(1);
  });

  test('leaves over TLS from the first byte, with the user name and password of the settings', async () => {
    const implicit = await startSmtp({ ...tls(), secure: true, authOptional: false });
    servers.push(implicit);
    const way = sending({ port: implicit.port, tls: 'implicit', username: 'bayern-id', password: 'richtig' });
    await way.mail.send(notice);
    await reached('delivered 1');
    expect(implicit.received[0]).toMatchObject({ to: [erika], secure: true, user: 'bayern-id' });
    expect(implicit.received[0]?.headers['subject']).toBe('Your password was changed');
  });

  test('leaves if and only if the transaction around it commits', async () => {
    const way = sending();
    const failing = stores.records.transaction(async (trx) => {
      await way.mail.enqueue(trx, code());
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    await stores.records.transaction((trx) => way.mail.enqueue(trx, notice));
    await reached('delivered 1');
    expect(server.received.map(({ headers }) => headers['subject'])).toEqual(['Your password was changed']);
  });

  test('is sealed while it waits, and the store says nothing of the recipient', async () => {
    const away = createServer();
    await new Promise<void>((resolve) => away.listen(0, '127.0.0.1', resolve));
    const { port } = away.address() as AddressInfo;
    await new Promise((resolve) => away.close(resolve));
    await sending({ port }).mail.send(code(), { dedupeKey: 'registration:17' });
    const row = await stores.records.query.selectFrom('outbox').selectAll().executeTakeFirstOrThrow();
    expect(JSON.stringify(row)).not.toMatch(/erika|musterstadt|482913/);
    expect(Buffer.from(row.box ?? []).toString('latin1')).not.toMatch(/erika|musterstadt|482913/);
    await failures(1);
    expect(logged('mail_not_sent')[0]).toMatchObject({
      code: 'ESOCKET',
      cause: 'ECONNREFUSED',
      kind: 'registration_code',
    });
  });

  test('of the same key leaves once', async () => {
    const way = sending();
    for (let i = 0; i < 3; i += 1) await way.mail.send(notice, { dedupeKey: 'inactive:17:6' });
    await reached('delivered 1');
    expect(server.received).toHaveLength(1);
  });

  test('that somebody waits for overtakes a hundred that nobody does, also when those hang', async () => {
    server.recipients = 'hang';
    const way = sending({ timeout: 600 });
    await stores.records.transaction(async (trx) => {
      for (let i = 0; i < 100; i += 1) await way.mail.enqueue(trx, notice);
    });
    way.wake();
    await until(() => server.asked() === 2);
    server.recipients = undefined;
    await way.mail.send(code());
    await until(() => server.received.length === 1);
    expect(server.received[0]?.headers['subject']).toBe('Ihr Code für die Registrierung');
  });
});

describe('a mail that is not taken', () => {
  test.each([
    { code: 451, text: '4.3.2 later' },
    { code: 450, text: 'greylisted' },
    // About us or about our server, which the operator can put right.
    { code: 554, text: '5.7.1 Relay access denied' },
    { code: 550, text: '5.4.6 loop detected' },
  ])('is tried again later: $code $text at the recipient', async (refusal) => {
    server.recipients = refusal;
    const way = sending();
    await way.mail.send(notice);
    await failures(1);
    await reached('waiting 1');
    server.recipients = undefined;
    shiftClock(12_000);
    way.wake();
    await reached('delivered 2');
    expect(server.received).toHaveLength(1);
    expect(logged('mail_not_sent')[0]).toMatchObject({
      status: refusal.code,
      code: 'EENVELOPE',
      kind: 'password_changed',
    });
    expect([counted(way, 'mail_tries_failed_total'), counted(way, 'mails_failed_total')]).toEqual([1, 0]);
  });

  test.each([
    { at: 'recipients', code: 550, text: '5.1.1 User unknown' },
    { at: 'recipients', code: 550, text: 'no such user' },
    { at: 'recipients', code: 552, text: '5.2.2 Mailbox full' },
    { at: 'messages', code: 554, text: 'transaction failed' },
    { at: 'messages', code: 550, text: '5.6.0 content not wanted' },
  ] as const)('has failed at once: $code $text about the $at', async ({ at, code: status, text }) => {
    server[at] = { code: status, text: `${text} <erika@musterstadt.example>` };
    const way = sending();
    await way.mail.send(notice);
    await reached('failed 1');
    shiftClock(24 * 60 * minute);
    way.wake();
    await way.mail.send({ ...notice, to: address('max@musterstadt.example') });
    await reached('failed 1', 'failed 1');
    expect(server.received).toEqual([]);
    expect(logged('mail_gave_up')).toHaveLength(2);
    expect(counted(way, 'mails_failed_total')).toBe(2);
    expect((await stores.records.query.selectFrom('outbox').select('box').executeTakeFirst())?.box).toBeNull();
    expect(log.join('')).not.toMatch(/erika|musterstadt/);
  });

  test('at the message is tried again later, too', async () => {
    server.messages = { code: 452, text: '4.3.1 no space' };
    const way = sending();
    await way.mail.send(notice);
    await failures(1);
    server.messages = undefined;
    shiftClock(12_000);
    way.wake();
    await reached('delivered 2');
    expect(server.received).toHaveLength(1);
  });

  test('because the server wants another password waits for the operator', async () => {
    const strict = await startSmtp({ ...tls(), authOptional: false });
    servers.push(strict);
    const way = sending({ port: strict.port, username: 'bayern-id', password: 'falsch' });
    await way.mail.send(notice);
    await failures(1);
    expect(logged('mail_not_sent')[0]).toMatchObject({ code: 'EAUTH', status: 535 });
    await reached('waiting 1');
    expect(log.join('')).not.toContain('falsch');
  });

  test('by a server that falls silent ends after the time of the settings', async () => {
    server.recipients = 'hang';
    const way = sending({ timeout: 1 });
    await way.mail.send(notice);
    await failures(1);
    expect(logged('outbox_delivery_failed')[0]).toMatchObject({ kind: 'mail' });
    await reached('waiting 1');
    server.recipients = undefined;
    shiftClock(12_000);
    way.wake();
    await reached('delivered 2');
    expect(server.received).toHaveLength(1);
  });

  test('by a server that says a little all the time ends after the time of the settings, too', async () => {
    const drips: NodeJS.Timeout[] = [];
    const dripping = createServer((socket) => {
      socket.on('error', () => {});
      socket.write('220 localhost ESMTP\r\n');
      drips.push(setInterval(() => socket.write('250-more to come\r\n'), 50));
    });
    await new Promise<void>((resolve) => dripping.listen(0, '127.0.0.1', resolve));
    try {
      const way = sending({ port: (dripping.address() as AddressInfo).port, timeout: 1 });
      await way.mail.send(notice);
      await failures(1);
      expect(logged('outbox_delivery_failed')[0]).toMatchObject({ error: 'DeliveryTimeout' });
      // The time is the mail's own, not the outbox's.
      expect(way.timeout).toBe(1000);
    } finally {
      drips.forEach(clearInterval);
      dripping.close();
    }
  });

  test('by a server that never greets ends after the time of the settings', async () => {
    const mute = createServer(() => {});
    await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
    try {
      const way = sending({ port: (mute.address() as AddressInfo).port, connection_timeout: 1 });
      await way.mail.send(notice);
      await failures(1);
      expect(logged('mail_not_sent')[0]).toMatchObject({ code: 'ETIMEDOUT' });
    } finally {
      mute.close();
    }
  });

  test('RL-10: an hour without the mail server, every notice arrives once, and a code that has expired does not', async () => {
    const { port } = server;
    await server.stop();
    const way = sending();
    const people = ['erika', 'max', 'zoe'].map((name) => address(`${name}@musterstadt.example`));
    for (const to of people) await way.mail.send({ ...notice, to });
    await way.mail.send(code());
    // At the third try the code is worthless, and not tried any more.
    for (const failed of [4, 8, 11]) {
      await failures(failed);
      shiftClock(17 * minute);
      way.wake();
    }
    await failures(14);
    servers = servers.filter((one) => one !== server);
    server = await startSmtp({ ...tls(), port });
    servers.push(server);
    shiftClock(17 * minute);
    way.wake();
    await until(async () => (await states()).every((state) => state.startsWith('delivered')));
    expect(server.received.map(({ to }) => to[0]).sort()).toEqual([...people].sort());
    expect(new Set(server.received.map(({ headers }) => headers['subject']))).toEqual(
      new Set(['Your password was changed']),
    );
    expect(new Set(server.received.map(({ headers }) => headers['message-id'])).size).toBe(3);
    expect(logged('mail_outlived')).toMatchObject([{ kind: 'registration_code' }]);
    expect(['sent', 'outlived', 'failed'].map((name) => counted(way, `mails_${name}_total`))).toEqual([3, 1, 0]);
  });
});

describe('without TLS that can be relied on no mail leaves', () => {
  test('a certificate of an authority that nobody named', async () => {
    const way = sending({ ca_file: undefined });
    await way.mail.send(code());
    await failures(1);
    expect(logged('mail_not_sent')[0]).toMatchObject({ cause: expect.stringMatching(/CERT|SIGNATURE/) });
    expect(server.received).toEqual([]);
  });

  test('a certificate that is trusted, for another host', async () => {
    const { key, certificate } = await makeOwnCertificate(['mail.example.de']);
    const other = await startSmtp({ key, cert: certificate });
    servers.push(other);
    const trusted = join(folder, 'other.pem');
    writeFileSync(trusted, certificate);
    const way = sending({ port: other.port, ca_file: trusted });
    await way.mail.send(code());
    await failures(1);
    expect(logged('mail_not_sent')[0]).toMatchObject({ cause: 'ERR_TLS_CERT_ALTNAME_INVALID' });
    expect(other.received).toEqual([]);
  });

  test('a certificate that the server made for itself', async () => {
    const { key, certificate } = await makeOwnCertificate(['localhost']);
    const other = await startSmtp({ key, cert: certificate });
    servers.push(other);
    const way = sending({ port: other.port });
    await way.mail.send(code());
    await failures(1);
    expect(other.received).toEqual([]);
  });

  test('a server, or somebody before it, that does not offer STARTTLS', async () => {
    const plain = await startSmtp({ disabledCommands: ['STARTTLS'] });
    servers.push(plain);
    const way = sending({ port: plain.port });
    await way.mail.send(code());
    await failures(1);
    expect(logged('mail_not_sent')[0]).toMatchObject({ code: 'ETLS' });
    expect(plain.received).toEqual([]);
  });
});

describe('what cannot be a mail is refused before it is written down', () => {
  test.each([
    'https://evil.example/registrieren/abc',
    'https://id.example.de.evil.example/',
    'http://id.example.de/',
    'https://x@id.example.de/',
    'javascript:alert(1)',
  ])('RG-01: a link to %s', async (link) => {
    const { mail } = sending();
    const wrong = { ...code(), message: { ...code().message, link } } as Mail;
    await expect(mail.send(wrong)).rejects.toThrow('another host');
    expect(await states()).toEqual([]);
  });

  test('RG-10: an address that went past the check reaches nobody', async () => {
    const way = sending();
    const hostile = [
      '"a@evil.example" <b@musterstadt.example>',
      'a@evil.example,b@musterstadt.example',
      'a@x.example\r\nRCPT TO:<b@y.example>',
    ];
    for (const to of hostile) await way.mail.send({ ...notice, to: to as MailAddress });
    await reached('failed 1', 'failed 1', 'failed 1');
    expect(server.connections()).toBe(0);
  });
});
