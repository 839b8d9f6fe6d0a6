import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { decodeJwt } from 'jose';
import { createPerson, textOf, type Person } from '../support/browse.ts';
import { logIn, max } from '../support/journey.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { goOn, startServices, type Service, type Services } from '../attack/service.ts';

let app: TestApp;
let services: Services;
let caller: Service;
let audience: string;

beforeAll(async () => {
  app = await startTestApp({ exampleLetters: true });
  services = await startServices(app);
  audience = `${app.postfach}/api`;
  caller = await services.add({
    clientId: 'caller',
    by: 'private_key_jwt',
    file: {
      resources: { [audience]: ['postfach:overview'] },
      grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
    },
  });
});
afterAll(async () => {
  await services.close();
  await app.stop();
});
