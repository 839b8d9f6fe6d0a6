import type { ArtifactKeys } from './artifact-keys.ts';
import type { Counters } from './counters.ts';
import type { Database } from './database.ts';
import { startPurge, statementRunner } from './expiring-sql.ts';

const increase = `insert into counter (key, value, expires_at) values ($1, $2, $4)
  on conflict (key) do update set
    value = case when counter.expires_at > $3 then counter.value + $2 else $2 end,
    expires_at = case when counter.expires_at > $3 then counter.expires_at else $4 end
  returning value`;

const decrease = `update counter set value = case when value > $2 then value - $2 else 0 end
  where key = $1 and expires_at > $3 returning value`;

const read = 'select value from counter where key = $1 and expires_at > $2';

const reset = 'delete from counter where key = $1';

/** Counters in SQL, one statement per step. The database must have the tables of expiring-schema.ts; it is not closed here. */
export function createSqlCounters<Tables>(database: Database<Tables>, keys: ArtifactKeys): Counters {
  const run = statementRunner(database);
  const stopPurge = startPurge(run, 'counter');
  const valueOf = (rows: { value: number }[]): number => rows[0]?.value ?? 0;
  const name = (key: string): string => keys.name('counter', '', key);

  return {
    async add(key, amount, ttl) {
      const now = Date.now();
      if (amount <= 0) return valueOf(await run(decrease, [name(key), -amount, now]));
      return valueOf(await run(increase, [name(key), amount, now, now + Math.round(ttl * 1000)]));
    },
    async read(key) {
      return valueOf(await run(read, [name(key), Date.now()]));
    },
    async reset(key) {
      await run(reset, [name(key)]);
    },
    close: stopPurge,
  };
}
