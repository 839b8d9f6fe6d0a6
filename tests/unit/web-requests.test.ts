import { describe, expect, test } from '@jest/globals';
import { createHmac } from 'node:crypto';
import { cpuTime } from '../support/cpu-time.ts';
import { cookieName, parseCookie } from '../../src/web/cookies.ts';
import { createCsrf, sentByOurselves } from '../../src/web/csrf.ts';
import { parseForm } from '../../src/web/forms.ts';
import { HttpError, toHttpError } from '../../src/web/http-error.ts';
import { formatDateTime, formatList, formatMoney, formatPartialDate } from '../../src/web/i18n/format.ts';
import { chooseLocale, localeCookie } from '../../src/web/i18n/locale.ts';
import { createLog, errorFields, logLine, type LogFields } from '../../src/web/log.ts';
import { newReferenceId } from '../../src/web/reference-id.ts';
import { contentSecurityPolicy, formActionSource } from '../../src/web/security.ts';

const form = (text: string) => parseForm(Buffer.from(text, 'latin1'));

describe('posted forms', () => {
  test('values, blanks and missing fields', () => {
    const read = form('login=erika%40example.org&note=a+b%0D%0A&empty=&bare');
    expect(read.get('login')).toBe('erika@example.org');
    expect(read.get('note')).toBe('a b\r\n');
    expect(read.get('empty')).toBe('');
    expect(read.get('bare')).toBe('');
    expect(read.get('missing')).toBe('');
    expect(read.all('missing')).toEqual([]);
  });

  test('a field that was sent twice is only read as a list', () => {
    const read = form('optional=email&optional=phone');
    expect(read.all('optional')).toEqual(['email', 'phone']);
    expect(() => read.get('optional')).toThrow(HttpError);
  });

  test('names of the prototype are ordinary names', () => {
    const read = form('__proto__=a&constructor=b');
    expect(read.get('__proto__')).toBe('a');
    expect(read.get('toString')).toBe('');
    expect(({} as Record<string, unknown>)['a']).toBeUndefined();
  });

  test.each([
    ['a broken percent sign', 'a=%zz'],
    ['a cut percent sign', 'a=%'],
    ['broken UTF-8, escaped', 'a=%ff'],
    ['broken UTF-8, raw', 'a=\u00ff'],
    ['overlong UTF-8', 'a=%c0%af'],
    ['NUL', 'a=b%00c'],
    ['101 fields', Array.from({ length: 101 }, (_, i) => `f${i}=1`).join('&')],
  ])('%s is a 400', (_, text) => {
    expect(() => form(text)).toThrow(expect.objectContaining({ status: 400 }));
  });

  test('100 fields are fine', () => {
    expect(form(Array.from({ length: 100 }, (_, i) => `f${i}=1`).join('&')).get('f99')).toBe('1');
  });
});

describe('forms of other sites', () => {
  const own = 'https://id.example';
  test.each([
    ['our form', own, 'same-origin', true],
    ['our form under no-referrer', 'null', 'same-origin', true],
    ['an old browser', own, '', true],
    ['an old browser under no-referrer', 'null', '', true],
    ['no browser', '', '', true],
    ['another site', 'https://evil.example', 'cross-site', false],
    ['another site that lies about Origin', own, 'cross-site', false],
    ['another host of the same site', 'null', 'same-site', false],
    ['another origin, old browser', 'https://evil.example', '', false],
    ['other port', 'https://id.example:8443', '', false],
    ['other scheme', 'http://id.example', '', false],
  ])('%s', (_, origin, secFetchSite, expected) => {
    expect(sentByOurselves({ origin, secFetchSite }, own)).toBe(expected);
  });

  const key = Buffer.alloc(32, 7);
  const csrf = createCsrf(key);
  const ctx = (headers: Record<string, string> = {}) =>
    ({ get: (name: string) => headers[name] ?? '', state: { web: { origin: own } } }) as never;

  test('a token passes for its binding', () => {
    expect(() => csrf.check(ctx(), csrf.token('a'), 'a')).not.toThrow();
    expect(csrf.token('a')).not.toBe(csrf.token('a'));
  });

  const changed = (token: string) => `${token.startsWith('A') ? 'B' : 'A'}${token.slice(1)}`;
  test.each([
    ['none', ''],
    ['of another binding', csrf.token('b')],
    ['of another key', createCsrf(Buffer.alloc(32, 8)).token('a')],
    ['changed', changed(csrf.token('a'))],
    ['cut', csrf.token('a').slice(0, -4)],
    ['lengthened', `${csrf.token('a')}AAAA`],
    ['without salt', createHmac('sha256', key).update('a').digest('base64url')],
  ])('a token that is %s is a 403', (_, token) => {
    expect(() => csrf.check(ctx(), token, 'a')).toThrow(expect.objectContaining({ status: 403, code: 'csrf' }));
  });

  test('a right token from another site is a 403', () => {
    expect(() => csrf.check(ctx({ 'sec-fetch-site': 'cross-site' }), csrf.token('a'), 'a')).toThrow(HttpError);
  });
});

describe('cookies', () => {
  test.each([
    ['id', 'lang', true, '/', '__Host-id-lang'],
    ['id', 'step', true, '/anmelden/x', '__Secure-id-step'],
    ['bayern-portal', 'lang', false, '/', 'bayern-portal-lang'],
  ])('%s %s is named by the scheme', (part, name, secure, path, expected) => {
    expect(cookieName(part, name, secure, path)).toBe(expected);
  });

  test.each([
    ['a=1; id-lang=de; b=2', 'de'],
    ['id-lang=de;id-lang=en', undefined],
    ['xid-lang=de', undefined],
    ['id-lang', undefined],
    ['id-lang=%zz', undefined],
    ['id-lang=a"b', undefined],
    ['', undefined],
    [`${'x=1; '.repeat(100)}id-lang=en`, 'en'],
  ])('of %j', (header, expected) => {
    expect(parseCookie(header, 'id-lang')).toBe(expected);
  });
});

describe('the language of a page', () => {
  const service = { value: 'fr-FR en-GB', since: 1000 };
  test.each([
    ['nothing is known', {}, 'de'],
    ['the browser', { acceptLanguage: 'fr, en;q=0.8, de;q=0.5' }, 'en'],
    ['weights', { acceptLanguage: 'de;q=0.5, en;q=0.8' }, 'en'],
    ['a language that is not wanted', { acceptLanguage: 'en;q=0, de' }, 'de'],
    ['unknown languages', { acceptLanguage: 'fr,es' }, 'de'],
    ['rubbish', { acceptLanguage: ';;q=x,,en;q=zz' }, 'de'],
    ['the citizen before the browser', { cookie: localeCookie('de', 5), acceptLanguage: 'en' }, 'de'],
    ['the service before an older choice', { cookie: localeCookie('de', 5), uiLocales: service }, 'en'],
    ['a newer choice before the service', { cookie: localeCookie('de', 2000), uiLocales: service }, 'de'],
    ['a service with unknown languages', { uiLocales: { value: 'xx', since: 0 }, acceptLanguage: 'en' }, 'en'],
    ['a forged cookie', { cookie: '../../etc', acceptLanguage: 'en' }, 'en'],
  ])('%s', (_, wishes, expected) => {
    expect(chooseLocale(wishes)).toBe(expected);
  });

  test('a huge header takes no time', () => {
    const huge = { acceptLanguage: 'en-'.repeat(100_000), uiLocales: { value: 'x '.repeat(100_000), since: 0 } };
    expect(cpuTime(() => chooseLocale(huge))).toBeLessThan(50);
  });
});

describe('dates, lists and amounts', () => {
  test.each([
    ['de', '1964-08-12', '12. August 1964'],
    ['en', '1964-08-12', '12 August 1964'],
    ['de', '1964-08', 'August 1964'],
    ['de', '1964', '1964'],
    ['de', '1964-02-30', '1964-02-30'],
    ['de', 'unbekannt', 'unbekannt'],
  ] as const)('%s %s', (locale, text, expected) => {
    expect(formatPartialDate(locale, text)).toBe(expected);
  });

  test('time is that of Bavaria', () => {
    expect(formatDateTime('de', Date.UTC(2026, 10, 23, 23, 30))).toBe('24. November 2026 um 00:30');
  });

  test('lists and amounts', () => {
    expect(formatList('de', ['a', 'b', 'c'])).toBe('a, b und c');
    expect(formatMoney('de', 1300).replaceAll('\u00a0', ' ')).toBe('13,00 €');
    expect(formatMoney('en', 1300)).toBe('€13.00');
  });
});

describe('the log', () => {
  const parse = (line: string): unknown => JSON.parse(line);

  test('one line, whatever is in it', () => {
    const line = logLine('info', 'event', { reason: 'a\r\nb\u2028c\u2029d\u0085e\u0000' }, 0);
    expect(line.match(/[\n\r\u2028\u2029\u0085]/g)).toEqual(['\n']);
    expect(parse(line)).toEqual({
      time: '1970-01-01T00:00:00.000Z',
      severity: 'info',
      event: 'event',
      reason: 'a\r\nb\u2028c\u2029d\u0085e\u0000',
    });
  });

  test('drops what is not on the list', () => {
    const whole = { password: 'geheim', __proto__: null, status: 200, client: { name: 'x' } } as unknown as LogFields;
    expect(logLine('info', 'event', whole, 0)).not.toMatch(/geheim|"x"/);
  });

  test('least severity and fields that every line carries', () => {
    const lines: string[] = [];
    const log = createLog({ least: 'warn', write: (line) => lines.push(line) }).with({ part: 'id' });
    log.info('quiet');
    log.warn('loud', { status: 400 });
    expect(lines.map(parse)).toEqual([expect.objectContaining({ event: 'loud', part: 'id', status: 400 })]);
  });

  test('the message of an error stays out unless the language wrote it', () => {
    expect(JSON.stringify(errorFields(new Error('erika@example.org')))).not.toContain('erika');
    expect(errorFields(new TypeError('x is not a function')).error).toBe('TypeError: x is not a function');
    expect(errorFields('erika@example.org')).toEqual({ error: 'string' });
  });
});

describe('errors', () => {
  const storage = Object.assign(new Error('x'), { name: 'StorageUnavailable' });
  test.each([
    ['storage without an answer', storage, 503, 5],
    ['a bug', new TypeError('x'), 500, undefined],
    ['something that is no error', 'x', 500, undefined],
    ['an exposed 404', Object.assign(new Error('x'), { status: 404, expose: true }), 404, undefined],
    ['a hidden status', Object.assign(new Error('x'), { status: 404, expose: false }), 500, undefined],
    ['a foreign 500', Object.assign(new Error('x'), { status: 500, expose: true }), 500, undefined],
    ['a rare 4xx', Object.assign(new Error('x'), { status: 418, expose: true }), 400, undefined],
  ])('%s', (_, thrown, status, retryAfter) => {
    expect(toHttpError(thrown)).toMatchObject({ status, retryAfter });
  });
});

describe('where forms may lead', () => {
  test.each([
    ['https://service.example/cb?x=1', 'https://service.example'],
    ['http://localhost:3001/cb', 'http://localhost:3001'],
    ['de.bayern.app:/cb', 'de.bayern.app:'],
  ])('%s', (address, source) => {
    expect(formActionSource(address)).toBe(source);
  });

  test('the policy names each once', () => {
    expect(contentSecurityPolicy(['https://a.example', 'https://a.example'])).toContain(
      "form-action 'self' https://a.example",
    );
    expect(contentSecurityPolicy([])).toMatch(/^default-src 'none';.*form-action 'self'$/);
  });
});

test('reference ids are short, readable and different', () => {
  const ids = new Set(Array.from({ length: 1000 }, newReferenceId));
  expect(ids.size).toBe(1000);
  for (const id of ids) expect(id).toMatch(/^[0-9a-hjkmnp-tv-z]{10}$/);
});
