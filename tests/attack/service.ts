import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { compactDecrypt, decodeJwt, exportJWK, generateKeyPair, SignJWT, type JWTPayload } from 'jose';
import { stringify } from 'yaml';
import type { TestApp } from '../support/app.ts';
import { formsOf, type Person } from '../support/browse.ts';
import type { Page } from '../support/cookie-browser.ts';
import { erika, useCard } from '../support/journey.ts';

type Query = Readonly<Record<string, string | undefined>>;

/** What the provider sent to the redirect URI. */
export type Answer = Readonly<Record<string, string>>;

export interface Tokens {
  readonly status: number;
  readonly error?: string;
  readonly access_token: string;
  readonly refresh_token: string;
  readonly id_token: string;
  readonly claims: JWTPayload & { readonly acr?: string; readonly amr?: string[]; readonly auth_time?: number };
}

/** A relying party that a test drives step by step, sending whatever it likes. */
export interface Service {
  readonly clientId: string;
  readonly redirectUri: string;
  /** The parameters of a sound request; `undefined` leaves one out. */
  request(params?: Query): { readonly url: string; readonly verifier: string };
  /** Goes to the authorization endpoint in this browser. */
  ask(person: Person, params?: Query): Promise<Page>;
  /** What came back; throws when the browser is not at the redirect URI. */
  answer(page: Page): Answer;
  /** How the client authenticates: headers and fields of a request to the token endpoint. */
  authentication(claims?: JWTPayload, header?: Readonly<Record<string, unknown>>): Promise<Authentication>;
  /** A request to the token endpoint or one of its neighbours. */
  post(path: string, fields: Query, as?: Authentication): Promise<Response>;
  /** Signs with the client's key: request objects, assertions, proofs. */
  sign(payload: JWTPayload, header?: Readonly<Record<string, unknown>>): Promise<string>;
  /** Opens what was encrypted for the client. */
  decrypt(text: string): Promise<string>;
  redeem(page: Page, fields?: Query, as?: Authentication): Promise<Tokens>;
  tokens(fields: Query, as?: Authentication): Promise<Tokens>;
}

export interface Authentication {
  readonly headers: Readonly<Record<string, string>>;
  readonly fields: Readonly<Record<string, string>>;
}

export interface ServiceSpec {
  readonly clientId: string;
  readonly by?: 'client_secret_basic' | 'private_key_jwt' | 'none';
  /** In the folder of another authority, whose file the test has written. Its id begins with the authority's. */
  readonly authority?: string;
  /** Keys of the client's file; null takes one out. */
  readonly file?: Readonly<Record<string, unknown>>;
}

const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** Where every test service gets its answers. It says nothing of its own, so that a browser ends there. */
const startCallback = async (): Promise<{ server: Server; origin: string }> => {
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end('the service');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
};

const create = async (app: TestApp, origin: string, spec: ServiceSpec): Promise<Service> => {
  const { clientId, by = 'client_secret_basic' } = spec;
  const redirectUri = `${origin}/${clientId}/callback`;
  const secret = randomBytes(32).toString('base64url');
  const keys = await generateKeyPair('ES256', { extractable: true });
  const encryption = await generateKeyPair('ECDH-ES', { extractable: true });
  const publicKeys = [
    { ...(await exportJWK(keys.publicKey)), alg: 'ES256', use: 'sig', kid: 'k' },
    { ...(await exportJWK(encryption.publicKey)), alg: 'ECDH-ES', use: 'enc', kid: 'e' },
  ];
  const secrets = join(app.data, 'test-secrets');
  mkdirSync(secrets, { recursive: true });
  const secretFile = join(secrets, clientId);
  writeFileSync(secretFile, secret);
  const file: Record<string, unknown> = {
    client_id: clientId,
    client_name: `Dienst ${clientId}`,
    redirect_uris: [redirectUri],
    token_endpoint_auth_method: by,
    ...(by === 'client_secret_basic' ? { client_secret_file: secretFile } : {}),
    ...(by === 'private_key_jwt' ? { jwks: { keys: publicKeys } } : {}),
    consent: 'none',
    legal_basis: 'Art. 6 DSGVO',
    scope: 'openid profile',
    ...spec.file,
  };
  const written = Object.fromEntries(Object.entries(file).filter(([, value]) => value !== null));
  const folder = join(app.config, 'clients', spec.authority ?? '');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${clientId}.yaml`), stringify(written));

  const verifiers = new Map<string, string>();
  const service: Service = {
    clientId,
    redirectUri,
    request(params = {}) {
      const verifier = randomBytes(32).toString('base64url');
      const state = randomBytes(8).toString('hex');
      verifiers.set('state' in params ? (params['state'] ?? '') : state, verifier);
      const all: Query = {
        client_id: clientId,
        redirect_uri: redirectUri,
        response_type: 'code',
        scope: 'openid',
        state,
        code_challenge: createHash('sha256').update(verifier).digest('base64url'),
        code_challenge_method: 'S256',
        ...params,
      };
      const query = new URLSearchParams(
        Object.entries(all).filter((pair): pair is [string, string] => pair[1] !== undefined),
      );
      return { url: `${app.issuer}/auth?${query.toString()}`, verifier };
    },
    ask: (person, params) => person.visit(service.request(params).url),
    answer(page) {
      if (`${page.url.origin}${page.url.pathname}` !== redirectUri)
        throw new Error(`not at the service but at ${page.url.href} (${page.status})`);
      return Object.fromEntries([...page.url.searchParams, ...new URLSearchParams(page.url.hash.slice(1))]);
    },
    async authentication(claims = {}, header = {}) {
      if (by === 'client_secret_basic')
        return { headers: { authorization: `Basic ${btoa(`${clientId}:${secret}`)}` }, fields: {} };
      if (by === 'none') return { headers: {}, fields: { client_id: clientId } };
      const now = Math.floor(Date.now() / 1000);
      const payload: JWTPayload = {
        iss: clientId,
        sub: clientId,
        aud: app.issuer,
        jti: randomUUID(),
        iat: now,
        exp: now + 60,
        ...claims,
      };
      const sound = Object.fromEntries(Object.entries(payload).filter(([, value]) => value !== undefined));
      const assertion = await service.sign(sound, header);
      return { headers: {}, fields: { client_assertion_type: assertionType, client_assertion: assertion } };
    },
    sign: (payload, header = {}) =>
      new SignJWT(payload).setProtectedHeader({ alg: 'ES256', kid: 'k', ...header }).sign(keys.privateKey),
    async decrypt(text) {
      return new TextDecoder().decode((await compactDecrypt(text, encryption.privateKey)).plaintext);
    },
    async post(path, fields, as) {
      const { headers, fields: more } = as ?? (await service.authentication());
      const body = new URLSearchParams(
        Object.entries({ ...fields, ...more }).filter((pair): pair is [string, string] => pair[1] !== undefined),
      );
      return fetch(`${app.issuer}${path}`, { method: 'POST', headers, body });
    },
    async tokens(fields, as) {
      const response = await service.post('/token', fields, as);
      const body = (await response.json()) as Record<string, string>;
      const idToken = body['id_token'];
      return {
        access_token: '',
        refresh_token: '',
        id_token: '',
        ...body,
        status: response.status,
        claims: idToken?.split('.').length === 3 ? decodeJwt(idToken) : {},
      };
    },
    async redeem(page, fields = {}, as) {
      const { code, state = '', error } = service.answer(page);
      if (code === undefined) throw new Error(`no code but ${error ?? 'nothing'}`);
      return service.tokens(
        {
          grant_type: 'authorization_code',
          code,
          redirect_uri: redirectUri,
          code_verifier: verifiers.get(state),
          ...fields,
        },
        as,
      );
    },
  };
  return service;
};

export interface Services {
  readonly origin: string;
  add(spec: ServiceSpec): Promise<Service>;
  remove(clientId: string): Promise<void>;
  close(): Promise<void>;
}

/** Services of a test: each is a file in the copy of config/clients and in force when `add` returns. */
export const startServices = async (app: TestApp): Promise<Services> => {
  const { server, origin } = await startCallback();
  const reload = async (): Promise<void> => {
    const errors = (await app.app.reloadClients()).findings.filter(({ severity }) => severity === 'error');
    if (errors.length > 0) throw new Error(errors.map(({ key, message }) => `${key}: ${message}`).join('; '));
  };
  return {
    origin,
    async add(spec) {
      const service = await create(app, origin, spec);
      await reload();
      return service;
    },
    async remove(clientId) {
      rmSync(join(app.config, 'clients', `${clientId}.yaml`));
      await reload();
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
};

export interface Hands {
  readonly login?: { readonly login: string; readonly password: string };
  /** A card to lay on the reader where a page offers it. */
  readonly card?: string;
}

const has = (page: Page, ending: string): boolean =>
  formsOf(page).some(({ action }) => new URL(action).pathname.endsWith(ending));

/** Goes on from a page of the flow as far as the given means reach: password, card, linking, release of data. */
export const goOn = async (
  app: TestApp,
  person: Person,
  from: Page,
  hands: Hands = { login: erika },
): Promise<Page> => {
  let page = from;
  let { login, card } = hands;
  for (let step = 0; step < 8 && page.url.origin === app.issuer; step++) {
    if (login !== undefined && has(page, '/passwort')) {
      page = await person.submit(page, '/passwort', login);
      login = undefined;
    } else if (card !== undefined && has(page, '/eid')) {
      page = await useCard(app, person, page, card);
      card = undefined;
    } else if (has(page, '/ausweis-hinzufuegen'))
      page = await person.submit(page, '/ausweis-hinzufuegen', { answer: 'add' });
    else if (has(page, '/freigabe')) page = await person.submit(page, '/freigabe', { decision: 'release' });
    else break;
  }
  return page;
};

/** Types of the audit events since the last call, without those of reloaded configuration, which come when they come. */
export const happened = async (app: TestApp): Promise<string[]> =>
  (await app.events()).map(({ type }) => type).filter((type) => !type.startsWith('configuration.'));
