import type { ArtifactKeys } from './artifact-keys.ts';
import type { Artifact, Artifacts, JsonObject } from './artifacts.ts';
import { redisScript } from './redis-client.ts';
import type { RedisConnection, RedisStep } from './redis-client.ts';

/*
 * A record is a hash: p the sealed payload, e its end by our clock, c when it was consumed, a its alias, g its group.
 * An alias is a string that names the record; a group is a sorted set of records by their end. The record is written
 * before what points to it, and what points to it is checked against the record, so that no order of events finds a
 * record by a name that it no longer has. Every key has a TTL; `e` makes the end exact and lets tests move the clock.
 */

const dropExpired = `
local ends = redis.call('HGET', KEYS[1], 'e')
if ends and tonumber(ends) <= tonumber(ARGV[1]) then redis.call('DEL', KEYS[1]) ends = false end`;

/** now, ttl, end, payload, alias or "", group or "". The field c stays: what was consumed stays consumed. */
const save = redisScript(`${dropExpired}
redis.call('HSET', KEYS[1], 'p', ARGV[4], 'e', ARGV[3])
if ARGV[5] == '' then redis.call('HDEL', KEYS[1], 'a') else redis.call('HSET', KEYS[1], 'a', ARGV[5]) end
if ARGV[6] == '' then redis.call('HDEL', KEYS[1], 'g') else redis.call('HSET', KEYS[1], 'g', ARGV[6]) end
redis.call('PEXPIRE', KEYS[1], ARGV[2])`);

/** now, ttl, end, payload. */
const saveNew = redisScript(`${dropExpired}
if ends then return 0 end
redis.call('HSET', KEYS[1], 'p', ARGV[4], 'e', ARGV[3])
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return 1`);

/** now. */
const consume = redisScript(`${dropExpired}
if not ends then return 0 end
return redis.call('HSETNX', KEYS[1], 'c', ARGV[1])`);

const removeRecord = redisScript("return redis.call('DEL', KEYS[1])");

/** Removes a record that has no alias, or says which alias must go first. */
const removeOrName = redisScript(`
local alias = redis.call('HGET', KEYS[1], 'a')
if alias then return alias end
redis.call('DEL', KEYS[1])
return false`);

/** The record's name: an alias that points to another record by now is left alone. */
const removeAlias = redisScript(`
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0`);

/** The record's name, ttl. */
const nameAlias = redisScript("redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])");

/** now, ttl, end, the record's name. The set lives as long as the longest of its members. */
const join = redisScript(`
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', ARGV[1])
redis.call('ZADD', KEYS[1], ARGV[3], ARGV[4])
if redis.call('PTTL', KEYS[1]) < tonumber(ARGV[2]) then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end`);

/** The group's name. */
const removeIfMember = redisScript(`
if redis.call('HGET', KEYS[1], 'g') == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0`);

/** How many members of a group are removed at once. */
const slice = 100;

/** Artifacts in Redis. `prefix` keeps the parts apart. The connection is not closed here. */
export function createRedisArtifacts(redis: RedisConnection, prefix: string, keys: ArtifactKeys): Artifacts {
  const recordKey = (name: string): string => `${prefix}:artifact:${name}`;
  const aliasKey = (name: string): string => `${prefix}:alias:${name}`;
  const groupKey = (name: string): string => `${prefix}:group:${name}`;

  const timesOf = (ttl: number): { now: number; life: number; end: number } => {
    const now = Date.now();
    const life = Math.max(1, Math.round(ttl * 1000));
    return { now, life, end: now + life };
  };

  const seal = (kind: string, name: string, payload: JsonObject): Buffer => Buffer.from(keys.seal(kind, name, payload));

  const read = async (kind: string, name: string, alias?: string): Promise<Artifact | undefined> => {
    const fields = await redis.ask((client) => client.hmgetBuffer(recordKey(name), 'p', 'e', 'c', 'a'));
    const [box, end, consumed, hasAlias] = fields;
    if (!box || !end || Number(end.toString()) <= Date.now()) return undefined;
    if (alias !== undefined && hasAlias?.toString() !== alias) return undefined;
    const payload = keys.open(kind, name, box);
    return consumed ? { payload, consumedAt: Number(consumed.toString()) } : { payload };
  };

  return {
    async save(kind, id, payload, { ttl, alias, group }) {
      const name = keys.name('id', kind, id);
      const aliasName = alias === undefined ? '' : keys.name('alias', kind, alias);
      const groupName = group === undefined ? '' : keys.name('group', kind, group);
      const { now, life, end } = timesOf(ttl);
      const steps: RedisStep[] = [
        [save, recordKey(name), [now, life, end, seal(kind, name, payload), aliasName, groupName]],
      ];
      if (aliasName !== '') steps.push([nameAlias, aliasKey(aliasName), [name, life]]);
      if (groupName !== '') steps.push([join, groupKey(groupName), [now, life, end, name]]);
      await redis.runAll(steps);
    },
    async saveNew(kind, id, payload, { ttl }) {
      const name = keys.name('id', kind, id);
      const { now, life, end } = timesOf(ttl);
      return (await redis.runLasting(saveNew, recordKey(name), [now, life, end, seal(kind, name, payload)])) === 1;
    },
    find: (kind, id) => read(kind, keys.name('id', kind, id)),
    async findByAlias(kind, alias) {
      const aliasName = keys.name('alias', kind, alias);
      const name = await redis.ask((client) => client.get(aliasKey(aliasName)));
      return name === null ? undefined : read(kind, name, aliasName);
    },
    async consume(kind, id) {
      return (await redis.runLasting(consume, recordKey(keys.name('id', kind, id)), [Date.now()])) === 1;
    },
    async remove(kind, id) {
      const name = keys.name('id', kind, id);
      const alias = (await redis.runLasting(removeOrName, recordKey(name), [])) as string | null;
      if (alias === null) return;
      await redis.run(removeAlias, aliasKey(alias), [name]);
      await redis.runLasting(removeRecord, recordKey(name), []);
    },
    async removeGroup(kind, group) {
      const groupName = keys.name('group', kind, group);
      for (;;) {
        const members = await redis.ask((client) => client.zrange(groupKey(groupName), '0', String(slice - 1)));
        if (members.length === 0) return;
        await Promise.all(members.map((name) => redis.runLasting(removeIfMember, recordKey(name), [groupName])));
        await redis.ask((client) => client.zrem(groupKey(groupName), ...members));
      }
    },
    async close() {},
  };
}
