import { randomInt } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { Person } from '../tests/support/browse.ts';
import { createCitizens, createNetwork, newAccount, type Account } from '../tests/support/cluster/citizen.ts';
import { startCluster } from '../tests/support/cluster/cluster.ts';
import { attacks, type Outcome, type Target } from './storm-attacks.ts';

/*
 * Hostile requests from many addresses against two nodes while citizens log in. Prints the 95th percentile of honest
 * logins before and meanwhile, and what became of the hostile ones. Ends with 1 when somebody got in, an owner was locked
 * out, or honest logins took more than twice as long.
 */

const { values } = parseArgs({
  options: {
    requests: { type: 'string', default: '40000' },
    seconds: { type: 'string', default: '60' },
    json: { type: 'boolean', default: false },
    program: { type: 'string' },
  },
});
const wanted = Number(values.requests);
const seconds = Number(values.seconds);
const quietSeconds = Math.min(20, seconds);
const citizensCount = 12;

const p95 = (times: readonly number[]): number =>
  Math.round(times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.95)] ?? 0);

const cluster = await startCluster({ parts: ['id'], cards: 0, program: values.program ?? process.cwd() });
try {
  const network = createNetwork();
  const citizens = createCitizens(cluster, network);
  /** Each with the browser in which the account was made: strangers' guesses make only unknown devices wait. */
  const owners: { readonly account: Account; readonly person: Person }[] = [];
  for (let i = 0; i < citizensCount; i++) {
    const account = newAccount();
    const { person } = await citizens.register(account);
    owners.push({ account, person });
  }

  /** Two citizens, each with one login after the other and a moment between. */
  const honest = async (until: number): Promise<{ readonly times: number[]; readonly failed: string[] }> => {
    const times: number[] = [];
    const failed: string[] = [];
    const one = async (own: typeof owners): Promise<void> => {
      while (performance.now() < until) {
        const began = performance.now();
        try {
          const owner = own[randomInt(own.length)];
          if (owner) await citizens.login(owner.account, undefined, owner.person, true);
          times.push(performance.now() - began);
        } catch (error) {
          failed.push((error as Error).message);
        }
        await pause(100);
      }
    };
    await Promise.all([one(owners.slice(0, citizensCount / 2)), one(owners.slice(citizensCount / 2))]);
    return { times, failed };
  };

  const quiet = await honest(performance.now() + quietSeconds * 1000);

  const { ask } = cluster.installation.clients;
  const target: Target = {
    issuer: cluster.issuer,
    clientId: ask.id,
    redirectUri: ask.redirectUri,
    victims: owners.map(({ account }) => account.email),
  };
  const outcomes: Record<Outcome, number> = { refused: 0, overloaded: 0, cut: 0, served: 0, 'break-in': 0 };
  const byAttack: Record<string, number> = {};
  let sent = 0;
  const end = performance.now() + seconds * 1000;
  const begin = performance.now();
  const lottery = attacks.flatMap((attack) => Array.from({ length: attack.share }, () => attack));
  /** Keeps to the rate whatever the answers take: attackers do not wait. */
  const storm = async (): Promise<void> => {
    const open = new Set<Promise<void>>();
    while (performance.now() < end) {
      const due = ((performance.now() - begin) / (seconds * 1000)) * wanted;
      while (sent < due && open.size < 3000) {
        const attack = lottery[randomInt(lottery.length)] ?? attacks[1];
        byAttack[attack.name] = (byAttack[attack.name] ?? 0) + 1;
        sent += attack.name === 'password guesses' ? 3 : 1;
        const running = attack.run(target).then((all) => {
          for (const one of all) outcomes[one] += 1;
        });
        open.add(running);
        void running.finally(() => open.delete(running));
      }
      await pause(5);
    }
    await Promise.all(open);
  };
  const [stormy] = await Promise.all([honest(end), storm()]);
  const took = (performance.now() - begin) / 1000;

  // Nobody is locked out of an account of their own.
  const locked: string[] = [];
  for (const { account, person } of owners)
    await citizens
      .login(account, undefined, person, true)
      .catch((error: unknown) => locked.push((error as Error).message));
  const result = {
    hostile: sent,
    seconds: Math.round(took),
    outcomes,
    byAttack,
    breakIns: outcomes['break-in'],
    lockedOut: locked,
    quiet: { logins: quiet.times.length, failed: quiet.failed.length, p95Ms: p95(quiet.times) },
    storm: { logins: stormy.times.length, failed: stormy.failed.length, p95Ms: p95(stormy.times) },
    ratio: Math.round((p95(stormy.times) / p95(quiet.times)) * 100) / 100,
  };
  console.log(values.json ? JSON.stringify(result) : result);
  const held = result.breakIns === 0 && locked.length === 0 && stormy.times.length > 0 && result.ratio < 2;
  process.exitCode = held ? 0 : 1;
} finally {
  await cluster.close();
}
