import { describe, expect, test } from '@jest/globals';
import { mailAddress, type MailAddress } from '../../src/id/identity/mail-address.ts';
import { contentOf } from '../../src/id/mail/content.ts';
import type { Mail, MailMessage, MailType } from '../../src/id/mail/mail.ts';
import { renderMail } from '../../src/mail/render.tsx';
import { locales, type Locale } from '../../src/web/i18n/shape.ts';
import { inspectHtml } from '../support/gate.ts';

const issuer = 'https://id.example.de';
const sender = { issuer, testing: false };
const to = mailAddress('erika@musterstadt.example') as MailAddress;
const at = Date.UTC(2026, 10, 26, 13, 35);
const link = `${issuer}/registrieren/abc`;
const denyLink = `${issuer}/nicht-ich/def`;
const other = `${issuer}/anderes/ghi`;

/** One message of each type at least; the compiler says when one is missing. */
const messages: { readonly [Type in MailType]: readonly (MailMessage & { readonly type: Type })[] } = {
  registration_code: [{ type: 'registration_code', code: '482913', link, validUntil: at }],
  registration_known: [{ type: 'registration_known', loginLink: link, resetLink: other }],
  password_reset: [{ type: 'password_reset', link, validUntil: at }],
  email_change_code: [{ type: 'email_change_code', code: '482913', link, validUntil: at }],
  email_changed: [{ type: 'email_changed', at, denyLink, undoUntil: at }],
  means_added: [
    { type: 'means_added', means: 'passkey', name: 'Telefon & Tablet', at, denyLink },
    { type: 'means_added', means: 'eid', at, denyLink },
    { type: 'means_added', means: 'eid', removed: ['passkey', 'recovery_codes'], at, denyLink },
  ],
  means_removed: [{ type: 'means_removed', means: 'totp', at, denyLink }],
  password_changed: [{ type: 'password_changed', at, denyLink }],
  new_device: [
    { type: 'new_device', device: { browser: 'Firefox', system: 'Windows' }, at, denyLink },
    { type: 'new_device', device: { browser: 'Safari', system: undefined }, at, denyLink },
    { type: 'new_device', device: { browser: undefined, system: 'Android' }, at, denyLink },
    { type: 'new_device', device: { browser: undefined, system: undefined }, at, denyLink },
  ],
  card_replaced: [{ type: 'card_replaced', at, denyLink }],
  card_data_changed: [
    { type: 'card_data_changed', changed: ['name', 'birth_name', 'title', 'address', 'nationality'], at, denyLink },
  ],
  recovery_code_used: [0, 1, 3, 9].map((left) => ({ type: 'recovery_code_used', left, at, denyLink })),
  card_shown_elsewhere: [{ type: 'card_shown_elsewhere', at, denyLink }],
  token_reused: [{ type: 'token_reused', at, denyLink }],
  accounts_joined: [{ type: 'accounts_joined', at, denyLink }],
  operator_locked: [{ type: 'operator_locked', at, reason: 'Verdacht auf Missbrauch <b>' }],
  operator_unlocked: [{ type: 'operator_unlocked', at, reason: 'Geklärt' }],
  operator_logged_out: [{ type: 'operator_logged_out', at, reason: 'Auf Ihren Wunsch' }],
  deletion_planned: [
    { type: 'deletion_planned', on: at, undoLink: link, denyLink },
    { type: 'deletion_planned', on: at, undoLink: link, denyLink, reason: 'Auf Ihren Wunsch' },
  ],
  deletion_done: [{ type: 'deletion_done' }],
  inactive: [
    { type: 'inactive', months: 6, deletedOn: at, loginLink: link },
    { type: 'inactive', months: 3, deletedOn: at, loginLink: link },
  ],
};

const cases = Object.values(messages)
  .flat()
  .flatMap((message) => locales.flatMap((locale) => [{ name: `${message.type} ${locale}`, locale, message }]));

const linksOf = (html: string): string[] => [...html.matchAll(/href="([^"]*)"/g)].map(([, href]) => href ?? '');

describe.each(cases)('the mail $name', ({ locale, message }) => {
  const mail: Mail = { to, locale, service: 'Führungszeugnis', message };
  const { subject, text, html } = renderMail(contentOf(mail, sender));

  test('has no gap and no markup in its words', () => {
    for (const part of [subject, text, html]) expect(part).not.toMatch(/undefined|null|NaN|\[object|\$\{|Invalid Date/);
    expect(subject).toMatch(/^[^\r\n]{5,80}$/);
    expect(`${subject}${text}`).not.toMatch(/<(?!b>)\/?[a-z]/);
    expect(html).not.toContain('<b>');
  });

  test('is valid HTML, in its language, with nothing that is loaded', async () => {
    // A mail has its styles at its elements, or programs that drop style sheets show none; and no page around it.
    const found = (await inspectHtml(html)).filter((line) => !line.startsWith('html: no-inline-style'));
    expect(found).toEqual([]);
    expect(html).toContain(`<html lang="${locale}">`);
    expect(html).not.toMatch(/<(?:img|script|link|iframe|object|form|svg)|url\(|src=|@import/i);
  });

  test('says the same in both forms, in the same order', () => {
    const content = contentOf(mail, sender);
    const said = [
      content.heading,
      content.greeting,
      ...content.paragraphs,
      content.service,
      content.code?.value,
      content.action?.label,
      content.action?.href,
      content.second?.label,
      ...content.after,
      content.deny?.text,
      content.deny?.label,
      content.closing,
      ...content.footer,
    ].filter((words) => words !== undefined);
    expect(said.length).toBeGreaterThan(8);
    const body = html.slice(html.indexOf('<body'));
    const shown = body
      .replace(/<[^>]+>/g, '\n')
      .replaceAll('&lt;', '<')
      .replaceAll('&quot;', '"')
      .replaceAll('&amp;', '&');
    for (const form of [text, shown]) {
      let end = 0;
      for (const words of said) {
        const start = form.indexOf(words, end);
        expect([words, start]).not.toContain(-1);
        end = start + words.length;
      }
    }
  });

  test('leads to the issuer alone, and where the message says', () => {
    const links = linksOf(html);
    for (const href of links) expect(new URL(href).origin).toBe(issuer);
    const wanted = [link, denyLink, other].filter((href) => JSON.stringify(message).includes(href));
    expect([...new Set(links)].sort()).toEqual(wanted.sort());
    for (const href of wanted) expect(text.split('\n')).toContain(href);
  });

  test('names the service and nobody', () => {
    expect(text).toContain('Führungszeugnis');
    expect(html).toContain('Führungszeugnis');
    expect(text + html).not.toMatch(/erika|musterstadt/i);
    expect(renderMail(contentOf({ to, locale, message }, sender)).text).not.toContain('Führungszeugnis');
  });
});

describe('what stands in a mail', () => {
  const rendered = (message: MailMessage, locale: Locale = 'de'): string =>
    renderMail(contentOf({ to, locale, message }, sender)).text;

  test('times are those of Bavaria, in words', () => {
    const reset: MailMessage = { type: 'password_reset', link, validUntil: at };
    expect(rendered(reset)).toContain('bis 26. November 2026 um 14:35 Uhr');
    expect(rendered(reset, 'en')).toContain('until 26 November 2026 at 14:35.');
  });

  test('only kinds of what a card changed, never a value', () => {
    const changed: MailMessage = { type: 'card_data_changed', changed: ['name', 'address'], at, denyLink };
    expect(rendered(changed)).toContain('anders als bisher: Name und Anschrift.');
  });

  test('a new device is told by words of ours, without an address', () => {
    const [first] = messages.new_device;
    expect(rendered(first as MailMessage)).toContain('kannten wir noch nicht: Firefox unter Windows.');
  });

  test('few recovery codes are told', () => {
    const [none, one, three, nine] = messages.recovery_code_used.map((message) => rendered(message));
    expect(none).toContain('keinen Code mehr');
    expect(one).toContain('noch einen Code. Erzeugen Sie');
    expect(three).toContain('noch 3 Codes. Erzeugen Sie');
    expect(nine).toMatch(/noch 9 Codes\.\n/);
  });

  test.each([
    ['Mein Telefon', true],
    ['Büro „alt“', true],
    ['https://evil.example', false],
    ['Gesperrt! Bitte auf evil.example melden', false],
    ['www.evil', false],
    ['post@evil', false],
    ['a'.repeat(61), false],
    ['\u202e\u200b', false],
  ])('the name of a passkey %j is told: %s', (name, told) => {
    const text = rendered({ type: 'means_added', means: 'passkey', name, at, denyLink });
    expect(text.includes('mit dem Namen')).toBe(told);
    expect(text.includes(name)).toBe(told);
  });

  test('a name or a reason stays on its line', () => {
    const text = rendered({
      type: 'operator_locked',
      at,
      reason: ' Zeile 1\r\n\r\nIhre Bayern-ID\u2028Zeile\u202e 2 ',
    });
    expect(text).toContain('Der Grund: Zeile 1 Ihre Bayern-ID Zeile 2\n');
    expect(rendered({ type: 'means_removed', means: 'passkey', name: 'Te\r\nlefon', at, denyLink })).toContain(
      '„Te lefon“',
    );
  });

  test('a test installation says that it is one', () => {
    const mail: Mail = { to, locale: 'de', message: { type: 'deletion_done' } };
    const testing = renderMail(contentOf(mail, { issuer, testing: true }));
    for (const part of [testing.text, testing.html]) expect(part).toContain('Testumgebung.');
    expect(renderMail(contentOf(mail, sender)).text).not.toContain('Testumgebung');
  });

  test('words for both languages differ: nothing was left in the other', () => {
    const subjects = (locale: Locale): string[] =>
      Object.values(messages).flatMap(([message]) =>
        message === undefined ? [] : [contentOf({ to, locale, message }, sender).subject],
      );
    const german = new Set(subjects('de'));
    expect(german.size).toBe(Object.keys(messages).length);
    expect(subjects('en').filter((subject) => german.has(subject))).toEqual([]);
  });
});
