import { createSlices } from '../config/slices.ts';
import type { Log } from '../web/log.ts';
import type { Metrics } from '../web/metrics.ts';
import { operationsForIdentity, operationsOf } from './authentication/eid/attributes.ts';
import type { Circuit } from './authentication/eid/circuit.ts';
import type { EidOperation, EidServerInfo } from './authentication/eid/port.ts';
import {
  certificateUses,
  type CertificateUse,
  type DatedCertificate,
} from './authentication/eid/tr03130/certificates.ts';
import { ClientRefused } from './clients/client.ts';
import type { ClientSet } from './clients/load.ts';
import type { CardAttribute } from './identity/attribute.ts';
import { attributesAllowed } from './oidc/card-data.ts';

const day = 86_400_000;
/** A certificate is to be renewed from so long before its end, in ms: ordering one from an authority takes weeks. */
export const renewBefore = 42 * day;
/** What the eID-Server's certificate allows is looked at again after so long, in ms; it may have been changed there. */
const rightsLife = 3_600_000;

/** An attribute that a client may ask for and that the Berechtigungszertifikat does not allow. */
export interface MissingRight {
  /** Undefined for what Bayern-ID itself needs of every card. */
  readonly clientId?: string;
  readonly attribute?: CardAttribute;
  readonly operation: EidOperation;
}

export const describeMissing = ({ clientId, attribute, operation }: MissingRight): string =>
  clientId === undefined
    ? `the certificate at the eID-Server does not allow ${operation}, without which no card can be used`
    : `${clientId} may ask for ${attribute ?? ''}, and the certificate at the eID-Server does not allow ${operation}`;

/** In slices: no request waits while thousands of clients are looked at. */
const missingRights = async (set: ClientSet, { allowed }: EidServerInfo): Promise<readonly MissingRight[]> => {
  const missing: MissingRight[] = operationsForIdentity
    .filter((operation) => !allowed.has(operation))
    .map((operation) => ({ operation }));
  const pause = createSlices();
  for (const party of set.clients.values()) {
    await pause();
    for (const attribute of attributesAllowed(party))
      for (const operation of operationsOf([attribute]))
        if (!allowed.has(operation)) missing.push({ clientId: party.file.client_id, attribute, operation });
  }
  return missing;
};

export interface EidHealth {
  readonly state: 'available' | 'not answering' | 'rights are missing';
  readonly since: string;
  /** The eID-Server's version; absent before its first answer. */
  readonly server?: string;
  readonly missing: readonly string[];
  readonly certificates: readonly {
    readonly use: CertificateUse;
    readonly file: string;
    readonly expires: string;
    readonly state: 'valid' | 'to be renewed' | 'expired';
  }[];
}

/** Whether the Online-Ausweis can be used at all: does its server answer, may it read what the services need. */
export interface EidWatch {
  isDown(): boolean;
  /**
   * Asks the eID-Server for the first time. One that does not answer is no obstacle to a start: the Online-Ausweis is
   * said to be out of order, and what is missing is found with the first answer.
   */
  begin(): Promise<readonly MissingRight[]>;
  /** Looks again if it is time to. @returns when it is time next, ms since the epoch */
  look(): Promise<number>;
  /** @throws ClientRefused when a client may ask for what the certificate does not allow */
  check(set: ClientSet): Promise<void>;
  health(): EidHealth;
}

export interface EidWatchParts {
  readonly circuit: Circuit;
  readonly clients: () => ClientSet;
  readonly certificates: readonly DatedCertificate[];
  readonly metrics: Metrics;
  readonly log: Log;
}

const iso = (ms: number): string => new Date(ms).toISOString();

const certificateState = ({ validTo }: DatedCertificate): EidHealth['certificates'][number]['state'] => {
  if (validTo <= Date.now()) return 'expired';
  return validTo - Date.now() < renewBefore ? 'to be renewed' : 'valid';
};

export const createEidWatch = ({ circuit, clients, certificates, metrics, log }: EidWatchParts): EidWatch => {
  let info: EidServerInfo | undefined;
  let askedAt = -Infinity;
  let missing: readonly MissingRight[] = [];
  let warnedAt = -Infinity;
  let state: EidHealth['state'] = 'available';
  let since = Date.now();

  const available = metrics.gauge('eid_server_available', '1 when logins with the Online-Ausweis can begin.');
  metrics.readCounter('eid_server_unanswered_total', 'Questions that the eID-Server did not answer.', () =>
    circuit.failures(),
  );

  const settle = (): void => {
    const now = circuit.isOpen() ? 'not answering' : missing.length > 0 ? 'rights are missing' : 'available';
    if (now !== state) {
      state = now;
      since = Date.now();
      if (now === 'available') log.info('eid_available');
      else log.error('eid_unavailable', { reason: now });
    }
    available.set(now === 'available' ? 1 : 0);
  };
  settle();

  const ask = async (): Promise<void> => {
    try {
      info = await circuit.info();
      askedAt = Date.now();
      missing = await missingRights(clients(), info);
    } catch (error) {
      log.error('eid_server_unreachable', { error: error instanceof Error ? error.name : 'unknown' });
    }
    settle();
  };

  const warn = (): void => {
    if (Date.now() - warnedAt < day) return;
    warnedAt = Date.now();
    for (const use of certificateUses) {
      const last = certificates.filter((one) => one.use === use).toSorted((a, b) => b.validTo - a.validTo)[0];
      if (last === undefined || certificateState(last) === 'valid') continue;
      log.warn('eid_certificate_to_renew', { key: use, reason: `${last.file} ends ${iso(last.validTo)}` });
    }
  };

  return {
    isDown() {
      settle();
      return state !== 'available';
    },
    async begin() {
      warn();
      await ask();
      return missing;
    },
    async look() {
      warn();
      const probeAt = circuit.probeAt();
      const due = probeAt ?? askedAt + (missing.length > 0 ? 60_000 : rightsLife);
      if (due <= Date.now()) {
        await ask();
        for (const one of missing)
          log.error('eid_rights_missing', { client: one.clientId ?? 'bayern-id', reason: describeMissing(one) });
      } else settle();
      return circuit.probeAt() ?? Date.now() + 60_000;
    },
    async check(set) {
      if (info === undefined) return;
      const found = await missingRights(set, info);
      const first = found.find(({ clientId }) => clientId !== undefined);
      if (first) throw new ClientRefused(first.clientId ?? '', describeMissing(first));
      missing = found;
      settle();
    },
    health: () => {
      settle();
      return {
        state,
        since: iso(since),
        ...(info ? { server: info.version } : {}),
        missing: missing.map(describeMissing),
        certificates: certificates.map((one) => ({
          use: one.use,
          file: one.file,
          expires: iso(one.validTo),
          state: certificateState(one),
        })),
      };
    },
  };
};
