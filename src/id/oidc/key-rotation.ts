import type { Ageing } from '../../assurance/policy.ts';
import type { Database } from '../../storage/database.ts';
import type { Sealer } from '../../storage/sealing.ts';
import { appendEvents, type AuditTables } from '../audit/journal.ts';
import { isOfUse, keyUses, makeKey, stageOf, type KeyRow, type KeyStage, type KeyTables, type KeyUse } from './keys.ts';
import type { Lifetimes } from './configuration.ts';

/** How long a key is known before it signs, and how long it is known after; ms. */
export interface KeySchedule {
  readonly publication: number;
  readonly overlap: number;
}

/** Nodes notice a change by asking every few seconds, and their clocks differ; ms. */
const margin = 5 * 60_000;

/**
 * A retired key stays for as long as anything that it has signed may come back: a token until its end, an ID token as a
 * hint until the session has ended, a cookie likewise.
 *
 * @param publication seconds.
 */
export const keySchedule = (publication: number, lifetimes: Lifetimes, ageing: Ageing): KeySchedule => {
  const { id_token: idToken, access_token: accessToken, api_access_token: forApis, interaction } = lifetimes;
  const sessions = Object.values(ageing).map(({ longest }) => longest);
  return {
    publication: publication * 1000,
    overlap: Math.max(idToken, accessToken, forApis, interaction, ...sessions) * 1000 + margin,
  };
};

type Tables = KeyTables & AuditTables;

/** A key as it is listed: nothing of it that would be secret. */
export interface KeyListed {
  readonly kid: string;
  readonly use: KeyUse;
  readonly stage: KeyStage;
  /** ms since the epoch. */
  readonly publishedFrom: number;
  readonly signsFrom: number;
  readonly goneAt?: number;
}

export const listKeys = async <All extends Tables>(database: Database<All>): Promise<KeyListed[]> => {
  const now = Date.now();
  const rows = await (database as unknown as Database<Tables>).query.selectFrom('keys').selectAll().execute();
  return keyUses.flatMap((use) =>
    rows
      .filter((row) => isOfUse(row, use))
      .sort((a, b) => b.sign_from - a.sign_from)
      .map((row) => ({
        kid: row.kid,
        use,
        stage: stageOf(row, rows, now),
        publishedFrom: row.publish_at,
        signsFrom: row.sign_from,
        ...(row.retire_at === null ? {} : { goneAt: row.retire_at }),
      })),
  );
};

/**
 * Plans the change from the key that signs to a new one: published at once, signing after the publication time; then the
 * old one stays for the overlap. Nothing else has to be done: all nodes follow the times in the rows.
 *
 * @returns undefined when a next key of this use is waiting already.
 */
export const rotateKey = async <All extends Tables>(
  database: Database<All>,
  sealer: Sealer,
  use: KeyUse,
  { publication, overlap }: KeySchedule,
  operator: string,
): Promise<KeyListed | undefined> => {
  const now = Date.now();
  const signFrom = now + publication;
  const row = await makeKey(use, sealer, { publish_at: now, sign_from: signFrom });
  const rotated = await (database as unknown as Database<Tables>).transaction(async (trx) => {
    const rows = (await trx.selectFrom('keys').selectAll().execute()).filter((known) => isOfUse(known, use));
    if (rows.some((known) => known.sign_from > now)) return false;
    const open = rows.filter((known): known is KeyRow & { retire_at: null } => known.retire_at === null);
    for (const { kid } of open)
      await trx
        .updateTable('keys')
        .set({ retire_at: signFrom + overlap })
        .where('kid', '=', kid)
        .execute();
    await trx.insertInto('keys').values(row).execute();
    await appendEvents(trx, [{ type: 'keys.rotated', use, kid: row.kid, operator }]);
    return true;
  });
  return rotated ? { kid: row.kid, use, stage: 'next', publishedFrom: now, signsFrom: signFrom } : undefined;
};

/** A private key that nothing needs any more is thrown away a day after its end, so that no clock is too early. */
export const purgeKeys = async <All extends KeyTables>(database: Database<All>): Promise<void> => {
  await (database as unknown as Database<KeyTables>).query
    .deleteFrom('keys')
    .where('retire_at', '<', Date.now() - 24 * 3_600_000)
    .execute();
};
