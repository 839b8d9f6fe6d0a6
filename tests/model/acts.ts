import { timeStep, totpCode } from '../../src/id/authentication/totp/codes.ts';
import type { Authenticator } from '../support/authenticator.ts';
import type { Page } from '../support/cookie-browser.ts';
import { issuer, service, type Seen, type SeenVisitor } from './bayern-id.ts';
import type { Browser, Reply } from './browser.ts';
import { authenticators, mailboxOf } from './people.ts';
import type { Story } from './story.ts';

/** A way to prove something. `whose`: the number of a mailbox, see below. */
export type Way =
  | { readonly by: 'password'; readonly whose: number; readonly right: boolean }
  | { readonly by: 'passkey'; readonly which: number }
  | { readonly by: 'card'; readonly card: string };

/** What somebody wants of a login, and how they answer what it asks. */
export interface Wish {
  readonly level: 'basic' | 'low' | 'substantial' | 'high';
  readonly fresh: boolean;
  readonly ways: readonly Way[];
  /** "Do you have an account?" */
  readonly account: 'existing' | 'new';
  readonly link: boolean;
  /** Whether an account that is to be deleted is kept. */
  readonly keep: boolean;
  readonly register?: { readonly mailbox: number; readonly password: boolean };
  /** After so many answers the browser is left alone, with the login open. */
  readonly patience: number;
}

export const accountActs = [
  'unlink',
  'change password',
  'add passkey',
  'remove passkey',
  'add app',
  'remove app',
  'make transfer code',
  'end others',
  'not me',
  'delete',
] as const;

export type AccountAct = (typeof accountActs)[number];

export type Act =
  | { readonly kind: 'log in'; readonly wish: Wish }
  /** Takes up a login that was left open. */
  | { readonly kind: 'go on'; readonly wish: Wish }
  | { readonly kind: 'log out' }
  | { readonly kind: 'visit' }
  | { readonly kind: 'ask silently'; readonly level: Wish['level'] }
  /** In Mein Konto; `ways` answer what is asked before it. */
  | { readonly kind: AccountAct; readonly which: number; readonly ways: readonly Way[] }
  | { readonly kind: 'reset'; readonly mailbox: number; readonly ways: readonly Way[] }
  /** By the operator, of the account of that mailbox. */
  | { readonly kind: 'lock' | 'unlock' | 'log out everywhere'; readonly whose: number };

/** Mailboxes 0 and 1 are Anna's, 2 and 3 are Bert's. */
export const addressOf = (whose: number): string => mailboxOf(whose < 2 ? 0 : 1, whose % 2);

/** Acts after which the browser that did them stays logged in, though everything else of the account is void. */
export const stays = ({ kind }: Act): boolean =>
  kind === 'change password' || kind === 'log in' || kind === 'go on' || kind === 'unlink';

const parse = <Value>({ status, body }: Reply): Value | undefined =>
  status === 200 && body.startsWith('{') ? (JSON.parse(body) as Value) : undefined;

const pageWith = (kind: 'get' | 'create', options: unknown): Page =>
  ({
    url: new URL(issuer),
    status: 200,
    body: `data-passkey="${JSON.stringify({ kind, options }).replaceAll('"', '&quot;')}"`,
  }) as unknown as Page;

/** Somebody who only answers what is asked. */
const wishless: Wish = {
  level: 'basic',
  fresh: false,
  ways: [],
  account: 'existing',
  link: false,
  keep: false,
  patience: 0,
};

/** Somebody at a browser. */
export class Hand {
  readonly #story: Story;
  readonly #browser: Browser;
  readonly browser: number;
  /** Logins left open, newest last. */
  open: string[] = [];

  constructor(story: Story, browser: number) {
    this.#story = story;
    this.#browser = story.at(browser);
    this.browser = browser;
  }

  get #human(): number {
    return this.#story.humanAt(this.browser);
  }

  get #keys(): readonly Authenticator[] {
    return this.browser === 2 ? authenticators.flat() : (authenticators[this.#human] ?? []);
  }

  async do(act: Act): Promise<void> {
    switch (act.kind) {
      case 'log in':
        return this.#logIn(act.wish);
      case 'go on': {
        const flow = this.open.at(-1);
        return flow === undefined ? undefined : this.#flow(flow, act.wish);
      }
      case 'log out': {
        const { status } = await this.#browser.get('/session/end');
        if (status < 300) this.#story.oracle.end(this.browser);
        return undefined;
      }
      case 'visit':
        await this.visitor();
        return undefined;
      case 'ask silently':
        return this.#logIn({ ...wishless, level: act.level }, 'none');
      case 'lock':
      case 'unlock':
      case 'log out everywhere':
        return this.#operate(act.kind, act.whose);
      case 'reset':
        return this.#reset(act);
      default:
        return this.#inAccount(act);
    }
  }

  async visitor(): Promise<SeenVisitor | undefined> {
    const found = parse<SeenVisitor>(await this.#browser.get('/konto/modell'));
    return found?.accountId === undefined ? undefined : found;
  }

  async #logIn(wish: Wish, prompt?: 'none'): Promise<void> {
    const query = new URLSearchParams({
      client_id: service.id,
      redirect_uri: service.callback,
      scope: 'openid',
      ...(wish.level === 'basic' ? {} : { acr_values: wish.level }),
      ...(wish.fresh ? { prompt: 'login' } : {}),
      ...(prompt === undefined ? {} : { prompt }),
    });
    const { location } = await this.#browser.get(`/auth?${query.toString()}`);
    const flow = /^\/anmelden\/([\w-]+)$/.exec(location ?? '')?.[1];
    if (flow !== undefined) await this.#flow(flow, wish);
  }

  /** Answers what a login asks, page by page, until it is over or the wish is exhausted. */
  async #flow(first: string, wish: Wish): Promise<void> {
    const ways = [...wish.ways];
    let flow = first;
    this.open = [...this.open.filter((one) => one !== flow), flow].slice(-3);
    for (let answers = 0; answers < wish.patience; answers += 1) {
      const seen = parse<Seen>(
        await this.#browser.get(`/anmelden/${flow}/modell${ways[0]?.by === 'passkey' ? '?passkey=1' : ''}`),
      );
      if (!seen) return;
      const reply = await this.#answer(flow, seen, wish, ways);
      let location = reply?.location;
      if (location === undefined) return;
      if (location.startsWith('/auth/')) {
        this.#story.oracle.finish(this.browser, flow);
        this.open = this.open.filter((one) => one !== flow);
        ({ location } = await this.#browser.get(location));
        this.#story.oracle.told(this.browser, flow);
      }
      const next = /^\/anmelden\/([\w-]+)/.exec(location ?? '')?.[1];
      if (next === undefined) return;
      flow = next;
    }
  }

  async #answer(flow: string, seen: Seen, wish: Wish, ways: Way[]): Promise<Reply | undefined> {
    const base = `/anmelden/${flow}`;
    const form = { csrf: this.#story.bayernId.csrf.token(flow) };
    const post = (path: string, fields: Readonly<Record<string, string>> = {}): Promise<Reply> =>
      this.#browser.post(`${base}/${path}`, { ...form, ...fields });
    const { register } = wish;
    switch (seen.page) {
      case 'login':
      case 'register':
        if (register && ways.length === 0) return post('registrieren');
        return this.#prove(flow, seen, ways.shift(), register !== undefined);
      case 'stepUp':
        return this.#prove(flow, seen, ways.shift(), false);
      case 'code':
        return this.#code(flow, post);
      case 'assign':
        return post('zuordnen', { answer: wish.account });
      case 'link':
        if (!wish.link) return post('abbrechen');
        if (seen.recentlyProved) return post('ausweis-hinzufuegen', { answer: 'add' });
        return this.#proveAtLink(flow, seen, post, ways.shift());
      case 'leaving':
        return post(wish.keep ? 'konto-behalten' : 'abbrechen');
      case 'refused':
        return post('abbrechen');
      case 'registerEmail':
        return register
          ? post('registrieren/e-mail', { email: addressOf(register.mailbox) })
          : post('registrieren/ohne');
      case 'registerCode': {
        await this.#story.bayernId.settled();
        const code = this.#story.mailTo(addressOf(register?.mailbox ?? 0), 'registration_code')?.code;
        return code === undefined ? undefined : post('registrieren/code', { code });
      }
      case 'registerPerson':
        return post('registrieren/angaben', {
          given_name: 'Neu',
          family_name: 'Neu',
          'birthdate-day': '',
          'birthdate-month': '',
          'birthdate-year': '',
        });
      case 'registerPassword':
        return this.#registersPassword(flow, seen, register, post);
      case 'registerTaken':
        return undefined;
      case 'registered':
        return post('registrieren/weiter');
      default:
        return undefined;
    }
  }

  #registersPassword(
    flow: string,
    seen: Seen,
    register: Wish['register'],
    post: (path: string, fields?: Readonly<Record<string, string>>) => Promise<Reply>,
  ): Promise<Reply> {
    if (register?.password !== true && seen.accountId !== undefined) return post('registrieren/ohne');
    const password = this.#story.newPassword();
    if (seen.accountId === undefined) this.#story.registering(this.browser, flow, password);
    return post('registrieren/passwort', { password });
  }

  /** What somebody who knows the password has proved by it, whatever comes of it. */
  async #provedPassword(flow: string, login: string, typed: string): Promise<void> {
    const found = await this.#story.look((id) => id.citizens.findByLoginName(login));
    if (!found?.password || found.password.hash !== `plain:${typed}` || found.password.asksForCode) return;
    this.#story.prove(this.browser, flow, 'password', [found.password.id], found.citizen.account.id);
  }

  async #prove(flow: string, seen: Seen, way: Way | undefined, registering: boolean): Promise<Reply | undefined> {
    if (!way) return undefined;
    const base = `/anmelden/${flow}`;
    const form = { csrf: this.#story.bayernId.csrf.token(flow) };
    switch (way.by) {
      case 'password': {
        const login = addressOf(way.whose);
        const password = way.right ? await this.#story.passwordOf(login) : 'falsch';
        await this.#provedPassword(flow, login, password);
        return this.#browser.post(`${base}/passwort`, { ...form, login, password });
      }
      case 'passkey':
        return this.#passkey(flow, seen, way.which);
      case 'card': {
        const [name, phase] = this.#story.cardInHand(this.browser, way.card);
        await this.#browser.post(`${base}/eid`, { ...form, ...(registering ? { registrieren: '1' } : {}) });
        this.#story.prove(this.browser, flow, 'eid', [name]);
        return this.#browser.get(`${base}/eid/zurueck/${name}%2F${phase}`);
      }
    }
  }

  async #passkey(flow: string, seen: Seen, which: number): Promise<Reply> {
    const key = this.#keys[which % this.#keys.length];
    if (!key) throw new Error('there is no such passkey');
    const answer = key.answer(pageWith('get', seen.passkey));
    const found = await this.#story.look((id) => id.credentials.findPasskey(key.credentialId));
    if (found) this.#story.prove(this.browser, flow, 'passkey', [found.passkey.id], found.accountId);
    return this.#browser.post(`/anmelden/${flow}/passkey`, { csrf: this.#story.bayernId.csrf.token(flow), answer });
  }

  async #proveAtLink(
    flow: string,
    seen: Seen,
    post: (path: string, fields?: Readonly<Record<string, string>>) => Promise<Reply>,
    way: Way | undefined,
  ): Promise<Reply | undefined> {
    if (way?.by === 'passkey') return this.#passkey(flow, seen, way.which);
    if (way?.by !== 'password' || seen.accountId === undefined) return undefined;
    const { accountId } = seen;
    const stored = await this.#story.look((id) => id.citizens.passwordOf(accountId));
    const password = way.right ? (stored?.hash.slice('plain:'.length) ?? 'keines') : 'falsch';
    if (stored && way.right && !stored.asksForCode)
      this.#story.prove(this.browser, flow, 'password', [stored.id], accountId);
    return post('ausweis-hinzufuegen', { answer: 'add', password });
  }

  async #code(
    flow: string,
    post: (path: string, fields?: Readonly<Record<string, string>>) => Promise<Reply>,
  ): Promise<Reply | undefined> {
    const half = await this.#story.halfOf(flow);
    if (!half) return undefined;
    const totp = await this.#story.look((id) => id.credentials.totpOf(half.accountId));
    // The app is in the hand of whoever set it up.
    if (!totp || !this.#story.holds(this.browser, totp.id)) return post('code/zurueck');
    const code = totpCode(totp.secret, timeStep(Date.now()));
    this.#story.prove(this.browser, flow, 'password_totp', [half.credentialId, totp.id], half.accountId);
    return post('code', { with: 'app', code });
  }

  async #operate(kind: 'lock' | 'unlock' | 'log out everywhere', whose: number): Promise<void> {
    const found = await this.#story.look((id) => id.citizens.findByLoginName(addressOf(whose)));
    if (!found) return;
    const { id } = found.citizen.account;
    const act = kind === 'log out everywhere' ? 'logout' : kind;
    const mark = this.#story.oracle.mark();
    const outcome = await this.#story.bayernId.operate(id, { kind: act, reason: 'x', operator: 'x' });
    if (act === 'logout' && outcome === 'done') this.#story.afterwards((oracle) => oracle.newLife(id, [], mark));
  }

  async #reset({ mailbox, ways }: Act & { readonly kind: 'reset' }): Promise<void> {
    const { bayernId } = this.#story;
    const address = addressOf(mailbox);
    // Only her own mail is read by somebody.
    if ((mailbox < 2 ? 0 : 1) !== this.#human) return;
    const csrf = (token = ''): string => bayernId.csrf.token(`passwort-vergessen ${token}`.trimEnd());
    await this.#browser.post('/passwort-vergessen', {
      csrf: bayernId.csrf.token('passwort-vergessen'),
      login: address,
    });
    await bayernId.settled();
    const token = this.#story.mailTo(address, 'password_reset')?.token;
    if (token === undefined) return;
    await this.#browser.get(`/passwort-vergessen/${token}`);
    const set = async (): Promise<Reply> => {
      const mark = this.#story.oracle.mark();
      const form = { csrf: csrf(token), password: this.#story.newPassword() };
      const reply = await this.#browser.post('/passwort-vergessen/neu', form);
      const found = await this.#story.look((id) => id.citizens.findByLoginName(address));
      if (found && reply.location?.endsWith('/fertig') === true) this.#story.renewed(found.citizen.account.id, mark);
      return reply;
    };
    const done = await set();
    if (done.status !== 400) return;
    // Something is asked for beside the mail: the app, or the card.
    const found = await this.#story.look((id) => id.citizens.findByLoginName(address));
    const totp = found && (await this.#story.look((id) => id.credentials.totpOf(found.citizen.account.id)));
    if (totp && this.#story.holds(this.browser, totp.id))
      await this.#browser.post('/passwort-vergessen/code', {
        csrf: csrf(token),
        code: totpCode(totp.secret, timeStep(Date.now())),
      });
    else {
      const { location } = await this.#browser.post('/passwort-vergessen/ausweis', { csrf: csrf(token) });
      const began = location?.startsWith('/auth?') === true ? await this.#browser.get(location) : undefined;
      const flow = /^\/anmelden\/([\w-]+)$/.exec(began?.location ?? '')?.[1];
      if (flow !== undefined) await this.#flow(flow, { ...wishless, ways, patience: 3 });
    }
    await set();
  }

  async #inAccount(act: Act & { readonly kind: AccountAct }): Promise<void> {
    const visitor = await this.visitor();
    const reply = visitor ? await this.#accountAct(act, visitor) : undefined;
    if (reply?.location?.startsWith('/auth?') !== true) return;
    // More is asked for first.
    const { location } = await this.#browser.get(reply.location);
    const flow = /^\/anmelden\/([\w-]+)$/.exec(location ?? '')?.[1];
    if (flow === undefined) return;
    await this.#flow(flow, { ...wishless, ways: act.ways, patience: 4 });
    const again = await this.visitor();
    if (again) await this.#accountAct(act, again);
  }

  async #accountAct(
    { kind, which }: Act & { readonly kind: AccountAct },
    visitor: SeenVisitor,
  ): Promise<Reply | undefined> {
    const { accountId } = visitor;
    const post = (path: string, fields: Readonly<Record<string, string>> = {}): Promise<Reply> =>
      this.#browser.post(`/konto/${path}`, { csrf: visitor.csrf, ...fields });
    switch (kind) {
      case 'unlink':
        return post('zugaenge/ausweis/trennen');
      case 'change password': {
        const stored = await this.#story.look((id) => id.citizens.passwordOf(accountId));
        const current = stored?.hash.slice('plain:'.length) ?? '';
        const mark = this.#story.oracle.mark();
        const reply = await post('zugaenge/passwort', { current, password: this.#story.newPassword() });
        if (reply.location?.endsWith('?ok=1') === true) this.#story.renewed(accountId, mark);
        return reply;
      }
      case 'add passkey': {
        const key = this.#keys[which % this.#keys.length];
        const order = parse<object>(await this.#browser.get('/konto/modell/passkey'));
        if (!key || !order || !('challenge' in order)) return undefined;
        const before = key.userHandle;
        const answer = key.make(pageWith('create', order));
        const reply = await post('zugaenge/passkey', { name: 'x', answer });
        if (reply.location?.includes('getan=') !== true) key.userHandle = before;
        return reply;
      }
      case 'remove passkey': {
        const own = await this.#story.look((id) => id.credentials.passkeysOf(accountId));
        const found = own[which % Math.max(1, own.length)];
        return found && post(`zugaenge/passkey/${found.id}/entfernen`);
      }
      case 'add app': {
        const { secret } = parse<{ secret?: string }>(await this.#browser.get('/konto/modell/app')) ?? {};
        // The code of the step before, so that the app's next one is fresh.
        return secret === undefined
          ? undefined
          : post('zugaenge/app', { code: totpCode(secret, timeStep(Date.now()) - 1) });
      }
      case 'remove app':
        return post('zugaenge/app/entfernen');
      case 'make transfer code':
        return post('zugaenge/ausweis/transfercode');
      case 'end others': {
        const end = this.#story.others(this.browser, accountId);
        const reply = await post('sitzungen/alle-anderen');
        if (reply.location?.includes('beendet=') === true) end();
        return reply;
      }
      case 'not me': {
        const mark = this.#story.oracle.mark();
        const reply = await post('nicht-ich');
        if (reply.location?.endsWith('/erledigt') === true)
          this.#story.afterwards((oracle) => oracle.newLife(accountId, [], mark));
        return reply;
      }
      case 'delete':
        return post('loeschen', { word: 'LÖSCHEN' });
    }
  }
}
