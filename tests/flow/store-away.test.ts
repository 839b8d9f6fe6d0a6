import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { StorageUnavailable } from '../../src/storage/artifacts.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { createPerson, textOf } from '../support/browse.ts';
import { loginAtPortal, max } from '../support/journey.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.stop());

test('a session that cannot be kept is a page of ours with 503 and Retry-After, and the login goes on afterwards', async () => {
  const artifacts = app.app.id?.stores.artifacts;
  if (!artifacts) throw new Error('Bayern-ID does not run');
  const save = artifacts.save.bind(artifacts);
  artifacts.save = (kind, ...rest) =>
    kind === 'Session' ? Promise.reject(new StorageUnavailable('the store does not answer')) : save(kind, ...rest);
  const person = createPerson();
  const page = await loginAtPortal(app, person, max);
  expect([page.status, page.url.origin, page.headers.get('retry-after')]).toEqual([503, app.issuer, '5']);
  expect(page.headers.get('content-type')).toMatch(/^text\/html/);
  expect(page.headers.get('content-security-policy')).toMatch(/default-src 'none'/);
  expect(textOf(page)).toContain('Gerade nicht erreichbar');
  artifacts.save = save;
  const again = await loginAtPortal(app, createPerson(), max);
  expect([again.status, again.url.origin]).toEqual([200, app.portal]);
});
