import type { Database } from '../../storage/database.ts';
import type { AuditEvent } from './events.ts';
import type { AuditTables } from './journal.ts';

/** An event of an account as its owner may see it. */
export interface Activity {
  readonly id: string;
  /** ms since the epoch. */
  readonly at: number;
  readonly event: AuditEvent;
}

type EventType = AuditEvent['type'];

/** What citizens may narrow their activities to. */
export const activityGroups = {
  logins: ['login.succeeded', 'login.failed', 'session.ended', 'recovery_code.used', 'recovery.requested'],
  failures: [
    'login.failed',
    'card.refused',
    'card.shown_elsewhere',
    'eid.failed',
    'eid.burned',
    'token.replayed',
    'link.declined',
    'join.refused',
  ],
  data: [
    'data.released',
    'consent.given',
    'consent.refused',
    'consent.withdrawn',
    'postfach.resolved',
    'postfach.revoked',
  ],
  changes: [
    'account.created',
    'password.changed',
    'credential.added',
    'credential.removed',
    'credential.confirmed',
    'email.changed',
    'login_name.changed',
    'data.changed',
    'data.exported',
    'card.linked',
    'card.updated',
    'card.replaced',
    'card.removed',
    'transfer_code.made',
    'join.proved',
    'accounts.joined',
    'deletion.planned',
    'deletion.cancelled',
    'not_me',
    'account.locked',
    'account.unlocked',
    'account.logged_out',
    'account.to_be_deleted',
  ],
} as const satisfies Record<string, readonly EventType[]>;

export type ActivityGroup = keyof typeof activityGroups;

/** What is the provider's business alone: deliveries, steps without an outcome, a card's new pseudonym. */
const internal: readonly EventType[] = ['logout.told', 'security_event.told', 'eid.started', 'card.moved'];

export interface ActivityPage {
  readonly activities: readonly Activity[];
  /** Where the next page begins; undefined when there is none. */
  readonly next?: string;
}

/** One service's releases in figures; times are ms since the epoch. */
export interface ReleaseSummary {
  readonly clientId: string;
  readonly first: number;
  readonly last: number;
  readonly count: number;
}

/** The journal of one account, newest first, for its owner's eyes. */
export interface ActivityView {
  page(
    accountId: string,
    wanted: {
      readonly group?: ActivityGroup;
      readonly types?: readonly EventType[];
      readonly clientId?: string;
      /** As `next` of the page before. */
      readonly before?: string;
      readonly limit: number;
    },
  ): Promise<ActivityPage>;
  /** Which services received data, whenever that was. */
  releases(accountId: string): Promise<readonly ReleaseSummary[]>;
}

/** An event's id begins with its time in ms, so the index over account and time leads to it. */
const timeOf = (id: string): number => Number.parseInt(id.slice(0, 12), 16);

const isId = (text: string): boolean => /^[0-9a-f]{12}-[0-9a-f]{6}-[0-9a-f]{10}$/.test(text);

export const createActivityView = <Tables extends AuditTables>(all: Database<Tables>): ActivityView => {
  const { query } = all as unknown as Database<AuditTables>;
  return {
    async page(accountId, { group, types, clientId, before, limit }) {
      const wanted: readonly EventType[] | undefined = types ?? (group && activityGroups[group]);
      let select = query.selectFrom('audit_events').selectAll().where('account_id', '=', accountId);
      select = wanted ? select.where('type', 'in', wanted) : select.where('type', 'not in', internal);
      if (clientId !== undefined) select = select.where('client_id', '=', clientId);
      if (before !== undefined && isId(before))
        select = select.where('at', '<=', timeOf(before)).where('id', '<', before);
      const rows = await select
        .orderBy('at', 'desc')
        .orderBy('id', 'desc')
        .limit(limit + 1)
        .execute();
      const shown = rows.slice(0, limit);
      const last = rows.length > limit ? shown.at(-1)?.id : undefined;
      return {
        activities: shown.map(
          ({ id, at, type, account_id: account, client_id: client, reference_id: reference, detail }) => ({
            id,
            at,
            event: {
              type,
              ...(account === null ? {} : { accountId: account }),
              ...(client === null ? {} : { clientId: client }),
              ...(reference === null ? {} : { referenceId: reference }),
              ...(JSON.parse(detail) as object),
            } as AuditEvent,
          }),
        ),
        ...(last === undefined ? {} : { next: last }),
      };
    },

    async releases(accountId) {
      const rows = await query
        .selectFrom('audit_events')
        .select(({ fn }) => [
          'client_id',
          fn.min<number>('at').as('first'),
          fn.max<number>('at').as('last'),
          fn.countAll<number>().as('count'),
        ])
        .where('account_id', '=', accountId)
        .where('type', '=', 'data.released')
        .where('client_id', 'is not', null)
        .groupBy('client_id')
        .execute();
      return rows.map(({ client_id: clientId, first, last, count }) => ({
        clientId: clientId ?? '',
        first,
        last,
        count,
      }));
    },
  };
};
