import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ConfigError } from '../config/report.ts';
import { clientVariables } from '../client-variables.ts';
import { outboxSealer, tellByOutbox } from '../portal/bezahlsystem/notices/outbox.ts';
import { centsOf, decimalOf } from '../portal/bezahlsystem/orders/money.ts';
import { createOriginatorLoader } from '../portal/bezahlsystem/originators.ts';
import { createAsking } from '../portal/bezahlsystem/paying/asking.ts';
import { createSettling, type Finding, type Settled, type Settling } from '../portal/bezahlsystem/paying/settling.ts';
import { configuredProviders } from '../portal/bezahlsystem/providers/configured.ts';
import { createRecords, type BezahlRecords } from '../portal/bezahlsystem/records/records.ts';
import type { BezahlTables } from '../portal/bezahlsystem/records/tables.ts';
import { outboundOptions } from '../outbound-options.ts';
import { openSecrets } from '../secrets.ts';
import { openStores } from '../storage/open.ts';
import { deriveKey } from '../storage/sealing.ts';
import { storesLocation } from '../storage/settings.ts';
import { Misunderstood, moment, operatorName, table, type CommandContext } from './context.ts';

export const paymentsUsage = `bayern-id payments in-doubt [--format json]
                                  payments of which nobody knows whether they happened
bayern-id payments look <attempt> what the provider says now; followed if it fits
bayern-id payments settle <attempt> paid --amount <euros> --reason "…"
bayern-id payments settle <attempt> not-paid --reason "…"
                                  end one by what you have seen at the provider: the whole sum is there, or nothing
                                  stays there (send back first what is). What has ended never changes
bayern-id payments settled [--format json]
                                  who has settled what, and why`;

const part = 'bezahlsystem';
const longestReason = 1000;

interface Desk {
  readonly settling: Settling;
  readonly records: BezahlRecords;
}

const isThere = async (records: BezahlRecords): Promise<boolean> =>
  records.settlements().then(
    () => true,
    () => false,
  );

/**
 * Works on the records of the Bezahlsystem beside the servers that run on them. Never changes the tables themselves.
 *
 * @throws when there are no records, or those of another version.
 */
const atDesk = async (
  { settings, production, configDirectory }: CommandContext,
  work: (desk: Desk) => Promise<number>,
): Promise<number> => {
  const location = storesLocation(settings.storage);
  const absent = `there are no records of this version in ${location.databaseUrl === undefined ? location.directory : 'the database'}: start the Bezahlsystem first`;
  if (location.databaseUrl === undefined && !existsSync(join(location.directory, `${part}.sqlite`)))
    throw new Error(absent);
  const { bezahlsystem } = settings;
  const variables = clientVariables(settings);
  const directory = join(configDirectory, bezahlsystem.originators);
  const { set, findings } = await createOriginatorLoader({
    directory,
    variables,
    providers: Object.keys(bezahlsystem.providers),
    production,
  }).load();
  if (set === undefined) throw new ConfigError(findings);
  const secrets = openSecrets(location.directory, production);
  const { key } = secrets.clientPart(part);
  const stores = await openStores<BezahlTables>({ ...location, part, masterKey: deriveKey(key, part) });
  try {
    const originators = () => set;
    const tell = tellByOutbox(outboxSealer(key), originators, bezahlsystem.mein_postfach_origin !== undefined);
    const records = createRecords(stores.records, key, tell);
    if (!(await isThere(records))) throw new Error(absent);
    const providers = configuredProviders(bezahlsystem.providers, {
      outbound: outboundOptions(settings),
      sandbox: () => secrets.paymentSandbox(),
    });
    // Who sits here knows already that somebody has to look; a server sends what waits within seconds.
    const parts = { settings: bezahlsystem, records, providers, originators, alarm: () => {}, wake: () => {} };
    return await work({ records, settling: createSettling(parts, createAsking(parts)) });
  } finally {
    await stores.close();
  }
};

const show = (
  context: CommandContext,
  asJson: boolean,
  rows: readonly Readonly<Record<string, string>>[],
  none: string,
) => {
  if (asJson) context.print(JSON.stringify(rows));
  else if (rows.length === 0) context.print(none);
  else for (const line of table(Object.keys(rows[0] ?? {}), rows.map(Object.values))) context.print(line);
  return 0;
};

const inDoubt = async ({ settling }: Desk, context: CommandContext, asJson: boolean): Promise<number> =>
  show(
    context,
    asJson,
    (await settling.inDoubt()).map(({ attempt, order }) => ({
      attempt: attempt.id,
      since: moment(attempt.updatedAt),
      service: `${order.originatorId}/${order.endPointId}`,
      kassenzeichen: order.reference,
      amount: `${decimalOf(order.amount)} ${order.currency}`,
      order: order.status,
      provider: attempt.provider,
      'at the provider': attempt.providerReference ?? '',
    })),
    'no payment is in doubt',
  );

const settled = async ({ records }: Desk, context: CommandContext, asJson: boolean): Promise<number> =>
  show(
    context,
    asJson,
    (await records.settlements()).map(({ attemptId, at, result, operator, word, reason }) => ({
      attempt: attemptId,
      at: moment(at),
      as: result,
      by: operator,
      'the provider said': word,
      reason,
    })),
    'nobody has settled any',
  );

const results = {
  paid: 'paid: the order is paid, its service is told',
  surplus: 'paid, for an order that had ended: the money is to go back',
  not_paid: 'not paid: the order can be paid again while its time lasts',
} as const;

/** @returns the exit code: 0 it has ended, 1 it has not. */
const tell = (outcome: Settled | Awaited<ReturnType<Settling['look']>>, { print }: CommandContext): number => {
  if ('word' in outcome) print(`the provider says: ${outcome.word}`);
  switch (outcome.kind) {
    case 'settled':
      print(`settled as ${results[outcome.result]}`);
      return 0;
    case 'by_provider':
      print(`that fits, and was followed: the payment is ${outcome.state}`);
      return 0;
    case 'doubtful':
      print('still in doubt');
      return 1;
    case 'not_in_doubt':
      print(outcome.state === undefined ? 'there is no such payment' : `not in doubt: the payment is ${outcome.state}`);
      return 1;
    case 'refused':
      print(
        outcome.why === 'amount'
          ? 'nothing was changed: the amount is not that of the order'
          : 'nothing was changed: the provider knows this payment, and not as paid with the sum of the order',
      );
      return 1;
  }
};

/** The attempt and what somebody found out about it. */
const readDecision = (
  args: readonly string[],
): { readonly attempt: string; readonly finding: Finding; readonly reason: string } => {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { reason: { type: 'string' }, amount: { type: 'string' } },
      allowPositionals: true,
    });
    const [attempt, kind, ...more] = positionals;
    const reason = values.reason?.trim() ?? '';
    const amount = values.amount === undefined ? undefined : centsOf(values.amount);
    if (attempt !== undefined && more.length === 0 && reason !== '' && reason.length <= longestReason) {
      if (kind === 'paid' && amount !== undefined) return { attempt, finding: { kind, amount }, reason };
      if (kind === 'not-paid' && values.amount === undefined) return { attempt, finding: { kind }, reason };
    }
  } catch {
    // Told below, like everything that was not understood.
  }
  throw new Misunderstood(paymentsUsage);
};

/** @returns the exit code: 0 done, 1 nothing was done. */
export const paymentsCommand = async (args: readonly string[], context: CommandContext): Promise<number> => {
  const [verb, ...rest] = args;
  const asJson = rest.join(' ') === '--format json';
  if (verb === 'settle') {
    const { attempt, finding, reason } = readDecision(rest);
    return atDesk(context, async ({ settling }) =>
      tell(await settling.settle(attempt, finding, { reason, operator: operatorName() }), context),
    );
  }
  const [attempt] = rest;
  if (verb === 'look' && attempt !== undefined && rest.length === 1)
    return atDesk(context, async ({ settling }) => tell(await settling.look(attempt), context));
  if (verb === 'in-doubt' && (asJson || rest.length === 0))
    return atDesk(context, (desk) => inDoubt(desk, context, asJson));
  if (verb === 'settled' && (asJson || rest.length === 0))
    return atDesk(context, (desk) => settled(desk, context, asJson));
  throw new Misunderstood(paymentsUsage);
};
