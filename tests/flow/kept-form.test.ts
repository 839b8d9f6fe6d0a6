import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { createModule } from '../../src/portal/relying-party/module.ts';
import { resetClock, shiftClock } from '../support/clock.ts';
import { createCookieBrowser, type CookieBrowser, type Page } from '../support/cookie-browser.ts';
import { startScene, type Scene } from '../support/relying-parties.ts';

const high = 'http://eidas.europa.eu/LoA/high';
const minutes = 60_000;
const text = 'Sehr geehrte Damen, 1 + 1 = 2 & ä';

let scene: Scene;
let origin: string;
let browser: CookieBrowser;
let taken: string[];

beforeAll(async () => {
  scene = await startScene({
    fuehrungszeugnis: (deps) =>
      createModule('fuehrungszeugnis', deps, { scope: 'openid profile' }, (router, relyingParty) => {
        for (const path of ['/eins', '/zwei']) {
          router.get(path, relyingParty.requireLevel('high'), async (ctx) => {
            const kept = await relyingParty.keptForm(ctx);
            ctx.body = JSON.stringify({ csrf: relyingParty.formToken(ctx), kept: kept?.get('text') ?? null });
          });
          router.post(path, relyingParty.requireLevel('high'), async (ctx) => {
            taken.push((await relyingParty.readForm(ctx)).get('text'));
            ctx.body = 'taken';
          });
        }
      }),
  });
  ({ origin } = scene.party('fuehrungszeugnis'));
});
afterAll(() => scene.close());
beforeEach(() => {
  taken = [];
  browser = createCookieBrowser();
  Object.assign(scene.provider.next, { accountId: 'erika', acr: high });
});
afterEach(() => resetClock());

const shown = (page: Page): { readonly csrf: string; readonly kept: string | null } =>
  JSON.parse(page.body) as { readonly csrf: string; readonly kept: string | null };
/** Opens a form, and stays away for so long that the level is gone. */
const opensAndWaits = async (path = '/eins'): Promise<string> => {
  const { csrf } = shown(await browser.visit(`${origin}${path}`));
  shiftClock(6 * minutes);
  return csrf;
};
const posts = (form: Record<string, string>, path = '/eins'): Promise<Page> =>
  browser.visit(`${origin}${path}`, { form });

test('what was typed is on its page again after the step-up, and was not sent', async () => {
  const page = await posts({ csrf: await opensAndWaits(), text });
  expect(page.url.href).toBe(`${origin}/eins?eingaben=1`);
  expect(shown(page).kept).toBe(text);
  expect(taken).toEqual([]);
  expect((await posts({ csrf: shown(page).csrf, text })).body).toBe('taken');
  expect(taken).toEqual([text]);
  expect(shown(await browser.visit(`${origin}/eins`)).kept).toBeNull();
});

test('it is on no other page, and of several forms it is the latest', async () => {
  const csrf = await opensAndWaits();
  await browser.visit(`${origin}/zwei`, { form: { csrf, text: 'zuerst' }, until: (url) => url.origin !== origin });
  await posts({ csrf, text });
  expect(shown(await browser.visit(`${origin}/zwei?eingaben=1`)).kept).toBeNull();
  expect(shown(await browser.visit(`${origin}/eins?eingaben=1`)).kept).toBe(text);
});

test.each([
  ['that no page of this session has sent', { text: 'fremd' }],
  ['of another session', { csrf: 'x'.repeat(80), text: 'fremd' }],
  ['that is too large', { text: 'x'.repeat(60_000) }],
])('nothing is kept of a form %s', async (_title, form) => {
  await opensAndWaits();
  const page = await posts(form);
  expect(page.url.href).toBe(`${origin}/eins`);
  expect(shown(await browser.visit(`${origin}/eins?eingaben=1`)).kept).not.toBe(form.text);
});

test('another person in the same browser does not see it', async () => {
  await posts({ csrf: await opensAndWaits(), text });
  browser.cookies.clear();
  scene.provider.next.accountId = 'max';
  expect(shown(await browser.visit(`${origin}/eins?eingaben=1`)).kept).toBeNull();
});

test('it is gone with the time that a login may take', async () => {
  await posts({ csrf: await opensAndWaits(), text });
  expect(shown(await browser.visit(`${origin}/eins?eingaben=1`)).kept).toBe(text);
  shiftClock(66 * minutes);
  browser.cookies.clear();
  expect(shown(await browser.visit(`${origin}/eins?eingaben=1`)).kept).toBeNull();
});
