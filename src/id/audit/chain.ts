import type { Migration } from 'kysely/migration';
import type { Database } from '../../storage/database.ts';
import { keyedHash } from '../../storage/sealing.ts';
import { isUniqueViolation } from '../../storage/unique-violation.ts';
import type { AuditTables } from './journal.ts';

/**
 * The journal's chain. Events are written with what they tell of; a moment later each gets a link, which is a keyed hash
 * over its content and the link before it. Whoever can write into the database but does not have the installation's key
 * can change, remove or reorder nothing that is linked without `verify` telling. Only what is cut off the end leaves a whole
 * chain behind: for that, a link that was noted elsewhere (an export, an operator's notebook) is looked for as well.
 */
export interface AuditChainTables {
  audit_chain: {
    /** 1, 2, 3, … without a gap. */
    seq: number;
    event_id: string;
    /** Of the event's content. */
    digest: string;
    /** Of the link before, this place in the chain, and the digest. */
    link: string;
  };
}

export const auditChainMigrations: Record<string, Migration> = {
  '0020-audit-chain': {
    async up(db) {
      await db.schema
        .createTable('audit_chain')
        .addColumn('seq', 'bigint', (c) => c.primaryKey())
        .addColumn('event_id', 'text', (c) => c.notNull().unique())
        .addColumn('digest', 'text', (c) => c.notNull())
        .addColumn('link', 'text', (c) => c.notNull())
        .execute();
    },
  },
};

type Tables = AuditTables & AuditChainTables;
type Event = AuditTables['audit_events'];
type Link = AuditChainTables['audit_chain'];

/** An event with its place in the chain. */
export type LinkedEvent = Event & Pick<Link, 'seq' | 'link'>;

export type ChainFault =
  | { readonly kind: 'changed' | 'missing'; readonly seq: number; readonly eventId: string }
  /** Links from here on do not follow from what stands before: something was removed, put in or reordered. */
  | { readonly kind: 'broken'; readonly seq: number }
  /** An event that nobody linked although there was time: it was put in past the program, or no server ran since. */
  | { readonly kind: 'unlinked'; readonly eventId: string }
  /** The link that was noted elsewhere is not there: the chain was cut or made anew. */
  | { readonly kind: 'cut'; readonly seq: number };

export interface Verified {
  readonly links: number;
  readonly head: { readonly seq: number; readonly link: string };
  /** At most {@link mostFaults}: one that breaks the chain can be told apart, a thousand cannot. */
  readonly faults: readonly ChainFault[];
}

export const mostFaults = 100;

export interface AuditChain {
  /** Links what was written since; any number of nodes may do it at once. */
  link(): Promise<void>;
  /**
   * Follows the chain from its beginning.
   *
   * @param noted a link that was read earlier and kept elsewhere
   * @param progress called after each page with the number of links looked at, and of all
   */
  verify(noted?: Pick<Link, 'seq' | 'link'>, progress?: (done: number, all: number) => void): Promise<Verified>;
  /** Linked events after that place, in the chain's order, at most `page`. */
  after(seq: number): Promise<LinkedEvent[]>;
  head(): Promise<Pick<Link, 'seq' | 'link'>>;
  /** Whether a link that was noted earlier is part of the chain. */
  holds(noted: Pick<Link, 'seq' | 'link'>): Promise<boolean>;
  /** Of these events, by their ids, those that are not in the journal. */
  missing(eventIds: readonly string[]): Promise<readonly string[]>;
}

const page = 1000;

/** Events are written within their transactions, so they may show up later than others that carry a later time. */
const settling = 10 * 60_000;

/** The smallest id of a time: ids begin with it (journal.ts). */
const firstIdAt = (at: number): string => Math.max(0, at).toString(16).padStart(12, '0');
const timeOf = (id: string): number => Number.parseInt(id.slice(0, 12), 16);

const beginning = { seq: 0, link: '' } as const;

export const createAuditChain = <All extends Tables>(records: Database<All>, key: Uint8Array): AuditChain => {
  const { query } = records as unknown as Database<Tables>;

  const digestOf = ({ id, at, type, account_id, client_id, reference_id, detail }: Event): string =>
    keyedHash(key, JSON.stringify([id, at, type, account_id, client_id, reference_id, detail]));
  const linkAfter = (before: string, { seq, event_id, digest }: Omit<Link, 'link'>): string =>
    keyedHash(key, JSON.stringify([before, seq, event_id, digest]));

  const head: AuditChain['head'] = async () =>
    (await query
      .selectFrom('audit_chain')
      .select(['seq', 'link'])
      .orderBy('seq', 'desc')
      .limit(1)
      .executeTakeFirst()) ?? beginning;

  const unlinked = (from: string, before?: string) => {
    const events = query
      .selectFrom('audit_events as event')
      .selectAll()
      .where('event.id', '>=', from)
      .where((is) =>
        is.not(is.exists(is.selectFrom('audit_chain').select('seq').whereRef('event_id', '=', 'event.id'))),
      )
      .orderBy('event.id')
      .limit(page);
    return (before === undefined ? events : events.where('event.id', '<', before)).execute();
  };

  const linkPage = async (): Promise<number> => {
    const newest = await query
      .selectFrom('audit_chain')
      .select(({ fn }) => fn.max('event_id').as('id'))
      .executeTakeFirst();
    const from = newest?.id ? firstIdAt(timeOf(newest.id) - settling) : '';
    let last: Pick<Link, 'seq' | 'link'> = await head();
    const links: Link[] = [];
    for (const event of await unlinked(from)) {
      const bare = { seq: last.seq + 1, event_id: event.id, digest: digestOf(event) };
      last = { seq: bare.seq, link: linkAfter(last.link, bare) };
      links.push({ ...bare, link: last.link });
    }
    if (links.length === 0) return 0;
    try {
      await query.insertInto('audit_chain').values(links).execute();
    } catch (error) {
      // Another node was faster, and begins where we did.
      if (isUniqueViolation(error, 'audit_chain')) return 0;
      throw error;
    }
    return links.length;
  };

  const pageAfter = (seq: number) =>
    query
      .selectFrom('audit_chain as chain')
      .leftJoin('audit_events as event', 'event.id', 'chain.event_id')
      .select(['chain.seq', 'chain.event_id', 'chain.digest', 'chain.link'])
      .select(['event.id', 'event.at', 'event.type', 'event.account_id', 'event.client_id', 'event.reference_id'])
      .select('event.detail')
      .where('chain.seq', '>', seq)
      .orderBy('chain.seq')
      .limit(page)
      .execute();

  return {
    head,
    async link() {
      while ((await linkPage()) === page);
    },
    async verify(noted, progress = () => {}) {
      const faults: ChainFault[] = [];
      const tell = (fault: ChainFault): void => void (faults.length < mostFaults && faults.push(fault));
      const { seq: all } = await head();
      let last: Pick<Link, 'seq' | 'link'> = beginning;
      let links = 0;
      let isFound = noted === undefined;
      for (;;) {
        const rows = await pageAfter(last.seq);
        for (const { seq, event_id, digest, link, ...event } of rows) {
          if (seq !== last.seq + 1 || link !== linkAfter(last.link, { seq, event_id, digest }))
            tell({ kind: 'broken', seq });
          if (event.id === null) tell({ kind: 'missing', seq, eventId: event_id });
          else if (digestOf(event as Event) !== digest) tell({ kind: 'changed', seq, eventId: event_id });
          isFound ||= seq === noted?.seq && link === noted.link;
          last = { seq, link };
          links += 1;
        }
        progress(links, all);
        if (rows.length < page) break;
      }
      if (!isFound && noted) tell({ kind: 'cut', seq: noted.seq });
      for (const { id } of await unlinked('', firstIdAt(Date.now() - settling)))
        tell({ kind: 'unlinked', eventId: id });
      return { links, head: last, faults };
    },
    async holds({ seq, link }) {
      if (seq === beginning.seq) return true;
      const found = await query.selectFrom('audit_chain').select('link').where('seq', '=', seq).executeTakeFirst();
      return found?.link === link;
    },
    async missing(eventIds) {
      const gone: string[] = [];
      for (let i = 0; i < eventIds.length; i += page) {
        const some = eventIds.slice(i, i + page);
        const rows = await query.selectFrom('audit_events').select('id').where('id', 'in', some).execute();
        const there = new Set(rows.map((row) => row.id));
        gone.push(...some.filter((one) => !there.has(one)));
      }
      return gone;
    },
    async after(seq) {
      const rows = await pageAfter(seq);
      return rows.filter(({ id }) => id !== null) as LinkedEvent[];
    },
  };
};
