import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mailAddress, type MailAddress } from '../../src/id/identity/mail-address.ts';
import type { Mail } from '../../src/id/mail/mail.ts';
import { mailSettings } from '../../src/id/mail/settings.ts';
import { mailUnfitForProduction } from '../../src/mail/settings.ts';
import { ensureDevelopmentPki } from '../../src/simulators/development-pki.ts';
import { certificates, startTestApp, type TestApp } from '../support/app.ts';
import { mailsTo } from '../support/mails.ts';
import { startProductionId } from '../support/production.ts';
import { inspectHtml } from '../support/gate.ts';
import { startSmtp } from '../support/smtp.ts';

const erika = mailAddress('erika@musterstadt.example') as MailAddress;
const max = mailAddress('max@musterstadt.example') as MailAddress;

const code = (issuer: string): Mail => ({
  to: erika,
  locale: 'de',
  service: 'Führungszeugnis',
  message: {
    type: 'registration_code',
    code: '482913',
    link: `${issuer}/registrieren/abc?x=1&y=2`,
    validUntil: Date.now() + 1_800_000,
  },
});
const notice = (issuer: string): Mail => ({
  to: max,
  locale: 'en',
  message: { type: 'password_changed', at: Date.now(), denyLink: `${issuer}/nicht-ich/def` },
});

describe('on a developer’s machine without a mail server', () => {
  let app: TestApp;
  let home: string;
  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'bayern-id-post-'));
    app = await startTestApp({ data: home });
  });
  afterAll(async () => {
    await app.stop();
    rmSync(home, { recursive: true, force: true });
  });

  const get = async (path: string, language = 'de'): Promise<{ status: number; headers: Headers; body: string }> => {
    const answer = await fetch(app.issuer + path, { headers: { accept: 'text/html', 'accept-language': language } });
    return { status: answer.status, headers: answer.headers, body: await answer.text() };
  };

  test('the post box is empty at first, and the developers’ page leads there', async () => {
    expect((await get('/entwickler')).body).toContain('href="/entwickler/post"');
    expect((await get('/entwickler/post')).body).toContain('Noch keine E-Mail');
    expect((await get('/entwickler/post', 'en')).body).toContain('No e-mail yet');
    expect(await mailsTo(app, erika)).toEqual([]);
  });

  test('it shows what would have been sent, newest first, with links and codes', async () => {
    await app.app.id?.mail.send(code(app.issuer));
    await app.outboxEmpty();
    await app.app.id?.mail.send(notice(app.issuer));
    await app.outboxEmpty();
    const { body, headers } = await get('/entwickler/post');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(body.indexOf('Your password was changed')).toBeGreaterThan(0);
    expect(body.indexOf('Ihr Code für die Registrierung')).toBeGreaterThan(body.indexOf('Your password was changed'));
    for (const words of [
      erika,
      max,
      '482913',
      `href="${app.issuer}/registrieren/abc?x=1&amp;y=2"`,
      `${app.issuer}/nicht-ich/def`,
    ])
      expect(body).toContain(words);
    expect(body).toContain('<div lang="en">');
    expect(await inspectHtml(body)).toEqual([]);
  });

  test('programs read codes and links as JSON, of one address if wanted', async () => {
    const [first, ...others] = await mailsTo(app, erika);
    expect(others).toEqual([]);
    expect(first).toMatchObject({
      to: erika,
      locale: 'de',
      type: 'registration_code',
      service: 'Führungszeugnis',
      subject: 'Ihr Code für die Registrierung',
      code: '482913',
      link: `${app.issuer}/registrieren/abc?x=1&y=2`,
    });
    expect(first?.text).toContain('Ihr Code: 482913\n');
    expect(await mailsTo(app, max)).toMatchObject([
      { type: 'password_changed', denyLink: `${app.issuer}/nicht-ich/def` },
    ]);
    const all = JSON.parse((await get('/entwickler/post?format=json')).body) as { to: string }[];
    expect(all.map(({ to }) => to)).toEqual([max, erika]);
  });

  test('each mail can be looked at as it is, shut in', async () => {
    const [mail] = await mailsTo(app, erika);
    const { status, headers, body } = await get(`/entwickler/post/${mail?.id}`);
    expect(status).toBe(200);
    expect(headers.get('content-security-policy')).toBe(
      "sandbox; default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
    );
    expect(headers.has('cross-origin-opener-policy')).toBe(false);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(body).toContain('482913');
    expect(body).toContain('Testumgebung.');
    expect((await get('/entwickler/post/gibt-es-nicht')).status).toBe(404);
  });

  test('it survives a restart, as accounts do; under another address it is empty', async () => {
    const { issuer } = app;
    await app.stop();
    app = await startTestApp({ data: home, set: { ID__ISSUER: issuer, ID__PORT: new URL(issuer).port } });
    expect(await mailsTo(app, erika)).toHaveLength(1);
    await app.stop();
    app = await startTestApp({ data: home });
    expect(await mailsTo(app, erika)).toEqual([]);
    expect((await get('/entwickler/post')).body).toContain('Noch keine E-Mail');
  });
});

describe('with a mail server in the settings', () => {
  test('the whole of Bayern-ID sends there, and shows nothing', async () => {
    const pki = await ensureDevelopmentPki(certificates);
    const server = await startSmtp({
      key: pki.of.localhost.key,
      cert: pki.of.localhost.certificate,
      authOptional: false,
    });
    const folder = mkdtempSync(join(tmpdir(), 'bayern-id-smtp-'));
    writeFileSync(join(folder, 'password'), 'richtig\n');
    const app = await startTestApp({
      set: {
        ID__MAIL__SMTP__HOST: 'localhost',
        ID__MAIL__SMTP__PORT: String(server.port),
        ID__MAIL__SMTP__CA_FILE: pki.ca.certificateFile,
        ID__MAIL__SMTP__USERNAME: 'bayern-id',
        ID__MAIL__SMTP__PASSWORD__FILE: join(folder, 'password'),
        ID__MAIL__SMTP__FROM__ADDRESS: 'bayern-id@id.example.de',
      },
    });
    try {
      await app.app.id?.mail.send(code(app.issuer));
      await app.outboxEmpty();
      expect(server.received).toMatchObject([{ to: [erika], user: 'bayern-id', secure: true }]);
      expect(app.log.join('')).not.toMatch(/erika@|482913|richtig/);
      expect((await fetch(`${app.issuer}/entwickler/post`)).status).toBe(404);
      expect(await (await fetch(`${app.issuer}/entwickler`)).text()).not.toContain('/entwickler/post');
    } finally {
      await app.stop();
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  });

  const settings = (smtp: Readonly<Record<string, unknown>>): ReturnType<typeof mailSettings.safeParse> =>
    mailSettings.safeParse({
      smtp: { host: 'mail.example.de', from: { address: 'bayern-id@id.example.de' }, ...smtp },
    });
  const refused = (smtp: Readonly<Record<string, unknown>>): string[] =>
    settings(smtp).error?.issues.map(({ path }) => path.join('.')) ?? [];

  test.each([
    [{ tls: 'none' }, 'smtp.tls'],
    [{ tls: 'none', host: '127.0.0.1.example.de' }, 'smtp.tls'],
    [{ tls: 'none', host: 'localhost.example.de' }, 'smtp.tls'],
    [{ tls: 'opportunistic' }, 'smtp.tls'],
    [{ username: 'bayern-id' }, 'smtp.password'],
    [{ password: 'x' }, 'smtp.username'],
    [{ from: { address: 'Bayern-ID <bayern-id@id.example.de>' } }, 'smtp.from.address'],
    [{ from: { address: 'bayern-id@id.example.de', name: 'Bayern\r\nBcc: a@evil.example' } }, 'smtp.from.name'],
    [{ host: 'smtps://mail.example.de' }, 'smtp.host'],
    [{ timeout: 0 }, 'smtp.timeout'],
  ])('settings %j are refused at %s', (smtp, key) => {
    expect(refused(smtp)).toEqual([key]);
    expect(settings({}).success).toBe(true);
  });

  test('plain connections are for this machine alone, and never for production', () => {
    for (const host of ['localhost', '127.0.0.1', '::1']) {
      const parsed = settings({ tls: 'none', host });
      expect(parsed.success).toBe(true);
      expect(mailUnfitForProduction('id.mail', parsed.data ?? {})).toEqual([
        expect.stringContaining('id.mail.smtp.tls'),
      ]);
    }
    expect(mailUnfitForProduction('id.mail', settings({}).data ?? {})).toEqual([]);
  });
});

describe('in production', () => {
  test('there is no post box', async () => {
    const production = await startProductionId();
    try {
      for (const path of ['/entwickler/post', '/entwickler/post?format=json', '/entwickler/post/1'])
        expect((await production.get(path)).status).toBe(404);
    } finally {
      await production.stop();
    }
  });

  test('a start without a mail server is refused in one line', () => {
    expect(mailUnfitForProduction('id.mail', {})).toEqual([
      'id.mail.smtp: no mail server is named, so no code and no notice would arrive',
    ]);
  });
});
