import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { forgetMark } from '../id/audit/went-back.ts';
import type { CitizenRepository } from '../id/identity/repository.ts';
import { createEvidenceStore } from '../id/oidc/evidence-store.ts';
import { removeSessions } from '../id/oidc/sessions.ts';
import { setSwitch } from '../id/switches.ts';
import { operatorName, withRecords, type CommandContext } from './context.ts';

/** A line of `audit export`. */
interface Exported {
  readonly id: string;
  readonly at: string;
  readonly type: string;
  readonly accountId?: string;
  readonly clientId?: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** After these an old way in works again that its owner, or whoever helped her, has ended. */
const endsWayIn = new Set([
  'card.removed',
  'card.replaced',
  'credential.removed',
  'email.changed',
  'not_me',
  'password.changed',
]);

/** What is read by the owner of an account that is locked, in place of a reason that nobody can read any more. */
const reason =
  'Nach einer Störung wurde ein älterer Stand der Daten wiederhergestellt. Zu Ihrem Schutz ist das Konto gesperrt, bis geklärt ist, was seitdem geändert wurde.';
const deletionReason =
  'Nach einer Störung wurde ein älterer Stand der Daten wiederhergestellt. Die Löschung des Kontos, die seitdem beantragt worden war, ist deshalb neu vorgemerkt.';

interface TakenBack {
  /** Account → why it is to be locked: what it has lost. */
  readonly lock: Map<string, Set<string>>;
  readonly toDelete: Set<string>;
  /** `<kind> <name>` → whether it was on. */
  readonly switches: Map<string, { readonly kind: 'method' | 'client'; readonly name: string; readonly on: boolean }>;
  /** Account and client. */
  readonly withdrawn: Map<string, { readonly accountId: string; readonly clientId: string }>;
  readonly revokedHandles: { readonly accountId: string; readonly authority: string }[];
  /** Of which the journal does not say whose they were, or which nobody can make again. */
  readonly count: Map<string, number>;
}

const collect = (events: readonly Exported[]): TakenBack => {
  const all: TakenBack = {
    lock: new Map(),
    toDelete: new Set(),
    switches: new Map(),
    withdrawn: new Map(),
    revokedHandles: [],
    count: new Map(),
  };
  const because = (accountId: string, what: string): void => {
    all.lock.set(accountId, (all.lock.get(accountId) ?? new Set()).add(what));
  };
  for (const { type, accountId, clientId, detail } of events) {
    all.count.set(type, (all.count.get(type) ?? 0) + 1);
    if (type === 'client.switched' && clientId !== undefined)
      all.switches.set(`client ${clientId}`, { kind: 'client', name: clientId, on: detail['on'] === true });
    if (type === 'method.switched' && typeof detail['method'] === 'string')
      all.switches.set(`method ${detail['method']}`, {
        kind: 'method',
        name: detail['method'],
        on: detail['on'] === true,
      });
    if (accountId === undefined) continue;
    if (type === 'account.locked') because(accountId, type);
    if (type === 'account.unlocked') all.lock.get(accountId)?.delete('account.locked');
    if (endsWayIn.has(type)) because(accountId, type);
    if (type === 'accounts.joined' && detail['part'] === 'closed') because(accountId, type);
    if (type === 'deletion.planned' || type === 'account.to_be_deleted') all.toDelete.add(accountId);
    if (type === 'deletion.cancelled') all.toDelete.delete(accountId);
    if (type === 'consent.withdrawn' && clientId !== undefined)
      all.withdrawn.set(`${accountId} ${clientId}`, { accountId, clientId });
    if (type === 'consent.given') all.withdrawn.delete(`${accountId} ${clientId ?? ''}`);
    if (type === 'postfach.revoked' && typeof detail['authority'] === 'string')
      all.revokedHandles.push({ accountId, authority: detail['authority'] });
  }
  for (const [accountId, why] of all.lock) if (why.size === 0) all.lock.delete(accountId);
  return all;
};

const readExport = async (file: string): Promise<Exported[]> => {
  const events: Exported[] = [];
  for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
    if (line === '') continue;
    const event = JSON.parse(line) as Exported;
    if (typeof event.id !== 'string' || typeof event.type !== 'string')
      throw new Error(`${file} is no export of the journal`);
    events.push(event);
  }
  return events;
};

const act = async (citizens: CitizenRepository, accountId: string, kind: 'lock' | 'delete'): Promise<string> => {
  const outcome = await citizens.act(accountId, {
    kind,
    reason: kind === 'lock' ? reason : deletionReason,
    operator: operatorName(),
  });
  const done = kind === 'lock' ? 'locked' : 'to be deleted in 14 days';
  return outcome === 'done' ? done : outcome === 'unknown' ? 'gone with the restore' : `${done} already`;
};

/**
 * What a database has lost that was restored from earlier, by a journal that was exported since: with `apply`, what can be
 * done again is done again, and whoever has lost the end of a way in is locked until that is settled.
 *
 * @returns the exit code: 0 nothing is lost, or all of it was dealt with as far as it can be; 1 something is lost.
 */
export const takenBack = (file: string, apply: boolean, context: CommandContext): Promise<number> =>
  withRecords(context, async ({ auditChain, citizens, services, sessions }, stores) => {
    const { print } = context;
    const events = await readExport(file);
    const gone = new Set(await auditChain.missing(events.map(({ id }) => id)));
    const lost = events.filter(({ id }) => gone.has(id));
    if (lost.length === 0) {
      print(`all ${events.length} events of ${file} are in the journal: nothing was taken back`);
      if (apply) await forgetMark(stores.artifacts);
      return 0;
    }
    print(`${lost.length} events are lost, from ${lost[0]?.at ?? ''} to ${lost.at(-1)?.at ?? ''}`);
    const found = collect(lost);
    for (const [accountId, why] of found.lock) {
      const open = apply ? await sessions.ofAccount(accountId) : [];
      const done = apply ? await act(citizens, accountId, 'lock') : 'lock it';
      await removeSessions({ artifacts: stores.artifacts, evidence: createEvidenceStore(stores.artifacts) }, open);
      print(`account ${accountId}: ${[...why].join(', ')}: ${done}`);
    }
    for (const accountId of found.toDelete)
      print(
        `account ${accountId}: was to be deleted: ${apply ? await act(citizens, accountId, 'delete') : 'plan it again'}`,
      );
    for (const { kind, name, on } of found.switches.values()) {
      const turn = `switch ${on ? 'on' : 'off'}`;
      if (apply) await setSwitch(stores.records, { kind, name, off: !on }, operatorName());
      print(`${kind} ${name}: ${apply ? `is ${on ? 'on' : 'off'}` : turn}`);
    }
    for (const { accountId, clientId } of found.withdrawn.values()) {
      const done =
        apply &&
        (await services.withdrawConsent(accountId, clientId, [{ type: 'consent.withdrawn', accountId, clientId }]));
      print(
        `account ${accountId}: consent for ${clientId}: ${apply ? (done ? 'withdrawn' : 'there is none') : 'withdraw it'}`,
      );
    }
    for (const { accountId, authority } of found.revokedHandles)
      print(`account ${accountId}: ${authority} has its address in Mein Postfach again: ask the owner`);
    const deleted = found.count.get('account.deleted') ?? 0;
    if (deleted > 0)
      print(
        `${deleted} accounts were deleted for good and are back; the journal does not say which. Those that were planned before are deleted again within the hour`,
      );
    const created = found.count.get('account.created') ?? 0;
    if (created > 0) print(`${created} accounts were made and are gone: their owners have to register again`);
    if (!apply) {
      print('nothing was changed: --apply does it');
      return 1;
    }
    await forgetMark(stores.artifacts);
    return 0;
  });
