import { createPaymentSimulator, type PaymentSimulator } from './simulators/payment-provider/simulator.ts';
import { createEidSimulator, type EidSimulator } from './simulators/eid-server/simulator.ts';
import type { DevelopmentPki } from './simulators/development-pki.ts';
import type { TestPersons } from './simulators/test-persons.ts';
import type { Secrets } from './secrets.ts';
import type { Settings } from './settings.ts';
import type { Log } from './web/log.ts';

interface Outside {
  readonly settings: Settings;
  readonly pki: DevelopmentPki;
  readonly log: Log;
}

/** The eID-Server and the client that play the Online-Ausweis, not started yet. */
export const eidSimulatorOf = (
  simulators: NonNullable<Settings['simulators']>,
  persons: TestPersons,
  { settings, pki, log }: Outside,
): EidSimulator => {
  const { page_port: pagePort, soap_port: soapPort, page_origin: pageOrigin, ausweisapp } = simulators.eid;
  return createEidSimulator({
    pki,
    persons,
    tcTokenOrigins: [settings.id.issuer],
    pagePort,
    soapPort,
    pageOrigin,
    pageTls: pageOrigin.startsWith('https:'),
    ...(ausweisapp ? { ausweisapp: { port: ausweisapp.paos_port, directory: ausweisapp.directory } } : {}),
    log,
  });
};

/** The payment provider with test cards, not started yet. */
export const paymentSimulatorOf = (
  simulators: NonNullable<Settings['simulators']>,
  sandbox: ReturnType<Secrets['paymentSandbox']>,
  { settings, pki, log }: Outside,
): PaymentSimulator => {
  const { delay_seconds: delay, ...place } = simulators.payment;
  return createPaymentSimulator({
    ...sandbox,
    ...place,
    pki,
    shopOrigins: [settings.bezahlsystem.origin],
    directory: settings.storage.directory,
    delay: delay * 1000,
    log,
  });
};
