import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { EidData, EidPort } from '../src/id/authentication/eid/port.ts';
import type { Attribute } from '../src/id/identity/attribute.ts';
import type { IdApp } from '../src/id/contract.ts';
import { runChild } from './child.ts';
import { createAdapter, createEidMessages } from './eid-parts.ts';
import { passkeyId } from './passkey.ts';
import { createLoginParts } from './sealing.ts';
import { accountName, accounts, password, product, type Task } from './world.ts';

const { startApp } = await product<typeof import('../src/app.ts')>('app.js');
const { loadSettings } = await product<typeof import('../src/config/load.ts')>('config/load.js');
const { settings: schema } = await product<typeof import('../src/settings.ts')>('settings.js');
const { createLog } = await product<typeof import('../src/web/log.ts')>('web/log.js');
const { cardFrom, requestFor } = await product<typeof import('../src/id/authentication/eid/attributes.ts')>(
  'id/authentication/eid/attributes.js',
);
const { eidOperations } = await product<typeof import('../src/id/authentication/eid/port.ts')>(
  'id/authentication/eid/port.js',
);

const cardOf = (number: number): EidData => ({
  documentType: 'ID',
  issuingState: 'D',
  dateOfExpiry: '2039-12-31',
  givenNames: `VORNAME${number}`,
  familyNames: 'MUSTERMANN',
  dateOfBirth: '19640812',
  placeOfBirth: { freetext: 'BERLIN' },
  nationality: 'D',
  placeOfResidence: { street: 'HEIDESTRASSE 17', city: 'KÖLN', country: 'D', zipCode: '51147' },
  restrictedId: number.toString(16).padStart(64, '0'),
});

/** Answers at once what an eID-Server answers after the citizen has entered the PIN; the cards take turns. */
const createStub = (): EidPort => {
  let sessions = 0;
  return {
    start() {
      sessions++;
      return Promise.resolve({
        sessionId: String(sessions % accounts),
        pskId: randomUUID(),
        psk: 'ab'.repeat(32),
        paosAddress: 'https://eid-server.example.de/paos',
      });
    },
    fetchResult: ({ sessionId }) => Promise.resolve({ kind: 'ok', data: cardOf(Number(sessionId)), assured: 'high' }),
    info: () => Promise.resolve({ version: '2.4', allowed: new Set(eidOperations) }),
    close() {},
  };
};

/** The password accounts share one hash: making 64 of them is not what is measured. */
const seed = async ({ citizens, credentials, hashing }: IdApp, publicKey: string): Promise<string[]> => {
  const handles: string[] = [];
  const at = Date.now();
  const typed = (value: string): Attribute<string> => ({ value, source: 'self', level: 'basic', at });
  const passwordHash = await hashing.hash(password);
  const request = requestFor({ announcement: 'Messung', attributes: ['given_name', 'family_name'], level: 'low' });
  for (let number = 0; number < accounts; number++) {
    const name = { given_name: typed(`Vorname${number}`), family_name: typed('Mustermann') };
    const self = { ...name, birthdate: typed('1964-08-12'), email: typed(`person${number}@example.de`) };
    const citizen = { loginName: accountName(number), passwordHash, self, ceiling: 'basic' } as const;
    const { account } = await citizens.create(citizen, []);
    const passkey = { credentialId: passkeyId(number), publicKey, transports: [], synced: true, name: 'Messung' };
    await credentials.addCredential(account, { kind: 'passkey', passkey, counter: 0, ceiling: 'basic' }, []);
    handles.push(credentials.userHandle(account.id).toString('base64url'));
    const card = cardFrom(cardOf(number), request.operations, 'high', at);
    if (!card) throw new Error('the card has no pseudonym');
    await citizens.create({ card, ceiling: 'high' }, []);
  }
  return handles;
};

await runChild(async ({ folder, port, clientSecret, passkey, eid, told, smtpPort, stack }: Task) => {
  const configDirectory = join(folder, 'config');
  const env = {
    NODE_ENV: 'production',
    BENCH_CLIENT_SECRET: clientSecret,
    BAYERN_ID__ID__ISSUER: `http://localhost:${stack?.issuerPort ?? port}`,
    BAYERN_ID__ID__PORT: String(port),
    BAYERN_ID__WEB__MONITORING_PORT: String(stack?.monitoring ?? 0),
    ...(stack?.databaseUrl === undefined ? {} : { DATABASE_URL: stack.databaseUrl }),
    ...(stack?.redisUrl === undefined ? {} : { REDIS_URL: stack.redisUrl }),
    BAYERN_ID__ID__MAIL__SMTP__HOST: 'localhost',
    BAYERN_ID__ID__MAIL__SMTP__FROM__ADDRESS: 'bayern-id@id.example.de',
    BAYERN_ID__STORAGE__DIRECTORY: join(folder, 'data'),
    // What work costs is to be seen, so all of it is done.
    BAYERN_ID__WEB__OVERLOAD__SHED: 'false',
    // All logins come from one address.
    BAYERN_ID__ID__GUARD__ADDRESS__FAILURES: '1000000',
    BAYERN_ID__ID__GUARD__EID__STARTS: '1000000',
    BAYERN_ID__ID__GUARD__NAME__FAILURES: '100',
    BAYERN_ID__ID__GUARD__MAIL__ADDRESS__MAILS: '1000000',
    ...(told ? { BAYERN_ID__OUTBOUND__ALLOW_PRIVATE: 'true' } : {}),
    ...(smtpPort === undefined
      ? {}
      : { BAYERN_ID__ID__MAIL__SMTP__PORT: String(smtpPort), BAYERN_ID__ID__MAIL__SMTP__TLS: 'none' }),
  };
  const app = await startApp({
    settings: loadSettings(configDirectory, schema, env),
    configDirectory,
    production: !told && smtpPort === undefined,
    parts: ['id'],
    env,
    log: createLog({ least: 'info' }),
    eid: eid === undefined ? createStub() : await createAdapter(folder, eid.soapPort),
  });
  if (!app.id) throw new Error('Bayern-ID did not start');
  const handles = stack?.seed === false ? [] : await seed(app.id, passkey);
  const loginParts = createLoginParts(app.id);
  if (stack) return { hashing: app.id.hashing, close: () => app.close(0) };
  const eidMessages = await createEidMessages(folder);
  return { hashing: app.id.hashing, handles, eidMessages, loginParts, close: () => app.close(0) };
});
