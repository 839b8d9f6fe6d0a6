import { noticeKind } from '../id/oidc/logout.ts';
import { outboxLanes } from '../storage/outbox.ts';
import { Misunderstood, moment, table, withRecords, type CommandContext } from './context.ts';

export const logoutNoticesUsage = `bayern-id logout-notices [--format json]
                                  services that could not be told yet, or at all, that sessions have ended`;

/** @returns the exit code: 0 also when notices wait or have failed. */
export const logoutNoticesCommand = async (args: readonly string[], context: CommandContext): Promise<number> => {
  const given = args.join(' ');
  if (given !== '' && given !== '--format json') throw new Misunderstood(logoutNoticesUsage);
  return withRecords(context, async (_persistence, stores) => {
    const lanes = await outboxLanes(stores.records, noticeKind);
    if (given !== '') context.print(JSON.stringify(lanes.map(({ lane: service, ...rest }) => ({ service, ...rest }))));
    else if (lanes.length === 0) context.print('every service was told');
    else
      for (const line of table(
        ['service', 'waiting', 'since', 'tries', 'next try', 'given up (30 days)'],
        lanes.map(({ lane, waiting, oldest, attempts, nextTry, failed }) => [
          lane ?? '',
          String(waiting),
          moment(oldest),
          String(attempts),
          moment(nextTry),
          String(failed),
        ]),
      ))
        context.print(line);
    return 0;
  });
};
