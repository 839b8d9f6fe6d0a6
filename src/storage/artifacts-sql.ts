import type { ArtifactKeys } from './artifact-keys.ts';
import type { Artifact, Artifacts } from './artifacts.ts';
import type { Database } from './database.ts';
import { startPurge, statementRunner } from './expiring-sql.ts';

interface Row {
  readonly key: string;
  readonly box: Uint8Array;
  readonly consumed_at: number | null;
}

/** $4 is the present. */
const insert = `insert into artifact (key, box, expires_at, saved_at, alias, member_of)
  values ($1, $2, $3, $5, $6, $7)
  on conflict (key) do update set`;

/** An artifact that was consumed and lives stays consumed: a late save must not make it usable again. */
const save = `${insert} box = excluded.box, alias = excluded.alias, member_of = excluded.member_of,
  consumed_at = case when artifact.expires_at > $4 then artifact.consumed_at end,
  expires_at = excluded.expires_at, saved_at = excluded.saved_at`;

const saveNew = `${insert} box = excluded.box, alias = null, member_of = null, consumed_at = null,
  expires_at = excluded.expires_at, saved_at = excluded.saved_at
  where artifact.expires_at <= $4 returning key`;

const find = 'select key, box, consumed_at from artifact where key = $1 and expires_at > $2';

/** While a session changes its id, two artifacts may have the alias: the younger one is meant. */
const findByAlias = `select key, box, consumed_at from artifact where alias = $1 and expires_at > $2
  order by saved_at desc limit 1`;

const consume = `update artifact set consumed_at = $2
  where key = $1 and consumed_at is null and expires_at > $2 returning key`;

const remove = 'delete from artifact where key = $1';

const removeGroup = 'delete from artifact where member_of = $1';

/** The order of saves: microseconds since the epoch, of which the last three digits count saves within a millisecond. */
const createSequence = (): ((now: number) => number) => {
  let latest = 0;
  let within = 0;
  return (now) => {
    within = now === latest ? within + 1 : 0;
    latest = now;
    return now * 1000 + within;
  };
};

/** Artifacts in SQL. The database must have the tables of expiring-schema.ts; it is not closed here. */
export function createSqlArtifacts<Tables>(database: Database<Tables>, keys: ArtifactKeys): Artifacts {
  const run = statementRunner(database);
  const sequence = createSequence();
  const stopPurge = startPurge(run, 'artifact');

  const toArtifact = (kind: string, row: Row | undefined): Artifact | undefined => {
    if (row === undefined) return undefined;
    const payload = keys.open(kind, row.key, row.box);
    return row.consumed_at === null ? { payload } : { payload, consumedAt: row.consumed_at };
  };

  return {
    async save(kind, id, payload, { ttl, alias, group }) {
      const key = keys.name('id', kind, id);
      const now = Date.now();
      await run(save, [
        key,
        keys.seal(kind, key, payload),
        now + Math.round(ttl * 1000),
        now,
        sequence(now),
        alias === undefined ? null : keys.name('alias', kind, alias),
        group === undefined ? null : keys.name('group', kind, group),
      ]);
    },
    async saveNew(kind, id, payload, { ttl }) {
      const key = keys.name('id', kind, id);
      const now = Date.now();
      const box = keys.seal(kind, key, payload);
      const written = await run(saveNew, [key, box, now + Math.round(ttl * 1000), now, sequence(now), null, null]);
      return written.length === 1;
    },
    async find(kind, id) {
      const rows = await run<Row>(find, [keys.name('id', kind, id), Date.now()]);
      return toArtifact(kind, rows[0]);
    },
    async findByAlias(kind, alias) {
      const rows = await run<Row>(findByAlias, [keys.name('alias', kind, alias), Date.now()]);
      return toArtifact(kind, rows[0]);
    },
    async consume(kind, id) {
      return (await run(consume, [keys.name('id', kind, id), Date.now()])).length === 1;
    },
    async remove(kind, id) {
      await run(remove, [keys.name('id', kind, id)]);
    },
    async removeGroup(kind, group) {
      await run(removeGroup, [keys.name('group', kind, group)]);
    },
    close: stopPurge,
  };
}
