// A service that logs people in with Bayern-ID. It needs Node 20 or later and `npm install openid-client@6`.
import { createServer } from 'node:http';
import * as oidc from 'openid-client';

const { ISSUER = 'http://localhost:3000', CLIENT_ID = 'mein-dienst', CLIENT_SECRET, PORT = '8080' } = process.env;
const origin = `http://localhost:${PORT}`;
const high = 'http://eidas.europa.eu/LoA/high';

// Discovery tells addresses, keys and algorithms. Plain http is allowed for a provider on this machine alone.
const provider = await oidc.discovery(
  new URL(ISSUER),
  CLIENT_ID,
  { id_token_signed_response_alg: 'ES256' },
  oidc.ClientSecretBasic(CLIENT_SECRET),
  {
    // Without it the library trusts the TLS connection and does not look at the signature of the ID token.
    execute: [
      oidc.enableNonRepudiationChecks,
      ...(ISSUER.startsWith('http://localhost:') ? [oidc.allowInsecureRequests] : []),
    ],
  },
);

// By the value of the cookie: first the login that is under way, then the person. A real service uses a database.
const sessions = new Map();

const startSession = (response, content) => {
  const id = oidc.randomState();
  sessions.set(id, content);
  response.setHeader('set-cookie', `mein-dienst=${id}; Path=/; HttpOnly; SameSite=Lax`);
};

const redirect = (response, address) => response.writeHead(303, { location: address }).end();

const startLogin = async (response, level) => {
  const [state, nonce, verifier] = [oidc.randomState(), oidc.randomNonce(), oidc.randomPKCECodeVerifier()];
  startSession(response, { pending: { state, nonce, verifier, level } });
  const address = oidc.buildAuthorizationUrl(provider, {
    redirect_uri: `${origin}/callback`,
    scope: 'openid profile',
    state,
    nonce,
    code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    ...(level === undefined ? {} : { acr_values: level }),
  });
  redirect(response, address.href);
};

const finishLogin = async (response, url, { pending } = {}) => {
  if (pending === undefined) throw new Error('no login is under way in this browser');
  // Checks state and iss, redeems the code, checks the ID token: signature, issuer, audience, times and nonce.
  const tokens = await oidc.authorizationCodeGrant(provider, url, {
    expectedState: pending.state,
    expectedNonce: pending.nonce,
    pkceCodeVerifier: pending.verifier,
    idTokenExpected: true,
  });
  const { sub, acr } = tokens.claims();
  if (pending.level !== undefined && acr !== pending.level) throw new Error('the level was not reached');
  const { name } = await oidc.fetchUserInfo(provider, tokens.access_token, sub);
  startSession(response, { person: { sub, name: name ?? 'ohne Namen', acr } });
  redirect(response, '/');
};

const escape = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

const showStart = (response, { person } = {}) => {
  const who = person === undefined ? 'Niemand ist angemeldet.' : `Angemeldet: ${person.name}. Niveau: ${person.acr}`;
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' }).end(
    `<!doctype html><html lang="de"><title>Mein Dienst</title><p>${escape(who)}</p>
    <p><a href="/login">Anmelden</a> <a href="/ausweis">Mit dem Online-Ausweis ausweisen</a></p></html>`,
  );
};

createServer(async (request, response) => {
  const url = new URL(request.url, origin);
  const cookie = /(?:^|; )mein-dienst=([\w-]+)/.exec(request.headers.cookie ?? '')?.[1];
  const session = sessions.get(cookie);
  try {
    if (url.pathname === '/') showStart(response, session);
    else if (url.pathname === '/login') await startLogin(response, undefined);
    else if (url.pathname === '/ausweis') await startLogin(response, high);
    else if (url.pathname === '/callback') {
      sessions.delete(cookie); // each answer counts once
      await finishLogin(response, url, session);
    } else response.writeHead(404).end();
  } catch (error) {
    console.error(error.message, error.error ?? '', error.cause?.message ?? '');
    response.writeHead(400, { 'content-type': 'text/plain; charset=utf-8' }).end('Die Anmeldung hat nicht geklappt.');
  }
}).listen(Number(PORT), 'localhost', () => console.log(`Mein Dienst: ${origin}/`));
