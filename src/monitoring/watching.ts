import { certificatesOf } from '../id/authentication/eid/tr03130/certificates.ts';
import type { Settings } from '../settings.ts';
import type { Database } from '../storage/database.ts';
import type { StoreObserver } from '../storage/observer.ts';
import { createMetrics, type Metrics } from '../web/metrics.ts';
import type { Handler } from '../web/server.ts';
import { addCertificateMetrics, type CertificateFor } from './certificates.ts';
import { addOutboxMetrics } from './outbox.ts';
import { addProcessMetrics } from './process.ts';
import { addRequestMetrics } from './requests.ts';
import { addStoreMetrics } from './stores.ts';

/** What is measured of every part alike. */
export interface Watching {
  readonly metrics: Metrics;
  /** A part's handler with a watch beside it. */
  handler(part: string, handler: Handler): Handler;
  /** For the stores of a part, before they are opened … */
  observe(part: string): StoreObserver;
  /** … and after. */
  opened<Tables>(part: string, records: Database<Tables>): void;
  stop(): void;
}

const servedWith = ({ web, id, mein_postfach: postfach, bezahlsystem }: Settings) => {
  const own = (use: CertificateFor, at: { readonly certificate_file: string } | undefined) =>
    at ? [{ for: use, file: at.certificate_file }] : [];
  return [
    ...own('web', web.tls),
    ...own('id_mutual_tls', id.mutual_tls),
    ...own('mein_postfach_mutual_tls', postfach.mutual_tls),
    ...own('bezahlsystem_mutual_tls', bezahlsystem.mutual_tls),
  ];
};

/**
 * @param parts that this process serves: of the others it may not even have the certificates.
 */
export const createWatching = (settings: Settings, parts: readonly string[], withEid: boolean): Watching => {
  const metrics = createMetrics();
  const processes = addProcessMetrics(metrics, settings.storage.directory);
  const requests = addRequestMetrics(metrics);
  const stores = addStoreMetrics(metrics);
  const outbox = addOutboxMetrics(metrics);
  const uses: Readonly<Partial<Record<CertificateFor, string>>> = {
    id_mutual_tls: 'id',
    mein_postfach_mutual_tls: 'mein-postfach',
    bezahlsystem_mutual_tls: 'bezahlsystem',
  };
  addCertificateMetrics(
    metrics,
    servedWith(settings).filter(({ for: use }) => parts.includes(uses[use] ?? parts[0] ?? '')),
    withEid
      ? certificatesOf(settings.id.eid.server).map(({ use, validTo }) => ({ for: `eid_${use}` as const, validTo }))
      : [],
  );
  return {
    metrics,
    handler: (part, handler) => requests.watch(part, handler),
    observe: (part) => stores.observe(part),
    opened(part, records) {
      stores.add(part, records);
      outbox.add(part, records);
    },
    stop: () => processes.stop(),
  };
};
