import { describe, expect, test } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { HtmlValidate } from 'html-validate';
import { loginDataStories } from '../../src/id/account/login-data-stories.tsx';
import { accountStories } from '../../src/id/account/pages/stories.ts';
import { registrationStories } from '../../src/id/interaction/registration/stories.tsx';
import { recoveryStories } from '../../src/id/recovery/stories.tsx';
import { flowStories } from '../../src/id/interaction/pages/stories.tsx';
import { LoginPage, ConsentPage, ErrorPage } from '../../src/id/interaction/pages/index.ts';
import { flowTexts } from '../../src/id/interaction/texts/index.ts';
import { locales, type Locale } from '../../src/web/i18n/shape.ts';
import { groundMessages, type PageContext } from '../../src/web/page-context.ts';
import { commonPages } from '../../src/web/pages/common.tsx';
import { groundStories } from '../../src/web/pages/stories.tsx';
import { commonPageTexts } from '../../src/web/pages/texts/index.ts';
import { pageToHtml } from '../../src/web/render.ts';

const context = (locale: Locale): PageContext => ({
  part: 'id',
  locale,
  common: groundMessages(locale),
  theme: undefined,
  path: '/',
  referenceId: '7k2m9qx4ht',
  testEnvironment: true,
  account: undefined,
  assets: {
    styles: ['/assets/a/kern.css', '/assets/a/site.css'],
    script: '/assets/a/site.js',
    icon: '/assets/a/sign.svg',
  },
});

const rendered = locales.flatMap((locale) => {
  const page = context(locale);
  const t = commonPageTexts[locale];
  return [
    ...Object.entries({
      ...groundStories,
      ...flowStories,
      ...registrationStories,
      ...recoveryStories,
      ...accountStories,
      ...loginDataStories,
    }).map(([name, story]) => [`${locale} ${name}`, pageToHtml(story(page))] as const),
    ...Object.entries(commonPages).map(
      ([path, Page]) => [`${locale} ${path}`, pageToHtml(<Page page={page} t={t} operator={undefined} />)] as const,
    ),
  ];
});

const validator = new HtmlValidate({
  extends: ['html-validate:recommended', 'html-validate:a11y', 'html-validate:document'],
  rules: {
    // Style, not faults; integrity is for other people's servers.
    'void-style': 'off',
    'doctype-style': 'off',
    'require-sri': 'off',
    'form-dup-name': ['error', { shared: ['radio', 'checkbox', 'submit'] }],
  },
});

describe('every page in every state and language', () => {
  test.each(rendered)('%s is valid HTML', async (_, html) => {
    const report = await validator.validateString(html);
    expect(
      report.results.flatMap((result) => result.messages.map((m) => `${m.ruleId}: ${m.message} ${m.selector}`)),
    ).toEqual([]);
  });

  test.each(rendered)('%s has the frame', (name, html) => {
    expect(html).toMatch(/^<!doctype html>\n<html lang="(de|en)"/);
    expect(html.match(/<h1/g)).toHaveLength(1);
    expect(html).toContain('href="#inhalt"');
    expect(html).toMatch(/Demonstrationsprojekt|Demonstration project/);
    expect(html).not.toMatch(/\sstyle=|\son[a-z]+=|<style|<script(?![^>]*src=)/);
    expect(html).not.toMatch(/undefined|\[object Object\]|NaN/);
    expect(name).toBeTruthy();
  });

  test.each(rendered)('%s posts with a token', (_, html) => {
    for (const form of html.match(/<form .*?<\/form>/gs) ?? []) {
      expect(form).toMatch(/method="post"/);
      const kit = form.includes('/entwickler/bausteine/felder');
      if (!kit) expect(form).toMatch(/name="(csrf|xsrf)" value="token"/);
    }
  });

  test('titles of errors say so first', () => {
    const title = (name: string) => /<title>(.*?)<\/title>/.exec(rendered.find(([n]) => n === name)?.[1] ?? '')?.[1];
    expect(title('de anmelden')).toBe('Anmelden – Bayern-ID');
    expect(title('de anmelden-fehler')).toBe('Fehler: Anmelden – Bayern-ID');
    expect(title('en fehler-not-found')).toBe('Error: Page not found – Bayern-ID');
  });
});

const hostile = `"><script>alert(1)</script><img src=x onerror='alert(1)'>{{7*7}}`;

describe('hostile input stays text', () => {
  const frame = { t: flowTexts.de, page: context('de') };
  const flow = {
    service: { name: hostile, host: hostile, wanted: 'basic' },
    base: '/anmelden/x',
    csrf: hostile,
  } as const;
  test.each([
    [
      'login',
      LoginPage({
        ...flow,
        login: hostile,
        error: 'credentials',
        methods: [{ method: 'password', reach: 'enough', lastUsed: false }],
        off: ['eid'],
        registerHref: 'javascript:alert(1)',
        forgotHref: '//evil.example',
        ...frame,
      }),
    ],
    [
      'consent',
      ConsentPage({
        ...flow,
        account: hostile,
        data: [{ claim: hostile, value: hostile, source: 'self', required: false, sensitive: true }],
        missing: [hostile, '__proto__', 'constructor'],
        withheld: [hostile],
        withheldBelow: 'high',
        access: [hostile],
        lasting: true,
        purpose: hostile,
        legalBasis: hostile,
        privacyPolicy: 'JavaScript:alert(1)',
        ...frame,
      }),
    ],
    [
      'error',
      ErrorPage({
        code: 'oauth',
        referenceId: hostile,
        backTo: { name: hostile, href: 'data:text/html,x' },
        developer: [{ label: hostile, value: hostile, note: hostile }],
        ...frame,
      }),
    ],
  ])('%s', (_, page) => {
    const html = pageToHtml(page);
    expect(html).not.toMatch(/<script>|<img/);
    expect(html.toLowerCase()).not.toMatch(/href="(javascript|data|\/\/)/);
    expect(html).toContain('&lt;script>');
  });
});

/** Whoever reads these is not logged in, or no longer. */
const withoutNavigation = /^konto-(e-mail-zurue|nicht-ich|loeschen-geplant)/;

describe('Mein Konto', () => {
  const stories = Object.entries({ ...accountStories, ...loginDataStories });

  test.each(stories)('%s stands beside the navigation, which says where it is', (name, story) => {
    const html = pageToHtml(story(context('de')));
    const here = html.match(/<nav class="bid-konto__nav".*?<\/nav>/s)?.[0].match(/aria-current="(page|true)"/g) ?? [];
    expect(here).toHaveLength(withoutNavigation.test(name) ? 0 : 2);
  });
});

describe('login page', () => {
  const html = (name: string) => rendered.find(([n]) => n === `de ${name}`)?.[1] ?? '';
  const first = (page: string) =>
    page.indexOf('id="passwort"') < page.indexOf('id="online-ausweis"') ? 'password' : 'eid';
  test.each([
    ['anmelden', 'eid'],
    ['anmelden-fehler', 'password'],
    ['anmelden-vielleicht', 'password'],
    ['anmelden-hoch', 'eid'],
  ])('%s shows %s first', (name, method) => {
    expect(first(html(name))).toBe(method);
  });

  test('a password that cannot suffice has a reason and no form, and nobody is reminded of having used it', () => {
    expect(html('anmelden-hoch')).not.toContain('name="password"');
    expect(html('anmelden-hoch')).toContain('Mit einem Passwort lässt es sich nicht erreichen');
    expect(html('anmelden-hoch')).not.toContain('Zuletzt verwendet');
    expect(html('anmelden-vielleicht')).toContain('Zuletzt verwendet');
  });

  test('a password that suffices is said to in plain words, where it opens a service', () => {
    expect(html('anmelden')).toContain('genügt das.');
    expect(html('anmelden-verbinden')).not.toContain('genügt das.');
    for (const name of ['anmelden', 'anmelden-verbinden']) expect(html(name)).not.toContain('Niveau hängt');
  });

  test('what is wrong with a password may be the number of tries; the card is named where it is a way', () => {
    expect(html('anmelden-fehler')).toContain(
      'es gab zu viele Versuche. Warten Sie dann einige Minuten oder nutzen Sie',
    );
    expect(html('anmelden-verbinden-fehler')).toContain('es gab zu viele Versuche. Warten Sie dann einige Minuten.<');
  });

  test.each([
    ['anmelden-fehler', 'password', 'Benutzername oder Passwort stimmt nicht'],
    ['anmelden-leer', 'login', 'Geben Sie Ihren Benutzernamen'],
    ['verbinden-passwort-fehler', 'password', 'Das Passwort stimmt nicht'],
  ])('%s leads from the summary to the field %s', (name, field, message) => {
    const page = html(name);
    expect(page).toMatch(new RegExp(`href="#${field}">${message}`));
    expect(page).toMatch(
      new RegExp(`<input[^>]*id="${field}"[^>]*aria-invalid="true"[^>]*aria-describedby="[^"]*${field}-fehler"`),
    );
    expect(page).toMatch(new RegExp(`id="${field}-fehler".*?${message}`));
  });

  test('what was typed comes back, the password does not', () => {
    expect(html('anmelden-fehler')).toMatch(/name="login"[^>]*value="erika"/);
    expect(html('anmelden-fehler')).not.toMatch(/name="password"[^>]*value=/);
  });
});

test('no source of a page sets markup, styles or handlers by text', () => {
  const folders = ['src/web', 'src/id/interaction'];
  const files = folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.tsx'))
      .map((file) => `${folder}/${file}`),
  );
  expect(files.length).toBeGreaterThan(30);
  for (const file of files) {
    expect([
      file,
      /dangerouslySetInnerHTML|\sstyle=|\son[A-Z][A-Za-z]*=/.exec(readFileSync(file, 'utf8'))?.[0],
    ]).toEqual([file, undefined]);
  }
});
