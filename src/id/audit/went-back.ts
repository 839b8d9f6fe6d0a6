import type { Artifacts } from '../../storage/artifacts.ts';
import type { Log } from '../../web/log.ts';
import type { Metrics } from '../../web/metrics.ts';
import type { AuditChain } from './chain.ts';

/**
 * A database that was restored from an hour ago tells nobody: its journal ends an hour ago and goes on from there. What it
 * has said last is therefore kept in the other store as well, where sessions are. When the two do not fit, revocations and
 * deletions of that hour are taken back, and sessions live on that should have ended.
 */
export interface WentBack {
  /** Looks whether the journal still has what it had, and notes how far it has come. */
  look(): Promise<void>;
}

const kind = 'JournalMark';
const id = 'head';
/** Seconds: longer than anybody needs to notice, and far longer than any session lives. */
const life = 30 * 86_400;

interface Mark {
  readonly seq: number;
  readonly link: string;
}

const markOf = (payload: Readonly<Record<string, unknown>> | undefined): Mark | undefined => {
  const { seq, link } = payload ?? {};
  return typeof seq === 'number' && typeof link === 'string' ? { seq, link } : undefined;
};

/** What was taken back is done again, or the operator has decided otherwise: the alarm ends. */
export const forgetMark = (artifacts: Artifacts): Promise<void> => artifacts.remove(kind, id);

export const createWentBack = (
  chain: Pick<AuditChain, 'head' | 'holds'>,
  artifacts: Artifacts,
  { metrics, log }: { readonly metrics: Metrics; readonly log: Log },
): WentBack => {
  const wentBack = metrics.gauge(
    'journal_went_back',
    '1 when the database has lost what its journal said before: it was restored from earlier, or failed over to a server that was behind.',
  );
  let told = false;
  /** What this node has looked at or written last: while nothing happens, nothing is asked. */
  let known: Mark | undefined;
  return {
    async look() {
      const head = await chain.head();
      if (known?.seq === head.seq && known.link === head.link) return;
      const mark = markOf((await artifacts.find(kind, id))?.payload);
      const fits = mark === undefined || (await chain.holds(mark));
      wentBack.set(fits ? 0 : 1);
      if (!fits) {
        if (!told) log.error('records_went_back', { part: 'id', count: Math.max(0, mark.seq - head.seq) });
        told = true;
        return;
      }
      told = false;
      // Another node may have come further; then its word stands.
      if (mark === undefined || mark.seq < head.seq) await artifacts.save(kind, id, { ...head }, { ttl: life });
      known = head;
    },
  };
};
