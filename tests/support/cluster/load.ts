import { randomInt } from 'node:crypto';
import { newAccount, subjectOf, type Account, type Citizens, type Code } from './citizen.ts';

/** An account that was acknowledged: a service got tokens for it. */
export interface KnownAccount extends Account {
  readonly subject: string;
  card?: string;
}

/** Refresh tokens of one login; each is used once, the last one is still good unless an answer was lost. */
export interface Chain {
  readonly used: string[];
  latest: string;
  /** A use without an answer: it may have happened, so that the next one would be a replay. */
  lost: boolean;
}

/** What was answered to citizens and services, and so has to be true from then on. */
export interface Facts {
  readonly accounts: KnownAccount[];
  readonly chains: Chain[];
  /** Codes that were redeemed. */
  readonly codes: Code[];
  /** Codes that two requests at once have both got tokens for. */
  readonly doubled: Code[];
  /** Stories that ended well, by their name. */
  readonly done: Record<string, number>;
  /** What went wrong, with the story. */
  readonly stuck: string[];
  acknowledged: number;
}

export const noFacts = (): Facts => ({
  accounts: [],
  chains: [],
  codes: [],
  doubled: [],
  done: {},
  stuck: [],
  acknowledged: 0,
});

export interface Load {
  readonly facts: Facts;
  /** Resolves once so many stories more have been acknowledged. */
  acknowledges(more: number): Promise<void>;
  /** Lets what is under way end. */
  stop(): Promise<void>;
}

export interface LoadOptions {
  readonly citizens: Citizens;
  readonly cards: readonly string[];
  /** Citizens at the same time. */
  readonly walkers?: number;
  /** Goes on with what an earlier load has left. */
  readonly facts?: Facts;
}

/** Registrations, logins, links and refreshes at once, until it is stopped. What fails is noted, and the citizen begins anew. */
export const startLoad = ({ citizens, cards: given, walkers = 5, facts = noFacts() }: LoadOptions): Load => {
  const cards = [...given];
  const state = { stopped: false };
  const waiting = new Set<() => void>();

  const redeem = async (code: Code): Promise<string> => {
    const answer = await citizens.tokens(code.client, citizens.redeemFields(code));
    if (answer.status !== 200) throw new Error(`the code was answered with ${answer.status} ${answer.error ?? ''}`);
    facts.codes.push(code);
    return subjectOf(answer);
  };

  const anyAccount = (): KnownAccount | undefined => facts.accounts[randomInt(Math.max(1, facts.accounts.length))];

  const register = async (): Promise<void> => {
    const account = newAccount();
    facts.accounts.push({ ...account, subject: await redeem(await citizens.register(account)) });
  };

  const login = async (): Promise<void> => {
    const account = anyAccount();
    if (!account) return register();
    const code = await citizens.login(account);
    if (code.consents) throw new Error('was asked for a consent that was given');
    const subject = await redeem(code);
    if (subject !== account.subject) throw new Error('another subject');
  };

  const redeemTwice = async (): Promise<void> => {
    const account = anyAccount();
    if (!account) return register();
    const code = await citizens.login(account);
    const fields = citizens.redeemFields(code);
    const answers = await Promise.allSettled([1, 2].map(() => citizens.tokens(code.client, fields)));
    const won = answers.filter((answer) => answer.status === 'fulfilled' && answer.value.status === 200);
    if (won.length > 1) facts.doubled.push(code);
    // Both answers may be lost with their node: whether the code was used is not known then.
    if (won.length === 0) throw new Error('neither of two uses of a code was answered');
    facts.codes.push(code);
  };

  const refresh = async (): Promise<void> => {
    const chain = facts.chains.find(({ lost }) => !lost && Math.random() < 0.5);
    if (!chain) {
      const account = anyAccount();
      if (!account) return register();
      const code = await citizens.login(account, citizens.offline);
      const { status, refresh_token: latest } = await citizens.tokens(code.client, citizens.redeemFields(code));
      if (status !== 200 || latest === undefined) throw new Error(`no refresh token (${status})`);
      facts.codes.push(code);
      facts.chains.push({ used: [], latest, lost: false });
      return;
    }
    // One walker at a time: two uses at once would be a replay.
    chain.lost = true;
    const fields = { grant_type: 'refresh_token', refresh_token: chain.latest };
    const { status, error, refresh_token: next } = await citizens.tokens(citizens.offline, fields);
    if (status !== 200 || next === undefined) throw new Error(`the refresh was answered with ${status} ${error ?? ''}`);
    chain.used.push(chain.latest);
    chain.latest = next;
    chain.lost = false;
  };

  const link = async (): Promise<void> => {
    const account = facts.accounts.find(({ card }) => card === undefined);
    const card = account && cards.shift();
    if (!account || card === undefined) return login();
    // Whether a link without an answer happened is not known.
    account.card = '';
    const subject = await redeem(await citizens.link(account, card));
    if (subject !== account.subject) throw new Error('another subject');
    account.card = card;
  };

  const stories = { register, login, redeemTwice, refresh, link };
  const names = ['register', 'login', 'refresh', 'redeemTwice', 'link', 'refresh'] as const;
  let turn = 0;
  const walk = async (): Promise<void> => {
    while (!state.stopped) {
      const name = names[turn++ % names.length] ?? 'login';
      try {
        await stories[name]();
        facts.done[name] = (facts.done[name] ?? 0) + 1;
        facts.acknowledged += 1;
      } catch (error) {
        facts.stuck.push(`${name}: ${(error as Error).message}`);
      }
      for (const look of waiting) look();
    }
  };
  const walking = Promise.all(Array.from({ length: walkers }, walk));

  return {
    facts,
    acknowledges(more) {
      const enough = facts.acknowledged + more;
      return new Promise((resolve) => {
        const look = (): void => {
          if (facts.acknowledged < enough) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
      });
    },
    async stop() {
      state.stopped = true;
      await walking;
    },
  };
};

/** Resolves when logins work, several times in a row: after an outage each node finds back at its own time. */
export const loginsWork = async (citizens: Citizens, account: KnownAccount): Promise<void> => {
  const works = async (): Promise<boolean> => {
    const code = await citizens.login(account);
    return (await citizens.tokens(code.client, citizens.redeemFields(code))).status === 200;
  };
  for (let row = 0; row < 4;) row = (await works().catch(() => false)) ? row + 1 : 0;
};

/** Everything that was acknowledged, asked for again: what is missing or works twice. */
export const findLosses = async (citizens: Citizens, facts: Facts): Promise<string[]> => {
  const losses: string[] = facts.doubled.map(() => 'a code was redeemed twice at once');
  const say = async (what: string, check: () => Promise<boolean>): Promise<void> => {
    const holds = await check().catch((error: unknown) => (error as Error).message);
    if (holds !== true) losses.push(holds === false ? what : `${what}: ${holds}`);
  };
  /** Neither a yes nor a no is told as what it is. */
  const refused = async (use: Promise<number>): Promise<boolean> => {
    const status = await use;
    if (status !== 400 && status !== 200) throw new Error(`answered with ${status}`);
    return status === 400;
  };
  for (const account of facts.accounts) {
    await say('an account, its password or its consent', async () => {
      const code = await citizens.login(account);
      const answer = await citizens.tokens(code.client, citizens.redeemFields(code));
      return !code.consents && subjectOf(answer) === account.subject;
    });
    const { card } = account;
    if (card !== undefined && card !== '')
      await say('a linked card', async () => {
        const code = await citizens.loginByCard(card);
        return subjectOf(await citizens.tokens(code.client, citizens.redeemFields(code))) === account.subject;
      });
  }
  for (const { latest, used, lost } of facts.chains) {
    const use = async (token: string): Promise<number> =>
      (await citizens.tokens(citizens.offline, { grant_type: 'refresh_token', refresh_token: token })).status;
    if (!lost) await say('the newest refresh token', async () => (await use(latest)) === 200);
    for (const old of used.slice(-2)) await say('a used refresh token works again', () => refused(use(old)));
  }
  for (const code of facts.codes)
    await say('a redeemed code works again', () =>
      refused(citizens.tokens(code.client, citizens.redeemFields(code)).then(({ status }) => status)),
    );
  return losses;
};
