import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { Provider, type Configuration, type KoaContextWithOIDC } from 'oidc-provider';
import { verifyAuthenticationResponse, type AuthenticationResponseJSON } from '@simplewebauthn/server';
import type { Context } from 'koa';
import { runChild } from './child.ts';
import { passkeyId } from './passkey.ts';
import { accountName, accounts, api, client, password, product, toldAt, toldService, type Task } from './world.ts';

const { createAdapter } = await product<typeof import('../src/id/oidc/adapter.ts')>('id/oidc/adapter.js');
const { cookieSigner } = await product<typeof import('../src/id/oidc/cookie-signer.ts')>('id/oidc/cookie-signer.js');
const { openStores } = await product<typeof import('../src/storage/open.ts')>('storage/open.js');
const { createPasswordHashing } = await product<typeof import('../src/id/authentication/password/hashing.ts')>(
  'id/authentication/password/hashing.js',
);

const newKey = (): Record<string, unknown> => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { ...privateKey.export({ format: 'jwk' }), kid: 'bare', alg: 'ES256', use: 'sig' };
};

/** Consent without a page, as the client file of the other side says. */
const loadExistingGrant = async ({ oidc }: KoaContextWithOIDC) => {
  const clientId = oidc.client?.clientId ?? '';
  const known = oidc.session?.grantIdFor(clientId);
  const grant =
    (known === undefined ? undefined : await oidc.provider.Grant.find(known)) ??
    new oidc.provider.Grant({ clientId, accountId: oidc.session?.accountId ?? '' });
  const before = grant.getOIDCScopeEncountered();
  grant.addOIDCScope(String(oidc.params?.['scope']));
  if (grant.getOIDCScopeEncountered() !== before) await grant.save();
  return grant;
};

const seconds = { code: 60, hour: 3600, day: 86_400 } as const;

/** Told at the logout itself, by the library, while the citizen waits. */
const toldClients = ({ clientSecret, told }: Task): NonNullable<Configuration['clients']> =>
  Array.from({ length: told?.count ?? 0 }, (_, number) => ({
    client_id: toldService(number),
    client_secret: clientSecret,
    redirect_uris: [client.redirectUri],
    token_endpoint_auth_method: 'client_secret_basic',
    ...(told ? { backchannel_logout_uri: toldAt(told, number) } : {}),
  }));

const configuration = (adapter: Configuration['adapter'] & {}, task: Task): Configuration => ({
  adapter,
  // The library's own guard refuses addresses of this machine, where those who are told listen.
  fetch: (address, options) => globalThis.fetch(address, { ...options, dispatcher: undefined } as RequestInit),
  jwks: { keys: [newKey()] },
  clientDefaults: { id_token_signed_response_alg: 'ES256' },
  clients: [
    {
      client_id: client.id,
      client_secret: task.clientSecret,
      redirect_uris: [client.redirectUri],
      grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
      token_endpoint_auth_method: 'client_secret_basic',
    },
    ...toldClients(task),
  ],
  cookies: { keys: cookieSigner([randomBytes(32)]) as unknown as string[] },
  claims: { openid: ['sub'], profile: ['name', 'given_name', 'family_name', 'birthdate'] },
  findAccount: (_ctx, accountId) => ({
    accountId,
    claims: () => ({
      sub: accountId,
      name: 'Vorname Mustermann',
      given_name: 'Vorname',
      family_name: 'Mustermann',
      birthdate: '1964-08-12',
    }),
  }),
  interactions: { url: (_ctx, { uid }) => `/anmelden/${uid}` },
  loadExistingGrant,
  expiresWithSession: (_ctx, token) => !token.scopes.has('offline_access'),
  issueRefreshToken: (_ctx, _client, code) => code.scopes.has('offline_access'),
  rotateRefreshToken: true,
  ttl: {
    AccessToken: 600,
    AuthorizationCode: seconds.code,
    Grant: seconds.day,
    IdToken: 600,
    Interaction: seconds.hour,
    RefreshToken: seconds.day,
    Session: seconds.hour,
  },
  features: {
    backchannelLogout: { enabled: true },
    clientCredentials: { enabled: true },
    devInteractions: { enabled: false },
    introspection: { enabled: true },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => undefined,
      useGrantedResource: () => false,
      getResourceServerInfo: () => ({
        scope: api.scope,
        audience: api.audience,
        accessTokenTTL: 60,
        accessTokenFormat: 'jwt',
        jwt: { sign: { alg: 'ES256' } },
      }),
    },
    revocation: { enabled: true },
  },
});

/** The interaction's own id is the challenge: random, and over with it. */
const challengeOf = (uid: string): string => Buffer.from(uid).toString('base64url');

const form = (action: string, uid: string): string =>
  `<form method="post" action="${action}" data-passkey='{"challenge":"${challengeOf(uid)}"}'><input type="hidden" name="csrf" value="x"><button>ok</button></form>`;

const flowPath = /^\/anmelden\/([\w-]+)(\/.*)?$/;

/** The thinnest pages that take the same steps: a form, a check, and for the card as many hops without a card. */
const pages =
  (
    provider: Provider,
    issuer: string,
    check: (name: string, typed: string) => Promise<boolean>,
    checkPasskey: (answer: string, challenge: string) => Promise<string | undefined>,
  ) =>
  async (ctx: Context, next: () => Promise<void>): Promise<void> => {
    if (ctx.path.startsWith('/eid/tctoken/')) {
      const uid = ctx.path.slice('/eid/tctoken/'.length);
      ctx.type = 'xml';
      ctx.body = `<TCTokenType><RefreshAddress>${issuer}/anmelden/${uid}/eid/zurueck/r</RefreshAddress></TCTokenType>`;
      return;
    }
    const [whole, uid = '', rest = ''] = flowPath.exec(ctx.path) ?? [];
    if (whole === undefined) return next();
    const interaction = await provider.interactionDetails(ctx.req, ctx.res);
    const finish = async (accountId: string): Promise<void> => {
      ctx.respond = false;
      await provider.interactionFinished(ctx.req, ctx.res, { login: { accountId } });
    };
    if (rest.startsWith('/eid/zurueck/')) return finish(accountName(0));
    if (ctx.method === 'GET') {
      ctx.type = 'html';
      ctx.body =
        rest === '/eid'
          ? `<a href="http://127.0.0.1:24727/eID-Client?tcTokenURL=${encodeURIComponent(`${issuer}/eid/tctoken/${uid}`)}">ok</a>`
          : form(`/anmelden/${uid}`, uid);
      return;
    }
    const fields = new URLSearchParams(await text(ctx.req));
    if (rest === '/passwort') {
      const name = fields.get('login') ?? '';
      if (!(await check(name, fields.get('password') ?? ''))) return ctx.throw(422);
      return finish(name);
    }
    if (rest === '/passkey') {
      const account = await checkPasskey(fields.get('answer') ?? '', challengeOf(uid));
      return account === undefined ? ctx.throw(422) : finish(account);
    }
    if (rest === '/freigabe') {
      ctx.respond = false;
      return provider.interactionFinished(
        ctx.req,
        ctx.res,
        { ...interaction.lastSubmission, consent: {} },
        { mergeWithLastSubmission: true },
      );
    }
    ctx.status = 303;
    ctx.redirect(ctx.path);
    ctx.status = 303;
  };

await runChild(async (task: Task) => {
  const { folder, port } = task;
  const issuer = `http://localhost:${port}`;
  const directory = join(folder, 'bare');
  const stores = await openStores({ directory, part: 'bare', masterKey: randomBytes(32) });
  const adapter = (model: string) => createAdapter(stores.artifacts, model, () => Promise.resolve());
  const provider = new Provider(issuer, configuration(adapter, task));
  provider.on('server_error', (_ctx, error) => console.error(error));
  const hashing = await createPasswordHashing({ memory: 19_456, iterations: 2, parallelism: 1 }, { queue: 64 });
  const stored = await hashing.hash(password);
  const known = new Map(Array.from({ length: accounts }, (_, number) => [accountName(number), stored]));
  const holders = new Map(Array.from({ length: accounts }, (_, number) => [passkeyId(number), accountName(number)]));
  const publicKey = new Uint8Array(Buffer.from(task.passkey, 'base64url'));
  const checkPasskey = async (answer: string, expectedChallenge: string): Promise<string | undefined> => {
    const response = JSON.parse(answer) as AuthenticationResponseJSON;
    const { verified } = await verifyAuthenticationResponse({
      response,
      expectedChallenge,
      expectedOrigin: issuer,
      expectedRPID: 'localhost',
      credential: { id: response.id, publicKey, counter: 0 },
    });
    return verified ? holders.get(response.id) : undefined;
  };
  const check = async (name: string, typed: string): Promise<boolean> =>
    hashing.verify(known.get(name) ?? randomUUID(), typed);
  provider.use(pages(provider, issuer, check, checkPasskey));
  const handle = provider.callback();
  const server = createServer((request, response) => void handle(request, response));
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    hashing,
    handles: [...holders.values()].map((account) => Buffer.from(account).toString('base64url')),
    async close() {
      server.closeAllConnections();
      await stores.close();
    },
  };
});
