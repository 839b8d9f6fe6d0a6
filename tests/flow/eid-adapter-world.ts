import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTr03130, type AdapterLog, type IsNew } from '../../src/id/authentication/eid/tr03130/adapter.ts';
import { eidServerSettings } from '../../src/id/authentication/eid/tr03130/settings.ts';
import type { EidPort } from '../../src/id/authentication/eid/port.ts';
import { ensureDevelopmentPki, type DevelopmentPki } from '../../src/simulators/development-pki.ts';
import {
  createEidSimulator,
  type EidSimulator,
  type EidSimulatorOptions,
} from '../../src/simulators/eid-server/simulator.ts';
import { loadTestPersons } from '../../src/simulators/test-persons.ts';

export const paosAddress = 'https://localhost:3012/paos';

/** The settings of an adapter for the development PKI, as a configuration file would have them. */
export const settingsFor = (pki: DevelopmentPki, address: string, more: Record<string, unknown> = {}) =>
  eidServerSettings.parse({
    address,
    client_certificate_file: pki.of['eid-client'].certificateFile,
    client_key_file: pki.of['eid-client'].keyFile,
    ca_file: pki.ca.certificateFile,
    signing_certificate_file: pki.of['eid-client-signer'].certificateFile,
    signing_key_file: pki.of['eid-client-signer'].keyFile,
    server_signer_certificate_files: [pki.of['eid-server-signer'].certificateFile],
    paos_addresses: [paosAddress],
    minimum_level: 'substantial',
    eid_types: { SEEndorsed: 'denied', HWKeyStore: 'denied' },
    ...more,
  });

/** Remembers as one node alone would, and for ever. */
export const rememberAll = (): IsNew => {
  const seen = new Set<string>();
  return async (fingerprint) => {
    const isNew = !seen.has(fingerprint);
    seen.add(fingerprint);
    return isNew;
  };
};

export interface LoggedEvent {
  readonly event: string;
  readonly fields: object | undefined;
}

/** A log that can be read. */
export const readableLog = (): { log: AdapterLog; events: LoggedEvent[] } => {
  const events: LoggedEvent[] = [];
  const put = (event: string, fields?: object): void => void events.push({ event, fields });
  return { log: { warn: put, error: put }, events };
};

export interface EidWorld {
  readonly pki: DevelopmentPki;
  readonly simulator: EidSimulator;
  readonly soapAddress: string;
  readonly pageOrigin: string;
  readonly port: EidPort;
  readonly events: LoggedEvent[];
  /** One more node: `isNew` is its memory, which the others share unless another is given. */
  adapter(more?: Record<string, unknown>, isNew?: IsNew): EidPort;
  close(): Promise<void>;
}

/** Certificates in a folder of their own, the simulator on free ports, and an adapter that talks to it over TLS. */
export const eidWorld = async (options: Partial<EidSimulatorOptions> = {}): Promise<EidWorld> => {
  const dir = await mkdtemp(join(tmpdir(), 'eid-'));
  const pki = options.pki ?? (await ensureDevelopmentPki(dir));
  const simulator = createEidSimulator({
    pki,
    persons: loadTestPersons('config/test-persons.yaml'),
    tcTokenOrigins: [],
    pagePort: 0,
    soapPort: 0,
    ...options,
  });
  const { soapAddress, pageOrigin } = await simulator.start();
  const { log, events } = readableLog();
  const adapters: EidPort[] = [];
  const shared = rememberAll();
  const adapter = (more: Record<string, unknown> = {}, isNew = shared): EidPort => {
    const made = createTr03130({ settings: settingsFor(pki, soapAddress, more), isNew, log });
    adapters.push(made);
    return made;
  };
  return {
    pki,
    simulator,
    soapAddress,
    pageOrigin,
    events,
    adapter,
    port: adapter(),
    async close() {
      for (const made of adapters) made.close();
      await simulator.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
};
