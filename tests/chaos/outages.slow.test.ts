import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { Client } from 'pg';
import {
  createCitizens,
  createNetwork,
  newAccount,
  subjectOf,
  type Citizens,
  type Network,
} from '../support/cluster/citizen.ts';
import { startCluster, type Cluster } from '../support/cluster/cluster.ts';
import { findLosses, loginsWork, startLoad, type KnownAccount } from '../support/cluster/load.ts';
import type { RedisGroup } from '../support/cluster/redis-group.ts';
import { describeIf, need } from '../support/lack.ts';

describeIf(need('postgres') && need('redis-server'), 'stores out of order', () => {
  let cluster: Cluster;
  let network: Network;
  let citizens: Citizens;
  let account: KnownAccount;
  let pids: (number | undefined)[];
  let redis: RedisGroup;
  const processes = (): (number | undefined)[] => cluster.nodes.map((node) => node.run.child.pid);

  beforeAll(async () => {
    cluster = await startCluster({ parts: ['id'] });
    if (!('members' in cluster.redis)) throw new Error('Redis has no replicas');
    redis = cluster.redis;
    network = createNetwork();
    citizens = createCitizens(cluster, network);
    const fresh = newAccount();
    const code = await citizens.register(fresh);
    const answer = await citizens.tokens(code.client, citizens.redeemFields(code));
    account = { ...fresh, subject: subjectOf(answer) };
    pids = processes();
  });
  afterAll(() => cluster?.close());

  const logsIn = async (): Promise<void> => {
    const code = await citizens.login(account);
    expect(code.consents).toBe(false);
    expect(subjectOf(await citizens.tokens(code.client, citizens.redeemFields(code)))).toBe(account.subject);
  };
  /** Somebody tries again and again until an answer says that it does not work now. Each that says so says when to come again. */
  const refusesClearly = async (): Promise<void> => {
    const before = network.refusals.length;
    while (network.refusals.length === before) await citizens.login(account).catch(() => {});
    for (const refusal of network.refusals.slice(before))
      expect(refusal).toEqual({
        what: expect.any(String),
        status: 503,
        retryAfter: expect.stringMatching(/^[1-9]\d*$/),
      });
    // What needs no store goes on: services check signatures, and nobody restarts a process for this.
    for (const path of ['/.well-known/openid-configuration', '/jwks', '/health/live'])
      expect([path, (await fetch(`${cluster.issuer}${path}`)).status]).toEqual([path, 200]);
  };
  /** Until a login works again, with the processes that were there. */
  const recovers = async (): Promise<void> => {
    await loginsWork(citizens, account);
    await logsIn();
    expect(processes()).toEqual(pids);
  };

  const asPostgres = async <Result>(work: (client: Client) => Promise<Result>): Promise<Result> => {
    const client = new Client({ connectionString: cluster.postgres.url });
    client.on('error', () => {});
    await client.connect();
    try {
      return await work(client);
    } finally {
      await client.end();
    }
  };

  describe('PostgreSQL', () => {
    test('OP-07: gone: a clear 503, and recovery without a restart', async () => {
      await cluster.postgres.kill();
      await refusesClearly();
      // What the stores said last counts for a second (RL-07).
      while ((await fetch(`${cluster.issuer}/health/ready`)).status !== 503) await refusesClearly();
      await cluster.postgres.start();
      await recovers();
    });

    test('slow: a statement that takes too long is given up', async () => {
      const before = network.refusals.length;
      await asPostgres(async (client) => {
        await client.query('begin');
        await client.query('lock table id.accounts in access exclusive mode');
        while (network.refusals.length === before) await citizens.login(account).catch(() => {});
        await client.query('rollback');
      });
      expect(network.refusals.slice(before)).toEqual(
        network.refusals.slice(before).map(({ what }) => ({ what, status: 503, retryAfter: '5' })),
      );
      await recovers();
    });

    test('read-only, as after a fail-over to a server that was not promoted', async () => {
      const before = network.refusals.length;
      const readOnly = (on: boolean): Promise<void> =>
        asPostgres(async (client) => {
          await client.query('set default_transaction_read_only = off');
          await client.query(`alter system set default_transaction_read_only = ${on ? 'on' : 'off'}`);
          await client.query('select pg_reload_conf()');
        });
      const { person } = await citizens.login(account);
      await readOnly(true);
      try {
        while (network.refusals.length === before) await citizens.login(account).catch(() => {});
        while ((await fetch(`${cluster.issuer}/health/ready`)).status !== 503)
          await citizens.login(account).catch(() => {});
        // Nobody is promised a mail that cannot be written down.
        const mail = network.refusals.length;
        await expect(citizens.register(newAccount())).rejects.toThrow('no code is asked for (503)');
        expect(network.refusals.slice(mail).map(({ what }) => what)).toEqual([
          expect.stringMatching(/^POST .*\/registrieren\/e-mail$/),
        ]);
        // Who is logged in goes on: from one service to the next, and services renew their tokens.
        const silent = await citizens.login({ ...account, password: 'not asked for' }, undefined, person);
        expect(subjectOf(await citizens.tokens(silent.client, citizens.redeemFields(silent)))).toBe(account.subject);
      } finally {
        await readOnly(false);
      }
      for (const refusal of network.refusals.slice(before))
        expect(refusal).toMatchObject({ status: 503, retryAfter: '5' });
      await recovers();
    });

    test('no connection left', async () => {
      const held: Client[] = [];
      const holdAll = async (): Promise<void> => {
        for (;;) {
          const client = new Client({ connectionString: cluster.postgres.url });
          client.on('error', () => {});
          try {
            await client.connect();
            held.push(client);
          } catch {
            return;
          }
        }
      };
      await holdAll();
      await held[0]?.query(
        "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'bayern-id'",
      );
      await holdAll();
      await refusesClearly();
      await Promise.all(held.map((client) => client.end()));
      await recovers();
    });
  });

  describe('Redis', () => {
    const atPrimary = async <Result>(work: (client: Redis) => Promise<Result>): Promise<Result> => {
      const client = new Redis((await redis.primary()).url);
      try {
        return await work(client);
      } finally {
        client.disconnect();
      }
    };

    test('OP-03: full: a 503 for what writes, and nobody is logged out', async () => {
      const { person } = await citizens.login(account);
      await atPrimary((client) => client.config('SET', 'maxmemory', '1'));
      const before = network.refusals.length;
      while (network.refusals.length === before) await citizens.login(account).catch(() => {});
      expect(network.refusals[before]).toMatchObject({ status: 503, retryAfter: expect.stringMatching(/^\d+$/) });
      await atPrimary((client) => client.config('SET', 'maxmemory', '0'));
      await recovers();
      // Still logged in: no page asks for anything.
      const again = await citizens.login({ ...account, password: 'not asked for' }, undefined, person);
      expect(again.consents).toBe(false);
    });

    test('OP-05: the primary is killed under load: logins are lost, no fact, and nothing works twice', async () => {
      const load = startLoad({ citizens, cards: cluster.installation.cards, walkers: 3 });
      await load.acknowledges(8);
      const primary = await redis.primary();
      await primary.kill();
      // By the new primary.
      await load.acknowledges(8);
      await load.stop();
      await primary.start();
      await redis.settled(2);
      await recovers();
      // Refresh tokens of the last moments may be gone with the login that they belong to.
      const losses = (await findLosses(citizens, load.facts)).filter(
        (loss) => !loss.startsWith('the newest refresh token'),
      );
      expect(losses).toEqual([]);
      // At /konto ends who is logged in, and whose way back to the service was lost with the login under way.
      const expected = /50[23]|400|no code was mailed|no refresh token|but at \/konto \(200\)/;
      const others = load.facts.stuck.filter((text) => !expected.test(text));
      expect(others).toEqual([]);
    });

    test('restarted empty: everybody logs in again, no account is touched, what was used stays refused', async () => {
      const code = await citizens.login(account);
      expect((await citizens.tokens(code.client, citizens.redeemFields(code))).status).toBe(200);
      await atPrimary((client) => client.flushall());
      expect((await citizens.tokens(code.client, citizens.redeemFields(code))).status).toBe(400);
      await expect(
        citizens.login({ ...account, password: 'wrong-wrong-wrong' }, undefined, code.person),
      ).rejects.toThrow('not back at the service');
      await recovers();
    });
  });
});
