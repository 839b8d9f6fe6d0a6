import { createHash, randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { createPerson, formsOf, type Person } from '../browse.ts';
import type { Page } from '../cookie-browser.ts';
import type { Cluster } from './cluster.ts';
import type { TestClient } from './installation.ts';

/** Something else than what a citizen needs to go on: the step, and what came. */
export class Stuck extends Error {
  override readonly name = 'Stuck';
}

/** Every request of these citizens, and what went wrong with it. */
export interface Network {
  readonly fetch: typeof fetch;
  /** Answers of 500 and more, and requests without an answer. */
  readonly failures: string[];
  /** The answers among them, as far as they say when to come again. */
  readonly refusals: { readonly what: string; readonly status: number; readonly retryAfter: string | null }[];
  /** Answers in all. */
  readonly count: number;
}

export const createNetwork = (): Network => {
  const failures: string[] = [];
  const refusals: Network['refusals'] = [];
  let count = 0;
  return {
    failures,
    refusals,
    get count() {
      return count;
    },
    async fetch(input, init) {
      const { pathname } = new URL(input instanceof Request ? input.url : String(input));
      const what = `${init?.method ?? 'GET'} ${pathname}`;
      try {
        const answer = await fetch(input, init);
        count += 1;
        if (answer.status >= 500) {
          failures.push(`${what}: ${answer.status}`);
          refusals.push({ what, status: answer.status, retryAfter: answer.headers.get('retry-after') });
        }
        return answer;
      } catch (error) {
        failures.push(`${what}: ${String((error as Error).cause ?? error)}`);
        throw error;
      }
    },
  };
};

export interface TokenAnswer {
  readonly status: number;
  readonly error?: string;
  readonly access_token?: string;
  readonly refresh_token?: string;
  readonly id_token?: string;
}

/** A code at the service, with what redeems it. */
export interface Code {
  readonly client: TestClient;
  readonly code: string;
  readonly verifier: string;
}

/** A browser at the page of a login. */
export interface BegunLogin {
  readonly client: TestClient;
  readonly verifier: string;
  readonly person: Person;
  readonly page: Page;
}

export interface Account {
  readonly email: string;
  readonly password: string;
}

export const subjectOf = ({ id_token: token = '' }: TokenAnswer): string =>
  (JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as { sub: string }).sub;

const has = (page: Page, ending: string): boolean =>
  formsOf(page).some(({ action }) => new URL(action).pathname.endsWith(ending));

const tcTokenUrlOf = (page: Page): string => {
  const found = /tcTokenURL=([^"&]+)/.exec(page.body)?.[1];
  if (found === undefined) throw new Stuck(`no link to the eID client on ${page.url.pathname} (${page.status})`);
  return decodeURIComponent(found);
};

/** What citizens and services do at a cluster, over its proxies. */
export const createCitizens = (cluster: Pick<Cluster, 'issuer' | 'simulator' | 'installation'>, network: Network) => {
  const { issuer, simulator } = cluster;
  const isBack = ({ origin }: URL): boolean => origin === 'http://127.0.0.1:9';

  const request = (client: TestClient, more: Readonly<Record<string, string>>): { url: string; verifier: string } => {
    const verifier = randomBytes(32).toString('base64url');
    const offline = client.id === cluster.installation.clients.offline.id;
    const query = new URLSearchParams({
      client_id: client.id,
      redirect_uri: client.redirectUri,
      response_type: 'code',
      scope: offline ? 'openid profile offline_access' : 'openid profile',
      ...(offline ? { prompt: 'consent' } : {}),
      state: randomBytes(8).toString('hex'),
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      code_challenge_method: 'S256',
      ...more,
    });
    return { url: `${issuer}/auth?${query.toString()}`, verifier };
  };

  /** The code in the address that the browser was to go to. */
  const codeOf = (page: Page): string => {
    const last = URL.parse(page.trail.at(-1) ?? '');
    const code = last && isBack(last) ? last.searchParams.get('code') : null;
    if (code === null || code === undefined)
      throw new Stuck(`not back at the service but at ${page.url.pathname} (${page.status})`);
    return code;
  };

  const submit = (
    person: Person,
    page: Page,
    ending: string,
    fields: Readonly<Record<string, string>>,
  ): Promise<Page> => {
    const form = formsOf(page).find(({ action }) => new URL(action).pathname.endsWith(ending));
    if (!form) throw new Stuck(`no form to ${ending} on ${page.url.pathname} (${page.status})`);
    return person.visit(form.action, { form: { ...form.fields, ...fields }, until: isBack });
  };

  const useCard = async (person: Person, page: Page, card: string): Promise<Page> => {
    const eid = await submit(person, page, '/eid', {});
    const client = `${simulator}/eID-Client?tcTokenURL=${encodeURIComponent(tcTokenUrlOf(eid))}`;
    const choose = await person.visit(client);
    const pin = await submit(person, choose, choose.url.pathname, { card });
    return submit(person, pin, '/pin', { pin: '123456' });
  };

  const release = (person: Person, page: Page): Promise<Page> | Page =>
    has(page, '/freigabe') ? submit(person, page, '/freigabe', { decision: 'release' }) : page;

  const codeIn = async (email: string): Promise<string> => {
    const query = new URLSearchParams({ format: 'json', to: email });
    for (let look = 0; look < 200; look++) {
      const answer = await network.fetch(`${issuer}/entwickler/post?${query.toString()}`).catch(() => undefined);
      if (answer?.ok) {
        const mails = (await answer.json()) as { readonly code?: string }[];
        const code = mails.find((mail) => mail.code !== undefined)?.code;
        if (code !== undefined) return code;
      } else await answer?.arrayBuffer();
      await pause(100);
    }
    throw new Stuck(`no code was mailed to ${email}`);
  };

  const newBrowser = (): Person => createPerson({}, network.fetch);

  /** As far as the page on which the password is typed, unless the browser is logged in and `anew` does not ask for it. */
  const beginLogin = async (client: TestClient, person: Person, anew = false): Promise<BegunLogin> => {
    const { url, verifier } = request(client, anew ? { prompt: 'login' } : {});
    return { client, verifier, person, page: await person.visit(url, { until: isBack }) };
  };

  const endLogin = async (
    { email, password }: Account,
    { client, verifier, person, page }: BegunLogin,
  ): Promise<Code & { readonly consents: boolean; readonly person: Person }> => {
    const after = has(page, '/passwort') ? await submit(person, page, '/passwort', { login: email, password }) : page;
    const consents = has(after, '/freigabe');
    return { client, verifier, code: codeOf(await release(person, after)), consents, person };
  };

  /** As far as the page that asks for the code which was mailed. */
  const askForCode = async (email: string) => {
    const client = cluster.installation.clients.ask;
    const person = newBrowser();
    const { url, verifier } = request(client, {});
    const login = await person.visit(url);
    const start = await person.visit(
      `${issuer}${/\/anmelden\/[^/]+/.exec(login.url.pathname)?.[0] ?? ''}/registrieren`,
    );
    const address = await submit(person, start, '/registrieren', {});
    const asked = await submit(person, address, '/registrieren/e-mail', { email });
    if (!has(asked, '/registrieren/code')) throw new Stuck(`no code is asked for (${asked.status})`);
    return { client, verifier, person, asked };
  };

  return {
    newBrowser,
    askForCode,
    /** The service that gets refresh tokens. */
    offline: cluster.installation.clients.offline,
    /** A new account, from the login page of a service back to it. */
    async register({ email, password }: Account): Promise<Code & { readonly person: Person }> {
      const { client, verifier, person, asked } = await askForCode(email);
      const about = await submit(person, asked, '/registrieren/code', { code: await codeIn(email) });
      const names = { given_name: 'Nora', family_name: 'Neu' };
      const choose = await submit(person, about, '/registrieren/angaben', names);
      const done = await submit(person, choose, '/registrieren/passwort', { password });
      const consent = await submit(person, done, '/registrieren/weiter', {});
      return { client, verifier, code: codeOf(await release(person, consent)), person };
    },
    beginLogin,
    endLogin,
    /** Logs in with the password, which `anew` asks for although the browser is logged in. `consents` says whether a page asked for consent on the way. */
    async login(account: Account, client = cluster.installation.clients.ask, person = newBrowser(), anew = false) {
      return endLogin(account, await beginLogin(client, person, anew));
    },
    /** Adds a card to the account by a step-up. */
    async link({ email, password }: Account, card: string): Promise<Code> {
      const client = cluster.installation.clients.ask;
      const person = newBrowser();
      const { url, verifier } = request(client, { acr_values: 'http://eidas.europa.eu/LoA/high' });
      let page = await submit(person, await person.visit(url), '/passwort', { login: email, password });
      page = await useCard(person, page, card);
      if (has(page, '/ausweis-hinzufuegen'))
        page = await submit(person, page, '/ausweis-hinzufuegen', { answer: 'add' });
      return { client, verifier, code: codeOf(await release(person, page)) };
    },
    /** Logs in with a card that an account has. */
    async loginByCard(card: string): Promise<Code> {
      const client = cluster.installation.clients.ask;
      const person = newBrowser();
      const { url, verifier } = request(client, {});
      const page = await useCard(person, await person.visit(url), card);
      return { client, verifier, code: codeOf(await release(person, page)) };
    },
    /** A request to the token endpoint; two at once go to two nodes. */
    async tokens(client: TestClient, fields: Readonly<Record<string, string>>): Promise<TokenAnswer> {
      const answer = await network.fetch(`${issuer}/token`, {
        method: 'POST',
        headers: { authorization: `Basic ${btoa(`${client.id}:${client.secret}`)}` },
        body: new URLSearchParams(fields),
      });
      const text = await answer.text();
      const body = text.startsWith('{') ? (JSON.parse(text) as Omit<TokenAnswer, 'status'>) : {};
      return { ...body, status: answer.status };
    },
    redeemFields: ({ client, code, verifier }: Code): Record<string, string> => ({
      grant_type: 'authorization_code',
      code,
      redirect_uri: client.redirectUri,
      code_verifier: verifier,
    }),
  };
};

export type Citizens = ReturnType<typeof createCitizens>;

export const newAccount = (): Account => ({
  email: `nora.${randomBytes(6).toString('hex')}@post.test`,
  password: 'zwiebel-turm-laterne-kutsche',
});
