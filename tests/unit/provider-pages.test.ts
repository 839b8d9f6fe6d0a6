import { describe, expect, test } from '@jest/globals';
import request from 'supertest';
import { createProviderPages } from '../../src/id/pages.ts';
import { redirectDifference } from '../../src/id/redirect-difference.ts';
import { createWebApp } from '../../src/web/app.ts';
import { createLog } from '../../src/web/log.ts';
import type { Environment } from '../../src/web/parts.ts';

describe('where a redirect address leaves the one that is registered', () => {
  const right = 'https://dienst.example/callback';
  test.each([
    [right, right, undefined],
    [`${right}/`, right, { kind: 'trailingSlash' }],
    [right, `${right}/`, { kind: 'trailingSlash' }],
    ['http://dienst.example/callback', right, { position: 5, sent: '://dienst.example/callba…' }],
    [
      'https://Dienst.example/callback',
      right,
      { position: 9, sent: 'Dienst.example/callback', registered: 'dienst.example/callback' },
    ],
    [`${right}?a=1`, right, { position: 32, sent: '?a=1', registered: '' }],
    [right.slice(0, -1), right, { position: 31, sent: '', registered: 'k' }],
    ['', right, { position: 1, sent: '' }],
    ['https://dienst.example/😀', 'https://dienst.example/😁', { position: 24, sent: '😀', registered: '😁' }],
  ])('%s against %s', (sent, registered, expected) => {
    const found = redirectDifference(sent, registered);
    if (expected === undefined) expect(found).toBeUndefined();
    else expect(found).toMatchObject(expected);
  });
});

describe('an error of the provider', () => {
  const told = async (environment: Environment): Promise<{ page: string; log: string }> => {
    const lines: string[] = [];
    const log = createLog({ write: (line) => lines.push(line) });
    const app = createWebApp({ part: 'id', origin: 'http://localhost', secureCookies: false, environment, log });
    const pages = createProviderPages(() => new Map());
    app.use((ctx) => {
      pages.error(ctx, {
        error: 'invalid_redirect_uri',
        description: 'redirect_uri <b>did</b> not match',
        status: 400,
      });
    });
    const { text } = await request(app.callback())
      .get('/auth?client_id=hunde&redirect_uri=https%3A%2F%2Fdienst.example%2F%3Cb%3E')
      .set('accept', 'text/html');
    return { page: text, log: lines.join('') };
  };

  test('is told to developers, as text', async () => {
    const { page } = await told('development');
    expect(page).toContain('invalid_redirect_uri');
    expect(page).toContain('redirect_uri &lt;b>did&lt;/b> not match');
    expect(page).toContain('https://dienst.example/&lt;b>');
    expect(page).not.toContain('<b>');
  });

  test('is not told in production, where it stands in the log under the number that the page shows', async () => {
    const { page, log } = await told('production');
    const main = /<main.*<\/main>/s.exec(page)?.[0] ?? '';
    expect(main).toContain('Der Rückweg zum Dienst stimmt nicht');
    expect(main).not.toMatch(/invalid_redirect_uri|redirect_uri|did|hunde|dienst\.example/);
    const number = /<code>([^<]+)<\/code>/.exec(main)?.[1]?.replace(' ', '');
    expect(JSON.parse(log)).toMatchObject({ referenceId: number, error: 'invalid_redirect_uri', code: 'redirect_uri' });
  });
});
