import { outboxLanes } from '../storage/outbox.ts';
import { Misunderstood, moment, table, withRecords, type CommandContext } from './context.ts';

export interface LanesCommand {
  readonly usage: string;
  /** Of the messages in the outbox. */
  readonly kind: string;
  /** The client that a lane leads to. */
  readonly clientOf: (lane: string) => string;
  readonly allTold: string;
}

/**
 * Lists services for whom something waits in the outbox, or has been given up.
 *
 * @returns the exit code: 0 also when something does.
 */
export const lanesCommand =
  ({ usage, kind, clientOf, allTold }: LanesCommand) =>
  async (args: readonly string[], context: CommandContext): Promise<number> => {
    const given = args.join(' ');
    if (given !== '' && given !== '--format json') throw new Misunderstood(usage);
    return withRecords(context, async (_persistence, stores) => {
      const lanes = (await outboxLanes(stores.records, kind)).map(({ lane, ...rest }) => ({
        service: lane === undefined ? undefined : clientOf(lane),
        ...rest,
      }));
      if (given !== '') context.print(JSON.stringify(lanes));
      else if (lanes.length === 0) context.print(allTold);
      else
        for (const line of table(
          ['service', 'waiting', 'since', 'tries', 'next try', 'given up (30 days)'],
          lanes.map(({ service, waiting, oldest, attempts, nextTry, failed }) => [
            service ?? '',
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
