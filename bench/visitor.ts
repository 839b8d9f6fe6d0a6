import { createHash, generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { answerTo } from './passkey.ts';
import { Connection, type Answer } from './connection.ts';
import type { Server } from './servers.ts';
import { api, client, newPassword, password } from './world.ts';

interface Cookie {
  readonly pair: string;
  readonly path: string;
}

export interface Tokens {
  readonly access_token: string;
  readonly id_token: string;
  readonly refresh_token?: string;
}

/** Who asks unless it is said. */
const clientId: string = client.id;

const encode = (fields: Readonly<Record<string, string>>): string => new URLSearchParams(fields).toString();

const verifier = 'a'.repeat(64);
const challenge = createHash('sha256').update(verifier).digest('base64url');

const authorization = encode({
  redirect_uri: client.redirectUri,
  response_type: 'code',
  code_challenge: challenge,
  code_challenge_method: 'S256',
  state: 'state-0123456789',
  nonce: 'nonce-0123456789',
});

const found = (pattern: RegExp, text: string): string => {
  const value = pattern.exec(text)?.[1];
  if (value === undefined) throw new Error(`an answer has no ${pattern.source}`);
  return value;
};

/** One citizen's browser and, for the tokens, one service: over one connection, one request at a time. */
export class Visitor {
  readonly #connection: Connection;
  readonly #host: string;
  readonly #origin: string;
  readonly #clientSecret: string;
  readonly #keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  /** By name and path. */
  readonly #cookies = new Map<string, Cookie>();

  constructor({ port, issuerPort = port, clientSecret }: Server) {
    this.#connection = new Connection(port);
    this.#host = `localhost:${issuerPort}`;
    this.#origin = `http://${this.#host}`;
    this.#clientSecret = clientSecret;
  }

  close(): void {
    this.#connection.close();
  }

  /** Becomes a browser that was never here. */
  forget(): void {
    this.#cookies.clear();
  }

  async get(path: string): Promise<string> {
    return (await this.#expect(200, this.#send('GET', path))).body;
  }

  /** Logs in with user name and password, or goes through at once when there is a session; without userinfo. */
  async login(name: string, options: { readonly offline?: boolean; readonly clientId?: string } = {}): Promise<Tokens> {
    const login = async (page: string, body: string): Promise<Answer> => {
      // The bare library's form says nothing of what it asks for; its address does, in both.
      if (!body.includes('csrf')) throw new Error('the login page has no form');
      return this.#post(`${page}/passwort`, { csrf: this.#csrf(body), login: name, password });
    };
    const scope = options.offline === true ? { scope: client.scope, prompt: 'login consent' } : undefined;
    return this.#authorize(login, scope, options.clientId);
  }

  /** Logs out at the provider, as a service sends the browser there; the page that asks is answered with yes. */
  async logout({ id_token: hint }: Tokens): Promise<void> {
    const page = await this.get(`/session/end?${encode({ id_token_hint: hint })}`);
    const xsrf = found(/name="xsrf" value="([^"]+)"/, page);
    let answer = await this.#post('/session/end/confirm', { xsrf, logout: 'yes' });
    for (let hops = 0; answer.status === 303 && hops < 3; hops++) answer = await this.#send('GET', this.#path(answer));
    if (answer.status !== 200) throw new Error(`the logout ended with ${answer.status}`);
  }

  /** Logs in with the card: page, start, page with the link, TC Token as the client program fetches it, and back. */
  loginByCard(): Promise<Tokens> {
    return this.#authorize(async (page, body) => {
      const begun = await this.#expect(303, this.#post(`${page}/eid`, { csrf: this.#csrf(body) }));
      const link = await this.get(this.#path(begun));
      const address = new URL(decodeURIComponent(found(/tcTokenURL=([^"&]+)/, link)));
      const token = await this.#expect(200, this.#send('GET', address.pathname, { cookies: false }));
      const refresh = new URL(found(/<RefreshAddress>([^<]+)</, token.body));
      return this.#send('GET', refresh.pathname);
    });
  }

  /** Logs in with a passkey, which the page asks for without a user name. */
  loginByPasskey(holder: { readonly number: number; readonly userHandle: string }): Promise<Tokens> {
    return this.#authorize((page, body) => {
      const challenge = found(/challenge(?:&quot;|"):(?:&quot;|")([\w-]+)/, body);
      const answer = answerTo(challenge, this.#origin, holder);
      return this.#post(`${page}/passkey`, { csrf: this.#csrf(body), answer });
    });
  }

  /**
   * The same with an eID-Server in a process of its own, which plays the client as well. Whoever comes for the first time
   * gets an account.
   */
  loginByRealCard(client: (tcTokenUrl: string) => Promise<string>): Promise<Tokens> {
    return this.#authorize(async (page, body) => {
      const begun = await this.#expect(303, this.#post(`${page}/eid`, { csrf: this.#csrf(body) }));
      const link = await this.get(this.#path(begun));
      const location = await client(decodeURIComponent(found(/tcTokenURL=([^"&]+)/, link)));
      const { pathname, search } = new URL(location);
      const read = await this.#send('GET', pathname + search);
      const next = read.status === 303 ? this.#path(read) : '';
      if (!next.startsWith('/anmelden/')) return read;
      const asked = await this.#send('GET', next);
      if (!asked.body.includes('/zuordnen')) return asked;
      return this.#post(`${next}/zuordnen`, { csrf: this.#csrf(asked.body), answer: 'new' });
    });
  }

  /**
   * Registers with an address of its own and a password, page by page as a browser does, and goes on to the service.
   *
   * @param codeFor waits for the mail.
   */
  register(email: string, codeFor: (email: string) => Promise<string>): Promise<Tokens> {
    return this.#authorize(async (page, body) => {
      const csrf = this.#csrf(body);
      await this.get(`${page}/registrieren`);
      const step = async (name: string, fields: Readonly<Record<string, string>> = {}): Promise<void> => {
        await this.#expect(303, this.#post(`${page}/registrieren${name}`, { csrf, ...fields }));
        await this.get(page);
      };
      await step('');
      await step('/e-mail', { email });
      await step('/code', { code: await codeFor(email) });
      await step('/angaben', { given_name: 'Vorname', family_name: 'Mustermann', 'birthdate-year': '1964' });
      await step('/passwort', { password: newPassword });
      return this.#post(`${page}/registrieren/weiter`, { csrf });
    });
  }

  async refresh(token: string): Promise<Tokens> {
    return this.#tokens({ grant_type: 'refresh_token', refresh_token: token });
  }

  async userinfo(token: string): Promise<void> {
    await this.#expect(
      200,
      this.#send('GET', '/me', { cookies: false, headers: `Authorization: Bearer ${token}\r\n` }),
    );
  }

  async introspect(token: string): Promise<void> {
    const { body } = await this.#asClient('/token/introspection', { token });
    if (!body.includes('"active":true')) throw new Error(`the token is not active: ${body}`);
  }

  /** A token on the service's own account. */
  async ownToken(): Promise<void> {
    await this.#asClient('/token', { grant_type: 'client_credentials', resource: api.audience, scope: api.scope });
  }

  /** With a session: request pushed before, token bound to a key (RFC 9126, RFC 9449). */
  async loginBound(): Promise<void> {
    const parameters = Object.fromEntries(new URLSearchParams(`${authorization}&scope=openid&client_id=${client.id}`));
    const pushed = JSON.parse((await this.#asClient('/request', parameters, { status: 201 })).body) as {
      request_uri: string;
    };
    const answer = await this.#send(
      'GET',
      `/auth?${encode({ client_id: client.id, request_uri: pushed.request_uri })}`,
    );
    const code = new URL(answer.headers['location'] ?? this.#origin).searchParams.get('code');
    if (code === null) throw new Error(`no code: ${answer.status} ${answer.headers['location'] ?? ''}`);
    const grant = {
      grant_type: 'authorization_code',
      code,
      redirect_uri: client.redirectUri,
      code_verifier: verifier,
    };
    const token = await this.#asClient('/token', grant, { more: `DPoP: ${this.#proof('POST', '/token')}\r\n` });
    const { access_token: access } = JSON.parse(token.body) as Tokens;
    const headers = `Authorization: DPoP ${access}\r\nDPoP: ${this.#proof('GET', '/me', access)}\r\n`;
    await this.#expect(200, this.#send('GET', '/me', { cookies: false, headers }));
  }

  #proof(htm: string, path: string, token?: string): string {
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const ath = token === undefined ? {} : { ath: createHash('sha256').update(token).digest('base64url') };
    const claims = {
      htm,
      htu: `${this.#origin}${path}`,
      jti: randomUUID(),
      iat: Math.floor(Date.now() / 1000),
      ...ath,
    };
    const { publicKey, privateKey } = this.#keys;
    const input = `${part({ typ: 'dpop+jwt', alg: 'ES256', jwk: publicKey.export({ format: 'jwk' }) })}.${part(claims)}`;
    const signature = sign('sha256', Buffer.from(input), { key: privateKey, dsaEncoding: 'ieee-p1363' });
    return `${input}.${signature.toString('base64url')}`;
  }

  #asClient(
    path: string,
    fields: Readonly<Record<string, string>>,
    { status = 200, more = '', id = clientId } = {},
  ): Promise<Answer> {
    const credentials = Buffer.from(`${id}:${this.#clientSecret}`).toString('base64');
    const headers = `Authorization: Basic ${credentials}\r\n${more}`;
    return this.#expect(status, this.#send('POST', path, { body: encode(fields), cookies: false, headers }));
  }

  async #authorize(
    login: (page: string, body: string) => Promise<Answer>,
    extra: Readonly<Record<string, string>> = { scope: 'openid profile' },
    asking: string = clientId,
  ): Promise<Tokens> {
    let answer = await this.#send('GET', `/auth?${authorization}&${encode({ ...extra, client_id: asking })}`);
    for (let hops = 0; hops < 12; hops++) {
      const location = answer.headers['location'] ?? '';
      if (location.startsWith(client.redirectUri)) {
        const code = new URL(location).searchParams.get('code');
        if (code === null) throw new Error(`the login ended without a code: ${location}`);
        const redirect = { redirect_uri: client.redirectUri, code_verifier: verifier };
        return this.#tokens({ grant_type: 'authorization_code', code, ...redirect }, asking);
      }
      const path = this.#path(answer);
      answer = await this.#send('GET', path);
      if (answer.status !== 200) continue;
      // With prompt=consent there are two pages in one request: the login, then the question.
      answer =
        extra['prompt'] !== undefined && hops > 1
          ? await this.#post(`${path}/freigabe`, { csrf: this.#csrf(answer.body), decision: 'release' })
          : await login(path, answer.body);
    }
    throw new Error('the login does not end');
  }

  async #tokens(grant: Readonly<Record<string, string>>, id?: string): Promise<Tokens> {
    return JSON.parse((await this.#asClient('/token', grant, id === undefined ? {} : { id })).body) as Tokens;
  }

  #post(path: string, fields: Readonly<Record<string, string>>): Promise<Answer> {
    return this.#send('POST', path, { body: encode(fields) });
  }

  async #expect(status: number, pending: Promise<Answer>): Promise<Answer> {
    const answer = await pending;
    if (answer.status !== status) throw new Error(`${answer.status} for ${status}: ${answer.body.slice(0, 200)}`);
    return answer;
  }

  #csrf(page: string): string {
    return found(/name="csrf" value="([^"]+)"/, page);
  }

  #path({ status, headers, body }: Answer): string {
    const { location } = headers;
    if (location === undefined) throw new Error(`${status} leads nowhere: ${body.slice(0, 200)}`);
    return location.startsWith(this.#origin) ? location.slice(this.#origin.length) : location;
  }

  async #send(
    method: 'GET' | 'POST',
    path: string,
    { body, cookies = true, headers = '' }: { body?: string; cookies?: boolean; headers?: string } = {},
  ): Promise<Answer> {
    const sent = cookies ? [...this.#cookies.values()].filter((cookie) => path.startsWith(cookie.path)) : [];
    const answer = await this.#connection.send(
      `${method} ${path} HTTP/1.1\r\nHost: ${this.#host}\r\n` +
        (sent.length === 0 ? '' : `Cookie: ${sent.map(({ pair }) => pair).join('; ')}\r\n`) +
        headers +
        (body === undefined
          ? '\r\n'
          : `Content-Type: application/x-www-form-urlencoded\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`),
    );
    for (const line of answer.cookies) this.#keep(line);
    return answer;
  }

  #keep(line: string): void {
    const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
    const attribute = (name: string): string | undefined =>
      attributes.find((text) => text.toLowerCase().startsWith(`${name}=`))?.slice(name.length + 1);
    const path = attribute('path') ?? '/';
    const name = pair.slice(0, pair.indexOf('='));
    const expires = attribute('expires');
    const over = attribute('max-age') === '0' || (expires !== undefined && Date.parse(expires) <= Date.now());
    if (over) this.#cookies.delete(`${name} ${path}`);
    else this.#cookies.set(`${name} ${path}`, { pair, path });
  }
}
