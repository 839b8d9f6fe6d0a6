import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startTestApp, type TestApp } from '../support/app.ts';

let app: TestApp;

beforeAll(async () => {
  app = await startTestApp();
}, 60_000);

afterAll(() => app.stop());

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const ask = async (path: string, init: RequestInit = {}): Promise<Answer> => {
  const answer = await fetch(`${app.issuer}${path}`, init);
  const headers = Object.fromEntries([...answer.headers].filter(([name]) => name !== 'date'));
  return { status: answer.status, headers, body: await answer.text() };
};

describe.each(['/jwks', '/.well-known/openid-configuration', '/.well-known/oauth-authorization-server'])(
  '%s, which is built once and then given out',
  (path) => {
    test('is the same in every header the second time, also after the clients were loaded again', async () => {
      const first = await ask(path);
      expect(first.status).toBe(200);
      expect(first.headers['access-control-allow-origin']).toBe('*');
      expect(await ask(path)).toEqual(first);
      await app.app.reloadClients();
      expect(await ask(path)).toEqual(first);
      expect(await ask(path)).toEqual(first);
    });

    test('is open to scripts of every origin, and is asked for by GET, HEAD and OPTIONS alone', async () => {
      const { headers, body } = await ask(path, { headers: { origin: 'https://other.example' } });
      expect(headers['access-control-allow-origin']).toBe('*');
      for (const origin of ['null', 'https://evil.example'])
        expect((await ask(path, { headers: { origin } })).headers['access-control-allow-origin']).toBe('*');
      const head = await ask(path, { method: 'HEAD' });
      expect(head).toMatchObject({ status: 200, body: '' });
      expect(head.headers['content-length']).toBe(String(Buffer.byteLength(body)));
      const preflight = await ask(path, {
        method: 'OPTIONS',
        headers: { origin: 'https://other.example', 'access-control-request-method': 'GET' },
      });
      expect(preflight.status).toBe(204);
      expect((await ask(path, { method: 'POST', body: 'x' })).status).toBeGreaterThanOrEqual(404);
    });
  },
);
