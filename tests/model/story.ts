import type { Evidence } from '../../src/assurance/evidence.ts';
import type { Mail } from '../../src/id/mail/mail.ts';
import { levelOf } from '../../src/assurance/names.ts';
import { parsePrincipal } from '../../src/id/oidc/principal.ts';
import type { IdTables } from '../../src/id/persistence.ts';
import { shiftClock } from '../support/clock.ts';
import { addressOf, Hand, stays, type Act, type Way } from './acts.ts';
import { createBayernId, migrations, type BayernId } from './bayern-id.ts';
import { browserHeader, createBrowser, type Browser } from './browser.ts';
import type { Answer } from './library.ts';
import { Oracle, type Doing } from './oracle.ts';
import { authenticators, plastic, readCard } from './people.ts';
import { createRecordReader, faultsIn, same, type RecordReader, type Records } from './records.ts';
import { nameOf, rankOf, type MeansName, type Rank } from './rules.ts';
import { createOutside, openMortal, type MortalDatabase, type Outside } from './stores.ts';
import { createTurns, type Turns } from './turns.ts';

/** What is kept from story to story, since it takes time to make. */
export interface Stage {
  readonly file: string;
  readonly turns: Turns;
  readonly outside: Outside;
  readonly reader: RecordReader;
  database: MortalDatabase<IdTables>;
  bayernId: BayernId;
  /** The one that plays. */
  story: Story | undefined;
  /** How often what happened: a model in which nothing happens proves nothing. */
  readonly happened: Map<string, number>;
  close(): Promise<void>;
}

const nobodyPlays = (): never => {
  throw new Error('no story is played');
};

const startProcess = async (
  file: string,
  turns: Turns,
  outside: Outside,
  story: () => Story | undefined,
): Promise<{ readonly database: MortalDatabase<IdTables>; readonly bayernId: BayernId }> => {
  const database = await openMortal<IdTables>(file, turns);
  const bayernId = createBayernId({
    database: database.database,
    outside,
    turns,
    card: readCard,
    mailed: (mail) => (story() ?? nobodyPlays()).mailed(mail),
    answered: (ctx, answer) => (story() ?? nobodyPlays()).answered(Number(ctx.get(browserHeader)), answer),
  });
  return { database, bayernId };
};

export const createStage = async (file: string): Promise<Stage> => {
  const turns = createTurns();
  const outside = createOutside(turns);
  const first = await openMortal<IdTables>(file, turns);
  await first.database.migrate(migrations);
  await first.bury();
  const reader = createRecordReader(file);
  const stage: Stage = {
    file,
    turns,
    outside,
    reader,
    ...(await startProcess(file, turns, outside, () => stage.story)),
    story: undefined,
    happened: new Map(),
    async close() {
      reader.close();
      await stage.database.bury();
    },
  };
  return stage;
};

/** Thrown when the product did what it must not. */
export class Broken extends Error {
  override readonly name = 'Broken';
}

interface Token {
  readonly principal: string;
  readonly account: string;
  readonly life: number;
}

/** What may happen. */
export type Event =
  | { readonly kind: 'act'; readonly browser: number; readonly act: Act }
  /** In both browsers at once; `order` says whose call of a store comes next. */
  | { readonly kind: 'race'; readonly acts: readonly [Act, Act]; readonly order: readonly number[] }
  /** The process dies before that call or statement. */
  | { readonly kind: 'crash'; readonly browser: number; readonly act: Act; readonly after: number }
  | { readonly kind: 'restart' }
  | { readonly kind: 'wait'; readonly ms: number; readonly jobs: boolean };

const doingOf = (browser: number, act: Act): Doing => ({ browser, stays: stays(act), byMail: act.kind === 'reset' });

/** Every card in every phase of a change of the sector key. */
export const cardStates = [...plastic.keys()].flatMap((name) => [0, 1, 2].map((phase) => `${name}/${phase}`));

const mailboxes = [0, 1, 2, 3].map(addressOf);

const accountOf = ({ principal }: Answer): string => parsePrincipal(principal)?.accountId ?? '';

const names = { password: 'password', password_totp: 'password_totp', passkey: 'passkey', eid: 'eid' } as const;

/** One story: two browsers, the people before them, and what may never be. */
export class Story {
  readonly #stage: Stage;
  /** Whether both browsers are Anna's; else one is Bert's. */
  readonly #alone: boolean;
  readonly oracle = new Oracle(plastic);
  /** The third is a stranger's computer, for a last look. */
  readonly browsers: readonly [Browser, Browser, Browser];
  readonly #hands: readonly [Hand, Hand, Hand];
  #mails: Mail[] = [];
  #passwords = 0;
  #tokens: Token[] = [];
  /** Principals whose sessions have ended, of accounts that are still there. */
  readonly #ended = new Set<string>();
  #answers: (Answer & { readonly browser: number })[] = [];
  /** Whose cards are linked to which account. */
  #cards: ReadonlyMap<string, string> = new Map();
  #changes: ((oracle: Oracle) => void)[] = [];
  #renewals = new Map<string, number>();
  #registering: {
    readonly browser: number;
    readonly flow: string;
    readonly password: string;
    readonly at: number;
  }[] = [];

  constructor(stage: Stage, alone: boolean) {
    this.#stage = stage;
    this.#alone = alone;
    stage.story = this;
    stage.outside.clear();
    stage.reader.clear();
    for (const keys of authenticators)
      for (const key of keys) {
        key.counter = 0;
        key.userHandle = undefined;
      }
    const browser = (index: number): Browser =>
      createBrowser(
        index,
        () => stage.bayernId,
        () => this.oracle.request(index, Date.now()),
      );
    this.browsers = [browser(0), browser(1), browser(2)];
    this.#hands = [new Hand(this, 0), new Hand(this, 1), new Hand(this, 2)];
  }

  get bayernId(): BayernId {
    return this.#stage.bayernId;
  }

  at(browser: number): Browser {
    return this.browsers[browser] ?? this.browsers[0];
  }

  humanAt(browser: number): number {
    return this.#alone ? 0 : browser;
  }

  holderOf(credential: string): number | undefined {
    const browser = this.oracle.holderOf(credential);
    return browser === undefined ? undefined : this.humanAt(browser);
  }

  newPassword(): string {
    this.#passwords += 1;
    return `zwiebel-turm-laterne-${this.#passwords}-kutsche`;
  }

  /** A look at the records past all turns, as nobody in the story has it. */
  look<Result>(ask: (id: BayernId) => Promise<Result>): Promise<Result> {
    return ask(this.bayernId);
  }

  /** Passwords are known to everybody here: leaked. */
  async passwordOf(login: string): Promise<string> {
    const { password } = (await this.look((id) => id.citizens.findByLoginName(login))) ?? {};
    return password?.hash.slice('plain:'.length) ?? 'keines';
  }

  async halfOf(flow: string): Promise<{ readonly accountId: string; readonly credentialId: string } | undefined> {
    const stored = await this.#stage.outside.artifacts.find('Interaction', flow);
    const result = stored?.payload['result'] as
      { flow?: { half?: { accountId: string; evidence: Evidence } } } | undefined;
    const half = result?.flow?.half;
    return half && { accountId: half.accountId, credentialId: half.evidence.credentialId };
  }

  mailed(mail: Mail): void {
    this.#mails.push(mail);
  }

  mailTo(
    address: string,
    type: 'registration_code' | 'password_reset',
  ): { readonly code?: string; readonly token?: string } | undefined {
    const mail = this.#mails.findLast(({ to, message }) => to === address && message.type === type);
    if (!mail) return undefined;
    const { message } = mail;
    if (message.type === 'registration_code') return { code: message.code };
    return message.type === 'password_reset' ? { token: message.link.split('/').at(-1) ?? '' } : undefined;
  }

  prove(browser: number, flow: string, means: MeansName, by: readonly string[], account?: string): void {
    this.oracle.prove({
      browser,
      flow,
      means: names[means],
      by,
      at: Date.now(),
      ...(account === undefined ? {} : { account }),
    });
  }

  /** An account that is being made: whoever chose its password has proved it, as soon as it is there. */
  registering(browser: number, flow: string, password: string): void {
    this.#registering.push({ browser, flow, password, at: Date.now() });
  }

  /** To be asked before the request: what it ends, if it is granted. */
  others(browser: number, account: string): () => void {
    const ended = [0, 1]
      .filter((other) => other !== browser)
      .map((other) => [other, this.oracle.standing(other, account)] as const);
    return () =>
      this.afterwards((oracle) => {
        for (const [other, flows] of ended) oracle.endOf(other, flows);
      });
  }

  /** Once the event is over: what was answered meanwhile, in the other browser, was right then. */
  afterwards(change: (oracle: Oracle) => void): void {
    this.#changes.push(change);
  }

  /** A password was set. @param mark made before that was asked for */
  renewed(account: string, mark: number): void {
    this.#renewals.set(account, Math.max(mark, this.#renewals.get(account) ?? 0));
  }

  answered(browser: number, answer: Answer): void {
    this.#answers.push({ ...answer, browser });
  }

  /** Plays one event, and looks whether everything still is as it must be. */
  async play(event: Event): Promise<void> {
    shiftClock(5000);
    switch (event.kind) {
      case 'wait':
        shiftClock(event.ms);
        if (event.jobs) await this.bayernId.runJobs();
        return this.#check([], false);
      case 'restart':
        await this.#restart();
        return this.#check([], true);
      case 'act':
        await this.#hand(event.browser).do(event.act);
        return this.#check([doingOf(event.browser, event.act)], false);
      case 'race': {
        const works = event.acts.map((act, browser) => () => this.#hand(browser).do(act));
        await this.#stage.turns.race(works, event.order);
        return this.#check(
          event.acts.map((act, browser) => doingOf(browser, act)),
          false,
        );
      }
      case 'crash': {
        const died = await this.#stage.turns.until(event.after, () => this.#hand(event.browser).do(event.act));
        if (died) {
          this.count('crash');
          await this.#restart();
        }
        return this.#check([doingOf(event.browser, event.act)], died);
      }
    }
  }

  /** Somebody really gets in to each account, from a computer that knows nobody. */
  async lastLook(): Promise<void> {
    for (const { id, state } of this.oracle.records.accounts) {
      if (state === 'locked') continue;
      shiftClock(31_000);
      const hand = new Hand(this, 2);
      this.browsers[2].clear();
      this.oracle.end(2);
      const way = await this.#wayInto(id);
      const wish = { level: 'basic', fresh: false, account: 'existing', link: false, keep: true, patience: 6 } as const;
      await hand.do({ kind: 'log in', wish: { ...wish, ways: [way] } });
      if (!this.#answers.some(({ principal }) => parsePrincipal(principal)?.accountId === id))
        throw new Broken(`nobody gets in to an account any more, by ${JSON.stringify(way)}`);
      await this.#check([{ browser: 2, stays: true, byMail: false }], false);
    }
  }

  /** A card and its phase: nobody has a stranger's, but what is in the house is used by whoever is alone at home. */
  cardInHand(browser: number, wanted: string): readonly [string, string] {
    const [name = '', phase = '0'] = wanted.split('/');
    const human = this.humanAt(browser);
    if (this.#alone || browser === 2 || plastic.get(name)?.owner === human) return [name, phase];
    return [[...plastic.values()].find(({ owner }) => owner === human)?.name ?? name, phase];
  }

  holds(browser: number, credential: string): boolean {
    return browser === 2 || this.holderOf(credential) === this.humanAt(browser);
  }

  #hand(browser: number): Hand {
    return this.#hands[browser] ?? this.#hands[0];
  }

  async #restart(): Promise<void> {
    const { file, turns, outside } = this.#stage;
    await this.#stage.database.bury();
    turns.revive();
    Object.assign(this.#stage, await startProcess(file, turns, outside, () => this.#stage.story));
    this.count('restart');
  }

  async #wayInto(id: string): Promise<Way> {
    const { citizens, credentials } = this.bayernId;
    for (const card of cardStates)
      if ((await citizens.findByCard(readCard(card)))?.account.id === id) return { by: 'card', card };
    const own = new Set((await credentials.passkeysOf(id)).map(({ credentialId }) => credentialId));
    for (const keys of authenticators) {
      const which = keys.findIndex(({ credentialId }) => own.has(credentialId));
      if (which >= 0) return { by: 'passkey', which: authenticators.indexOf(keys) * keys.length + which };
    }
    const email = (await citizens.find(id))?.email;
    const whose = [0, 1, 2, 3].find((one) => addressOf(one) === email) ?? 0;
    return { by: 'password', whose, right: true };
  }

  async #owners(): Promise<ReadonlyMap<string, string>> {
    const owners = new Map<string, string>();
    for (const state of cardStates) {
      const [name = ''] = state.split('/');
      const owner = (await this.bayernId.citizens.findByCard(readCard(state)))?.account.id;
      if (owner === undefined) continue;
      if ((owners.get(name) ?? owner) !== owner) throw new Broken(`the card ${name} leads to two accounts`);
      owners.set(name, owner);
    }
    return owners;
  }

  async #check(doings: readonly Doing[], unsure: boolean): Promise<void> {
    const { oracle } = this;
    const now = Date.now();
    await this.bayernId.settled();
    const records = this.#stage.reader.read();
    const before = oracle.records;
    if (!same('links', before, records)) this.#cards = await this.#owners();
    const owners = this.#cards;
    const answers = this.#answers;
    this.#answers = [];
    const mostBefore = answers.map((answer) => oracle.most(answer.browser, accountOf(answer), now));
    const mostMeanwhile: Rank[] = [];
    oracle.follow(records, doings, owners, now, unsure, this.#renewals, () => {
      for (const answer of answers) mostMeanwhile.push(oracle.mostUnlessEnded(answer.browser, accountOf(answer), now));
    });
    this.#renewals = new Map();
    await this.#followRegistrations();
    const changed = this.#changes.length > 0;
    for (const change of this.#changes.splice(0)) change(oracle);
    this.#tell(before, records);
    const [fault] = [...faultsIn(records), ...oracle.faults()];
    if (fault !== undefined) throw new Broken(fault);
    for (const [index, answer] of answers.entries()) {
      const account = accountOf(answer);
      // The same event may have ended the session afterwards; what it gave until then was right.
      const meanwhile = mostMeanwhile[index] ?? -1;
      const most = Math.max(oracle.most(answer.browser, account, now), mostBefore[index] ?? -1, meanwhile);
      this.#level('answer', answer.browser, rankOf(levelOf(answer.acr) ?? ''), most as Rank);
      this.#tokens.push({ principal: answer.principal, account, life: oracle.life(account) });
      oracle.end(answer.browser, account);
      this.count(`answer ${levelOf(answer.acr) ?? ''}`);
    }
    for (const browser of [0, 1]) {
      const visitor = await this.#hand(browser).visitor();
      if (!visitor) continue;
      this.#level('visitor', browser, rankOf(visitor.level), oracle.most(browser, visitor.accountId, Date.now()));
    }
    if (!same('credentials', before, records) || !same('links', before, records)) await this.#ceilings(records, owners);
    if (answers.length > 0 || changed || !same('accounts', before, records)) await this.#voidTokens(records);
  }

  async #followRegistrations(): Promise<void> {
    for (const { browser, flow, password, at } of this.#registering) {
      const found = (await Promise.all(mailboxes.map((login) => this.bayernId.citizens.findByLoginName(login)))).find(
        (one) => one?.password?.hash === `plain:${password}`,
      );
      if (!found?.password) continue;
      this.oracle.prove({
        browser,
        flow,
        means: 'password',
        by: [found.password.id],
        at,
        account: found.citizen.account.id,
      });
      this.oracle.finishLike(browser, flow);
      this.#registering = this.#registering.filter((one) => one.flow !== flow);
    }
  }

  #level(what: string, browser: number, given: Rank, most: Rank): void {
    if (given <= most) return;
    const words = `${what} in browser ${browser}: ${nameOf(given)}, and at most ${nameOf(most)} is right`;
    throw new Broken(`${words}; proofs: ${this.oracle.describe(browser)}`);
  }

  /** No credential gains a level by what somebody else did. */
  async #ceilings(records: Records, owners: ReadonlyMap<string, string>): Promise<void> {
    for (const { id } of records.accounts) {
      const [card] = [...owners].find(([, owner]) => owner === id) ?? [];
      const person = card === undefined ? undefined : plastic.get(card)?.owner;
      for (const { id: credential, kind, ceiling } of await this.bayernId.credentials.credentialsOf(id)) {
        const [given, most] = [rankOf(ceiling), this.oracle.boundOf(credential)];
        if (given > most) throw new Broken(`${kind} has the ceiling ${ceiling}, and ${nameOf(most)} is right`);
        const holder = this.holderOf(credential);
        if (
          !this.#alone &&
          given > 0 &&
          person !== undefined &&
          holder !== undefined &&
          holder !== person &&
          kind !== 'password'
        )
          throw new Broken(`the ${kind} of a stranger has the ceiling ${ceiling}`);
      }
    }
  }

  async #voidTokens(records: Records): Promise<void> {
    const kept: Token[] = [];
    for (const token of this.#tokens) {
      const state = records.accounts.find(({ id }) => id === token.account)?.state;
      const isVoid = state !== 'active' || this.oracle.life(token.account) !== token.life;
      if (!isVoid) {
        kept.push(token);
        continue;
      }
      if (await this.bayernId.accepts(token.principal)) throw new Broken('a token of an ended session works');
      if (state !== undefined) this.#ended.add(token.principal);
    }
    this.#tokens = kept;
    for (const principal of this.#ended)
      if (await this.bayernId.accepts(principal)) throw new Broken('a token of an ended session works again');
  }

  #tell(before: Records, now: Records): void {
    const has = (records: Records, id: string): boolean => records.accounts.some((account) => account.id === id);
    for (const { id, state } of now.accounts) {
      const was = before.accounts.find((account) => account.id === id);
      if (!was) this.count('registered');
      else if (was.state !== state) this.count(state);
      const [old, link] = [before, now].map(({ links }) => links.find(({ account }) => account === id)?.id);
      if (old !== link && was) this.count(old === undefined ? 'linked' : link === undefined ? 'unlinked' : 'replaced');
    }
    for (const { id } of before.accounts) if (!has(now, id)) this.count('deleted');
    const old = new Set(before.credentials.map(({ id }) => id));
    for (const { id, kind } of now.credentials) if (!old.has(id)) this.count(`new ${kind}`);
  }

  count(what: string): void {
    const { happened } = this.#stage;
    happened.set(what, (happened.get(what) ?? 0) + 1);
  }
}
