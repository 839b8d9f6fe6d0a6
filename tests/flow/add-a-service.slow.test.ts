import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { importJWK, type JWK } from 'jose';
import * as oidc from 'openid-client';
import type { Finding } from '../../src/config/report.ts';
import { goOn } from '../attack/service.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { createPerson, textOf } from '../support/browse.ts';
import { catchCallbacks, type CallbackCatcher } from '../support/callback-catcher.ts';
import { erika } from '../support/journey.ts';

/** The page tells a stranger what to do; here it is done, with the very files that stand in it. */
const page = readFileSync('docs/add-a-service.md', 'utf8');
const blocks = [...page.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(([, language, text = '']) => ({
  language,
  text,
}));
/** The files of the page, by where they belong. */
const files = blocks.flatMap(({ text }) => {
  const [, path] = /^(?:#|<!--) config\/(\S+)/.exec(text) ?? [];
  return path === undefined ? [] : [{ path, text }];
});
const keyCommand = blocks.find(({ text }) => text.includes('generateKeyPairSync'))?.text ?? '';

let app: TestApp;
let service: CallbackCatcher;
let folder: string;
let client: oidc.Configuration;

beforeAll(async () => {
  app = await startTestApp({ authority: 'shipped' });
  service = await catchCallbacks();
  folder = mkdtempSync(join(tmpdir(), 'add-a-service-'));
});
afterAll(async () => {
  await app.stop();
  await service.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** The files as they are written where the service runs here. */
const writeFiles = (): void => {
  for (const { path, text } of files) {
    // The payment simulator is a provider on developers' machines alone, and so are those who use it.
    const file = join(app.config, path.replace(/^bezahlsystem\//, 'development/bezahlsystem/'));
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text.replaceAll('http://localhost:8080', service.origin));
  }
};

test('every file is there, is right, and comes into force while the servers run', async () => {
  expect(files.map(({ path }) => path.split('/')[0])).toEqual([
    'authorities',
    'authorities',
    'clients',
    'bezahlsystem',
    'postfach',
    'services',
  ]);
  execFileSync('sh', ['-c', keyCommand.replace(/^node /, `"${process.execPath}" `)], { cwd: folder });
  copyFileSync(join(folder, 'ferienlager.public.json'), join(app.data, 'data', 'secrets', 'ferienlager.public.json'));
  writeFiles();
  const wrong: readonly Finding[] = [
    ...(await app.app.reloadClients()).findings.filter(({ severity }) => severity === 'error'),
    ...((await app.app.portal?.services.now()) ?? []),
    ...((await app.app.postfach?.senders.now()) ?? []),
    ...((await app.app.bezahlsystem?.originators.now()) ?? []),
  ];
  expect(wrong).toEqual([]);
});

test('citizens find it, by its words and by its place, with what it needs', async () => {
  const person = createPerson();
  const found = await person.visit(`${app.portal}/leistungen?suche=Zeltlager&ort=Lohkirchen`);
  expect(textOf(found)).toContain('Ferienlager anmelden');
  const one = textOf(await person.follow(found, '/leistungen/lohkirchen/ferienlager'));
  for (const read of ['Gemeinde Lohkirchen', '120,00 €', 'Impfpass des Kindes', 'niedrig']) expect(one).toContain(read);
});

test('she logs in, pays and gets a letter', async () => {
  const jwk = JSON.parse(readFileSync(join(folder, 'ferienlager.private.json'), 'utf8')) as JWK;
  const key = (await importJWK(jwk, 'ES256')) as oidc.CryptoKey;
  client = await oidc.discovery(
    new URL(app.issuer),
    'lohkirchen-ferienlager',
    undefined,
    oidc.PrivateKeyJwt({ key, kid: String(jwk.kid) }),
    { execute: [oidc.allowInsecureRequests] },
  );
  const pkceCodeVerifier = oidc.randomPKCECodeVerifier();
  const [state, nonce] = [oidc.randomState(), oidc.randomNonce()];
  const address = oidc.buildAuthorizationUrl(client, {
    redirect_uri: `${service.origin}/callback`,
    scope: 'openid profile postfach',
    state,
    nonce,
    code_challenge: await oidc.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
  });
  const person = createPerson();
  const login = await person.visit(address.href);
  for (const read of ['Ferienlager Lohkirchen', 'Gemeinde Lohkirchen']) expect(textOf(login)).toContain(read);
  // Her card proves her, so that her password is enough from then on.
  const back = await goOn(app, person, login, { login: erika, card: 'erika' });
  const expected = { pkceCodeVerifier, expectedState: state, expectedNonce: nonce };
  const tokens = await oidc.authorizationCodeGrant(client, back.url, expected);
  const { postfach } = await oidc.fetchUserInfo(client, tokens.access_token, tokens.claims()?.sub ?? '');
  expect(typeof postfach).toBe('string');

  const DPoP = oidc.getDPoPHandle(client, await oidc.randomDPoPKeyPair('ES256'));
  const bezahlsystem = `${app.bezahlsystem}/api`;
  const fees = await oidc.clientCredentialsGrant(
    client,
    { scope: 'payments:create payments:read', resource: bezahlsystem },
    { DPoP },
  );
  const asked = await oidc.fetchProtectedResource(
    client,
    fees.access_token,
    new URL(`${bezahlsystem}/paymenttransaction/ferienlager/09183124`),
    'POST',
    JSON.stringify({
      requestId: 'anmeldung-1',
      requestTimestamp: new Date().toISOString(),
      currency: 'EUR',
      grosAmount: 120,
      purpose: 'Ferienlager',
      redirectUrl: `${service.origin}/bezahlt`,
      items: [
        {
          id: '1',
          description: 'Ferienlager',
          taxRate: 0,
          quantity: 1,
          totalNetAmount: 120,
          totalTaxAmount: 0,
          singleNetAmount: 120,
          singleTaxAmount: 0,
        },
      ],
      requestor: { postfach },
    }),
    new Headers({ 'content-type': 'application/json' }),
    { DPoP },
  );
  const { paymentInformation: fee } = (await asked.json()) as {
    readonly paymentInformation: { readonly transactionRedirectUrl: string };
  };
  const bill = await person.visit(fee.transactionRedirectUrl);
  expect(textOf(bill)).toContain('Gemeinde Lohkirchen');
  await person.submit(bill, new URL(fee.transactionRedirectUrl).pathname, { method: 'CREDITCARD' });
  await person.visit(`${app.portal}/login`);
  expect(textOf(await person.visit(app.portal))).toContain('120,00 € an Gemeinde Lohkirchen');

  const mailbox = `${app.postfach}/api`;
  const sending = await oidc.clientCredentialsGrant(client, { scope: 'postfach:deliver', resource: mailbox });
  const form = new FormData();
  const letter = {
    recipient: postfach,
    service: 'Ferienlager',
    subject: 'Ihr Platz im Ferienlager',
    content: { type: 'text', body: 'Wir freuen uns auf Ihr Kind.' },
    level: 'low',
  };
  form.append('letter', new Blob([JSON.stringify(letter)], { type: 'application/json' }));
  const delivered = await fetch(`${mailbox}/letters/brief-1`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${sending.access_token}` },
    body: form,
  });
  expect(delivered.status).toBe(201);
  const inbox = await person.visit(`${app.postfach}/postfach`);
  expect(textOf(inbox)).toContain('Gemeinde Lohkirchen');
  expect(textOf(inbox)).toContain('Ihr Platz im Ferienlager');
});
