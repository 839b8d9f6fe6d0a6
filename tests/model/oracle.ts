import type { Records } from './records.ts';
import { aged, greatest, least, nameOf, rankOfMeans, type MeansName, type Rank } from './rules.ts';

/** A card that somebody holds in the hand. */
export interface Plastic {
  readonly name: string;
  readonly owner: number;
  readonly assured: Rank;
  readonly validUntil: number;
}

/** One proof that somebody has given in a browser, whatever the product made of it. */
interface Proof {
  readonly browser: number;
  /** The login in which it was given. */
  readonly flow: string;
  readonly means: MeansName;
  /** Ids of credentials; for cards, the card's name. */
  readonly by: readonly string[];
  readonly at: number;
  /** Unknown for as long as a card is nobody's. */
  account?: string;
  /** Of which life of the account: a password change, a lock and the like begin a new one. */
  life: number;
  /** What time has left of it. */
  left: Rank;
  /** The login is over, so the proof belongs to the session. */
  done: boolean;
  /** The browser was told so: from now on whoever ends sessions means this one as well. */
  told: boolean;
  /** Its number; that of the moment at which it became the account's, for a card that was nobody's before. */
  given: number;
  /** The records were looked at since. */
  followed: boolean;
}

interface CredentialFacts {
  readonly account: string;
  readonly kind: string;
  /** Who made it, in which browser. */
  readonly holder: number | undefined;
  /** The most that it may give: of the session in which it was made, until it is confirmed. */
  bound: Rank;
}

/** What somebody did in one browser, as far as it decides what may follow. */
export interface Doing {
  readonly browser: number;
  /** Whoever changes the password, adds or replaces a card stays logged in; a lock or a reset spares nobody. */
  readonly stays: boolean;
  /** A password that is set by a link from a mail is worth nothing, but for a card that was shown a moment ago. */
  readonly byMail: boolean;
}

/**
 * Says what may be at most. It follows the records from outside, and what people did; it never predicts, so that it need
 * not know which of two browsers was faster.
 */
export class Oracle {
  readonly #plastic: ReadonlyMap<string, Plastic>;
  #proofs: Proof[] = [];
  readonly #credentials = new Map<string, CredentialFacts>();
  /** By link id: the card that was linked by it. */
  readonly #cardOf = new Map<string, string>();
  readonly #lives = new Map<string, number>();
  #given = 0;
  #faults: string[] = [];
  readonly #finished = new Set<string>();
  readonly #told = new Set<string>();
  readonly #seen = new Map<number, number>();
  #records: Records = { accounts: [], credentials: [], names: [], links: [] };

  constructor(plastic: ReadonlyMap<string, Plastic>) {
    this.#plastic = plastic;
  }

  get records(): Records {
    return this.#records;
  }

  life(account: string): number {
    return this.#lives.get(account) ?? 0;
  }

  /** What went wrong while the records were followed, since this was asked last. */
  faults(): readonly string[] {
    return this.#faults.splice(0);
  }

  holderOf(credential: string): number | undefined {
    return this.#credentials.get(credential)?.holder;
  }

  boundOf(credential: string): Rank {
    return this.#credentials.get(credential)?.bound ?? -1;
  }

  /** A browser sends a request: what it idled away before never comes back. */
  request(browser: number, now: number): void {
    const seen = this.#seen.get(browser) ?? now;
    for (const proof of this.#proofs)
      if (proof.browser === browser) proof.left = aged(proof.left, proof.at, Math.max(seen, proof.at), now);
    this.#seen.set(browser, now);
  }

  prove(proof: Pick<Proof, 'browser' | 'flow' | 'means' | 'by' | 'at'> & { readonly account?: string }): void {
    const account = proof.account ?? this.#accountOfCard(proof.by[0] ?? '');
    const life = account === undefined ? 0 : this.life(account);
    const given = (this.#given += 1);
    const state = { life, left: 3, done: false, told: false, given, followed: false } as const;
    this.#proofs.push({ ...proof, ...(account === undefined ? {} : { account }), ...state });
  }

  /** What was proved in a login goes over to the browser's session. */
  finish(browser: number, flow: string): void {
    this.#finished.add(flow);
    for (const proof of this.#proofs) if (proof.browser === browser && proof.flow === flow) proof.done = true;
  }

  /** The answer to the end of a login is there. */
  told(browser: number, flow: string): void {
    this.#told.add(flow);
    for (const proof of this.#proofs) if (proof.browser === browser && proof.flow === flow) proof.told = true;
  }

  /** Logins by which that account is logged in in a browser, all requests for them being over. */
  standing(browser: number, account: string): ReadonlySet<string> {
    const own = this.#proofs.filter((proof) => proof.browser === browser && proof.account === account && proof.told);
    return new Set(own.map(({ flow }) => flow));
  }

  /** A proof that is known of later than its login went: it has gone wherever that has. */
  finishLike(browser: number, flow: string): void {
    if (this.#finished.has(flow)) this.finish(browser, flow);
    if (this.#told.has(flow)) this.told(browser, flow);
  }

  /** The browser's session is over, or makes way for another account's. */
  end(browser: number, unlessOf?: string): void {
    this.#proofs = this.#proofs.filter(
      (proof) => proof.browser !== browser || !proof.done || (unlessOf !== undefined && proof.account === unlessOf),
    );
  }

  /** The browser's session is ended from elsewhere, with these logins: one that is made meanwhile may be a new session's. */
  endOf(browser: number, flows: ReadonlySet<string>): void {
    this.#proofs = this.#proofs.filter((proof) => proof.browser !== browser || !proof.done || !flows.has(proof.flow));
  }

  /** What was given from now on may be of the life that begins meanwhile. */
  mark(): number {
    return this.#given;
  }

  /**
   * Everything that was given out before is void.
   *
   * @param since a mark: a login that was made while that was under way may have come after it
   */
  newLife(account: string, staying: readonly number[] = [], since = Infinity): void {
    const life = this.life(account) + 1;
    this.#lives.set(account, life);
    for (const proof of this.#proofs) {
      const current = proof.by.every((by) => !this.#isGone(by));
      const goesOn = staying.includes(proof.browser) || (current && proof.given > since);
      if (proof.account === account && goesOn && proof.life === life - 1) proof.life = life;
    }
  }

  /** The most that this browser may be told to be for this account now; -1: it is nobody there. */
  most(browser: number, account: string, now: number): Rank {
    const state = this.#records.accounts.find(({ id }) => id === account)?.state;
    return state === 'active' ? this.mostUnlessEnded(browser, account, now) : -1;
  }

  /** The same, whatever has become of the account meanwhile. */
  mostUnlessEnded(browser: number, account: string, now: number): Rank {
    return greatest(
      ...this.#proofs
        .filter((proof) => proof.browser === browser && proof.done)
        .map((proof) => this.#worth(proof, account, now)),
    );
  }

  /**
   * Follows the records after something was done.
   *
   * @param owners of the cards that were shown: card, then account
   * @param unsure the process died, so that nobody knows how far it came
   * @param meanwhile called when cards are followed and nothing has ended yet: what was answered until then was right
   * @param renewals by account the mark of its last password: who proved the new one or a card after that goes on
   */
  follow(
    records: Records,
    doings: readonly Doing[],
    owners: ReadonlyMap<string, string>,
    now: number,
    unsure = false,
    renewals: ReadonlyMap<string, number> = new Map(),
    meanwhile = (): void => {},
  ): void {
    const before = this.#records;
    const making = new Map(doings.map((doing) => [doing.browser, this.#mostMade(doing, now)] as const));
    this.#records = records;
    const staying = doings.filter(({ stays }) => stays).map(({ browser }) => browser);
    for (const { id, account, kind } of records.credentials) {
      if (this.#credentials.has(id)) continue;
      const holder = this.#makerOf(account, doings);
      const bound = greatest(...doings.map(({ browser }) => making.get(browser)?.get(account) ?? 0));
      this.#credentials.set(id, { account, kind, holder, bound });
    }
    const ending: (() => void)[] = [];
    for (const { id, state, epoch } of records.accounts) {
      const was = before.accounts.find((one) => one.id === id);
      if (!was) {
        // Of an account that was just made, nothing older can be meant; its maker goes on.
        this.#lives.set(id, 0);
        this.#followLink(id, before, doings, owners, now);
        continue;
      }
      const voided = (was.state === 'active' && state !== 'active') || this.#replacedPassword(id, before, records);
      const otherCard = this.#followLink(id, before, doings, owners, now);
      if (voided) ending.push(() => this.newLife(id, state === 'active' ? staying : [], renewals.get(id)));
      else if (otherCard || (unsure && epoch > was.epoch)) ending.push(() => this.newLife(id, staying));
    }
    for (const proof of this.#proofs) {
      const owner = proof.means === 'eid' ? this.#accountOfCard(proof.by[0] ?? '') : undefined;
      if (owner === undefined || owner === proof.account) continue;
      if (proof.account === undefined) this.#adopt(proof, owner);
      // The card went over to another account while the login lay open; a session stays the one that it was.
      else if (!proof.done || !proof.followed) this.#proofs.push({ ...proof, account: owner, life: this.life(owner) });
    }
    for (const { browser } of doings) this.#confirm(browser, now);
    meanwhile();
    for (const end of ending) end();
    this.#proofs = this.#proofs.filter(
      (proof, index, all) =>
        index ===
        all.findIndex(
          ({ flow, at, account, means, by }) =>
            flow === proof.flow &&
            at === proof.at &&
            account === proof.account &&
            means === proof.means &&
            by === proof.by,
        ),
    );
    for (const proof of this.#proofs) proof.followed = true;
    // Where two browsers acted at once, a password that was set is whoever's proof stands for it.
    for (const doing of doings) if (doing.stays) this.#carryOver(doing.browser, before, records);
  }

  #isGone(credential: string): boolean {
    return this.#credentials.has(credential) && !this.#records.credentials.some(({ id }) => id === credential);
  }

  #adopt(proof: Proof, account: string): void {
    proof.account = account;
    proof.life = this.life(account);
    proof.given = this.#given += 1;
  }

  #accountOfCard(card: string): string | undefined {
    return this.#records.links.find(({ id }) => this.#cardOf.get(id) === card)?.account;
  }

  #linkOf(account: string, records: Records = this.#records): string | undefined {
    return records.links.find((link) => link.account === account)?.id;
  }

  /** Undefined where two browsers may have been it. */
  #makerOf(account: string, doings: readonly Doing[]): number | undefined {
    const known = doings.filter(({ browser }) =>
      this.#proofs.some((proof) => proof.browser === browser && proof.account === account),
    );
    const [maker, another] = known.length > 0 ? known : doings;
    return another === undefined ? maker?.browser : undefined;
  }

  #replacedPassword(account: string, before: Records, now: Records): boolean {
    const idOf = ({ credentials }: Records): string | undefined =>
      credentials.find((one) => one.account === account && one.kind === 'password')?.id;
    const [old, made] = [idOf(before), idOf(now)];
    return old !== undefined && made !== undefined && old !== made;
  }

  /** Logins by the old password go on as logins by the new one, in the browser that changed it. */
  #carryOver(browser: number, before: Records, now: Records): void {
    const old = new Set(before.credentials.filter(({ kind }) => kind === 'password').map(({ id }) => id));
    for (const { id } of now.credentials) old.delete(id);
    this.#proofs = this.#proofs.flatMap((proof) => {
      const gone = proof.by.find((id) => old.has(id));
      if (gone === undefined || proof.browser !== browser) return [proof];
      const heir = now.credentials.find(({ account, kind }) => account === proof.account && kind === 'password');
      return heir ? [{ ...proof, by: proof.by.map((id) => (id === gone ? heir.id : id)) }] : [proof];
    });
  }

  /** What a credential may give that somebody makes now: what the session has. */
  #mostMade({ browser, byMail }: Doing, now: number): ReadonlyMap<string, Rank> {
    const own = this.#proofs.filter((proof) => proof.browser === browser);
    const card = own.filter(({ means, at }) => means === 'eid' && now - at <= 600_000);
    return new Map(
      this.#records.accounts.map(({ id }) => {
        const worth = (proofs: readonly Proof[]): Rank =>
          greatest(...proofs.map((proof) => this.#worth(proof, id, now)));
        return [id, byMail && worth(card) < 0 ? 0 : worth(own)] as const;
      }),
    );
  }

  /** A card of the last ten minutes confirms what else was used in its session (architecture.md 2). */
  #confirm(browser: number, now: number): void {
    const standing = this.#proofs.filter(
      (proof) =>
        proof.browser === browser &&
        proof.account !== undefined &&
        proof.life === this.life(proof.account) &&
        proof.left >= 0,
    );
    for (const { account = '', by, at, means } of standing) {
      const card = this.#plastic.get(by[0] ?? '');
      if (means !== 'eid' || now - at > 600_000 || card?.name !== this.#cardOf.get(this.#linkOf(account) ?? ''))
        continue;
      for (const proof of standing)
        for (const id of proof.account === account && proof.means !== 'eid' ? proof.by : []) {
          const facts = this.#credentials.get(id);
          if (facts?.account === account) facts.bound = greatest(facts.bound, card?.assured ?? 0);
        }
    }
  }

  /** Whether somebody who did something has proved the account in the last ten minutes, and nothing has voided that. */
  #provedNow(account: string, doings: readonly Doing[], now: number): boolean {
    return this.#proofs.some(
      (proof) =>
        doings.some(({ browser }) => browser === proof.browser) &&
        proof.account === account &&
        proof.life === this.life(account) &&
        now - proof.at <= 600_000,
    );
  }

  /** @returns whether another card took the place of the one before. */
  #followLink(
    account: string,
    before: Records,
    doings: readonly Doing[],
    owners: ReadonlyMap<string, string>,
    now: number,
  ): boolean {
    const records = this.#records;
    const [old, link] = [this.#linkOf(account, before), this.#linkOf(account, records)];
    if (old === link) return false;
    const own = [...this.#credentials.values()].filter((facts) => facts.account === account);
    // Ceilings belong to one link.
    if (old !== undefined) for (const facts of own) facts.bound = 0;
    if (link === undefined) return false;
    const card = [...owners].find(([, owner]) => owner === account)?.[0] ?? '';
    this.#cardOf.set(link, card);
    if (before.accounts.some(({ id }) => id === account) && !this.#provedNow(account, doings, now))
      this.#faults.push(`the card ${card} was added to an account that nobody had just proved`);
    const assured = this.#plastic.get(card)?.assured ?? 3;
    for (const { browser } of doings)
      for (const proof of this.#proofs)
        if (
          proof.browser === browser &&
          proof.account === account &&
          proof.life === this.life(account) &&
          aged(3, proof.at, proof.at, now) >= 0
        )
          for (const id of proof.by) {
            const facts = this.#credentials.get(id);
            if (facts?.account === account) facts.bound = greatest(facts.bound, assured);
          }
    // What was made along with the card, in one login.
    const fresh = own.filter(({ bound }) => bound < assured && before.accounts.every(({ id }) => id !== account));
    for (const facts of fresh) facts.bound = assured;
    return old !== undefined;
  }

  #worth(proof: Proof, account: string, now: number): Rank {
    if (proof.account !== account || proof.life !== this.life(account)) return -1;
    const card = this.#plastic.get(this.#cardOf.get(this.#linkOf(account) ?? '') ?? '');
    const person: Rank = card !== undefined && now < card.validUntil ? 3 : 0;
    const seen = Math.max(this.#seen.get(proof.browser) ?? now, proof.at);
    const inTime = aged(proof.left, proof.at, seen, now);
    if (inTime < 0) return -1;
    if (proof.means === 'eid') {
      const shown = this.#plastic.get(proof.by[0] ?? '');
      // A card that is linked no more proves nothing of the person; whose session it is stays known.
      if (!shown || shown.name !== card?.name) return aged(least(0, proof.left), proof.at, seen, now);
      return aged(least(person, rankOfMeans.eid, shown.assured, proof.left), proof.at, seen, now);
    }
    const bounds = proof.by.map((id) => this.boundOf(id));
    return aged(least(person, rankOfMeans[proof.means], ...bounds, proof.left), proof.at, seen, now);
  }

  /** For messages. */
  describe(browser: number): string {
    return JSON.stringify(
      this.#proofs
        .filter((proof) => proof.browser === browser)
        .map(({ by, ...proof }) => ({ ...proof, left: nameOf(proof.left), bounds: by.map((id) => this.boundOf(id)) })),
    );
  }
}
