import { setTimeout as pause } from 'node:timers/promises';
import type { Person } from '../tests/support/browse.ts';
import {
  newAccount,
  type Account,
  type BegunLogin,
  type Citizens,
  type Code,
  type Network,
} from '../tests/support/cluster/citizen.ts';
import type { TestClient } from '../tests/support/cluster/installation.ts';

/** Who logs in: from a browser of before, from a new one, or with the page open since before the storm. */
export const kinds = ['known browser', 'unknown browser', 'in the middle'] as const;
export type Kind = (typeof kinds)[number];

export interface Login {
  readonly kind: Kind;
  /** ms that the citizen waited, pauses after a 503 included, typing left out. */
  readonly ms: number;
  /** How often they were sent away and came again. */
  readonly again: number;
  /** What stood in the way in the end. */
  readonly failed?: string;
}

export interface Owner {
  readonly account: Account;
  readonly person: Person;
}

/** As fast as anybody types. */
const typing = 3200;

/** Citizens press "try again" so often. */
const tries = 4;

export interface StormCitizensParts {
  readonly citizens: Citizens;
  readonly network: Network;
  readonly client: TestClient;
}

export const createStormCitizens = ({ citizens, network, client }: StormCitizensParts) => {
  const logins: Login[] = [];

  /** Does something until it succeeds, as somebody does who reads the page of a 503. */
  const persist = async <Result>(work: () => Promise<Result>): Promise<{ result: Result; again: number }> => {
    for (let again = 0; ; again++) {
      const before = network.refusals.length;
      try {
        return { result: await work(), again };
      } catch (error) {
        const [refusal] = network.refusals.slice(before);
        if (!refusal || again >= tries) throw error;
        await pause(Number(refusal.retryAfter ?? 5) * 1000);
      }
    }
  };

  const redeem = async (code: Code): Promise<void> => {
    const { status } = await citizens.tokens(code.client, citizens.redeemFields(code));
    if (status !== 200) throw new Error(`no tokens: ${status}`);
  };

  /** Times the waits of a login; `between` is not waiting. */
  const timed = async (kind: Kind, begin: () => Promise<BegunLogin>, account: Account, between: number) => {
    let waited = 0;
    let again = 0;
    const wait = async <Result>(work: () => Promise<Result>): Promise<Result> => {
      const began = performance.now();
      try {
        const { result, again: more } = await persist(work);
        again += more;
        return result;
      } finally {
        waited += performance.now() - began;
      }
    };
    try {
      const begun = await wait(async () => {
        const at = await begin();
        if (at.page.status !== 200) throw new Error(`no page to log in: ${at.page.status}`);
        return at;
      });
      await pause(between);
      const code = await wait(() => citizens.endLogin(account, begun));
      await wait(() => redeem(code));
      logins.push({ kind, ms: waited, again });
    } catch (error) {
      logins.push({ kind, ms: waited, again, failed: (error as Error).message });
    }
  };

  return {
    /** Accounts with the browser in which they were made. */
    async make(count: number): Promise<Owner[]> {
      const owners: Owner[] = [];
      for (let i = 0; i < count; i++) {
        const account = newAccount();
        const { person } = await citizens.register(account);
        owners.push({ account, person });
      }
      return owners;
    },

    /** Opens the page of a login in a new browser. @returns what finishes it, later */
    async open({ account }: Owner): Promise<() => Promise<void>> {
      const begun = await citizens.beginLogin(client, citizens.newBrowser(), false);
      return () => timed('in the middle', () => Promise.resolve(begun), account, 0);
    },

    /** One login after the other until then. */
    async knownBrowser(owners: readonly Owner[], until: number): Promise<void> {
      for (let i = 0; performance.now() < until; i++) {
        const owner = owners[i % owners.length];
        if (owner)
          await timed('known browser', () => citizens.beginLogin(client, owner.person, true), owner.account, 0);
        await pause(250);
      }
    },

    async unknownBrowser(owners: readonly Owner[], until: number): Promise<void> {
      for (let i = 0; performance.now() < until; i++) {
        const owner = owners[i % owners.length];
        if (owner)
          await timed(
            'unknown browser',
            () => citizens.beginLogin(client, citizens.newBrowser(), false),
            owner.account,
            typing,
          );
      }
    },

    /** What was noted since the last call. */
    take: (): Login[] => logins.splice(0),
  };
};
