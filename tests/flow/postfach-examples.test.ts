import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startTestApp, type TestApp } from '../support/app.ts';
import { createPerson, textOf } from '../support/browse.ts';
import { max } from '../support/journey.ts';
import { proceed } from '../support/means.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp({ exampleLetters: true });
});
afterAll(() => app.stop());

test('a reply to an example letter of npm start arrives at its sender, which is a client as any other', async () => {
  const person = createPerson();
  const inbox = await proceed(app, person, await person.visit(`${app.postfach}/postfach`), max);
  const [, path = ''] = /href="(\/postfach\/[^"/?]+)"[^>]*>\s*Ihr Antrag auf Wohngeld/.exec(inbox.body) ?? [];
  const letter = await person.visit(`${app.postfach}${path}`);
  expect(textOf(letter)).toContain('Stadt Musterstadt, Bürgeramt (Beispiel)');
  const form = await person.visit(`${app.postfach}${path}/antwort`);
  const preview = await person.submit(form, '/antwort', { antwort: 'Die Bescheinigung kommt morgen.' });
  await person.submit(preview, preview.url.pathname);
  const secret = readFileSync(join(app.data, 'data', 'secrets', 'musterstadt.secret'), 'utf8').trim();
  const granted = await fetch(`${app.issuer}/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`musterstadt:${secret}`)}` },
    body: new URLSearchParams({ grant_type: 'client_credentials', scope: 'postfach:read' }),
  });
  const { access_token: token } = (await granted.json()) as { access_token?: string };
  const answer = await fetch(`${app.postfach}/api/replies`, { headers: { authorization: `Bearer ${token}` } });
  expect(await answer.json()).toMatchObject({
    replies: [{ text: 'Die Bescheinigung kommt morgen.', reference: 'WG-2026/4711' }],
  });
});
