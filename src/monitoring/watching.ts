import { certificatesOf } from '../id/authentication/eid/tr03130/certificates.ts';
import type { EidPort } from '../id/authentication/eid/port.ts';
import type { Fetch } from '../portal/relying-party/provider.ts';
import type { Settings } from '../settings.ts';
import type { Database } from '../storage/database.ts';
import type { StoreObserver } from '../storage/observer.ts';
import { createMetrics, type Metrics } from '../web/metrics.ts';
import { createOtlpExporter } from '../tracing/exporter.ts';
import { createTracer, type Tracer } from '../tracing/tracer.ts';
import type { Log } from '../web/log.ts';
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
  /** A part's outbound requests; as they are while nothing is traced. */
  fetching(part: string, fetch: Fetch | undefined): { readonly fetch?: Fetch };
  /** The eID-Server with a watch beside it. */
  eid(port: EidPort): EidPort;
  stop(): Promise<void>;
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

/** Where our own parts are, and so who may learn of a trace. */
const ownOrigins = (settings: Settings): readonly string[] => [
  settings.id.issuer,
  settings.bayern_portal.origin,
  settings.mein_postfach.origin,
  settings.bezahlsystem.origin,
  settings.fuehrungszeugnis.origin,
  settings.registerbehoerde.origin,
];

const tracerOf = (settings: Settings, metrics: Metrics, log: Log): Tracer | undefined => {
  const { tracing, trusted_proxies: trusted } = settings.web;
  if (!tracing) return undefined;
  const { endpoint, headers, sample } = tracing;
  const exporter = createOtlpExporter({ endpoint, headers, metrics, log });
  return createTracer({ exporter, sample, trusted, own: ownOrigins(settings) });
};

/** The same port, its questions in spans. */
const tracedEid = (port: EidPort, tracer: Tracer): EidPort => ({
  start: (request) => tracer.within('id', 'eID-Server useID', () => port.start(request)),
  fetchResult: (question) => tracer.within('id', 'eID-Server getResult', () => port.fetchResult(question)),
  info: () => port.info(),
  close: () => port.close(),
});

/**
 * @param parts that this process serves: of the others it may not even have the certificates.
 */
export const createWatching = (
  settings: Settings,
  { parts, withEid, log }: { readonly parts: readonly string[]; readonly withEid: boolean; readonly log: Log },
): Watching => {
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
  const tracer = tracerOf(settings, metrics, log);
  return {
    metrics,
    handler(part, handler) {
      const watched = requests.watch(part, handler);
      return tracer ? tracer.serve(part, watched) : watched;
    },
    observe(part) {
      const measure = stores.observe(part);
      if (!tracer) return measure;
      return (call) => {
        measure(call);
        tracer.stored(part, call);
      };
    },
    fetching(part, own) {
      if (!tracer) return own ? { fetch: own } : {};
      return { fetch: tracer.fetching(part, own ?? ((url, init) => fetch(url, init))) };
    },
    eid: (port) => (tracer ? tracedEid(port, tracer) : port),
    opened(part, records) {
      stores.add(part, records);
      outbox.add(part, records);
    },
    async stop() {
      processes.stop();
      await tracer?.close();
    },
  };
};
