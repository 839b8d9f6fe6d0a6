import { parseArgs } from 'node:util';
import type { Citizen } from '../id/identity/citizen.ts';
import type { CitizenRepository } from '../id/identity/repository.ts';
import { createEvidenceStore } from '../id/oidc/evidence-store.ts';
import { removeSessions } from '../id/oidc/sessions.ts';
import { Misunderstood, operatorName, withRecords, type CommandContext } from './context.ts';

export const citizenUsage = `bayern-id citizen lock|unlock|logout|delete <login name or account id> --reason "…"
                                  the citizen can read the reason; no credential is ever set; delete takes effect
                                  after 14 days, unless the citizen logs in and undoes it`;

const kinds = ['lock', 'unlock', 'logout', 'delete'] as const;
const longestReason = 1000;

const done = { lock: 'locked', unlock: 'unlocked', logout: 'logged out everywhere', delete: 'to be deleted' } as const;

const find = async (citizens: CitizenRepository, who: string): Promise<Citizen | undefined> =>
  (await citizens.find(who)) ?? (await citizens.findByLoginName(who))?.citizen;

const read = (args: readonly string[]): { kind: (typeof kinds)[number]; who: string; reason: string } => {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { reason: { type: 'string' } },
      allowPositionals: true,
    });
    const [verb, who, ...more] = positionals;
    const kind = kinds.find((one) => one === verb);
    const reason = values.reason?.trim() ?? '';
    if (kind && who !== undefined && more.length === 0 && reason !== '' && reason.length <= longestReason)
      return { kind, who, reason };
  } catch {
    // Told below, like everything that was not understood.
  }
  throw new Misunderstood(citizenUsage);
};

/** @returns the exit code: 0 done, 1 nothing was done. */
export const citizenCommand = async (args: readonly string[], context: CommandContext): Promise<number> => {
  const { kind, who, reason } = read(args);
  return withRecords(context, async ({ citizens, sessions }, { artifacts }) => {
    const account = (await find(citizens, who))?.account;
    if (!account) {
      context.print('there is no such account');
      return 1;
    }
    const open = kind === 'unlock' ? [] : await sessions.ofAccount(account.id);
    const outcome = await citizens.act(account.id, { kind, reason, operator: operatorName() });
    if (outcome !== 'done') {
      context.print(`account ${account.id} is ${outcome === 'unknown' ? 'gone' : `${done[kind]} already`}`);
      return 1;
    }
    await removeSessions({ artifacts, evidence: createEvidenceStore(artifacts) }, open);
    const ended = new Set(open.map((row) => row.session_uid)).size;
    context.print(`account ${account.id} is ${done[kind]}${kind === 'unlock' ? '' : `; sessions ended: ${ended}`}`);
    return 0;
  });
};
