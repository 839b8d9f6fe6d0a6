import type { ArtifactKeys } from './artifact-keys.ts';
import type { Counters } from './counters.ts';
import { redisScript } from './redis-client.ts';
import type { RedisConnection } from './redis-client.ts';

/** A counter is a hash: n its value, e its end by our clock. now, ttl, end, amount. */
const add = redisScript(`
local ends = redis.call('HGET', KEYS[1], 'e')
local amount = tonumber(ARGV[4])
if not ends or tonumber(ends) <= tonumber(ARGV[1]) then
  if amount <= 0 then return 0 end
  redis.call('HSET', KEYS[1], 'n', amount, 'e', ARGV[3])
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
  return amount
end
local value = redis.call('HINCRBY', KEYS[1], 'n', amount)
if value >= 0 then return value end
redis.call('HSET', KEYS[1], 'n', 0)
return 0`);

/** Counters in Redis, one script per step. `prefix` keeps the parts apart. The connection is not closed here. */
export function createRedisCounters(redis: RedisConnection, prefix: string, keys: ArtifactKeys): Counters {
  const keyOf = (key: string): string => `${prefix}:counter:${keys.name('counter', '', key)}`;
  return {
    async add(key, amount, ttl) {
      const now = Date.now();
      const life = Math.max(1, Math.round(ttl * 1000));
      return Number(await redis.run(add, keyOf(key), [now, life, now + life, amount]));
    },
    async read(key) {
      const [value, end] = await redis.ask((client) => client.hmget(keyOf(key), 'n', 'e'));
      return value && end && Number(end) > Date.now() ? Number(value) : 0;
    },
    async reset(key) {
      await redis.ask((client) => client.del(keyOf(key)));
    },
    async close() {},
  };
}
