import { X509Certificate } from 'node:crypto';
import type { EidOperation } from '../../id/authentication/eid/port.ts';
import type { Schema } from '../../id/authentication/eid/tr03130/names.ts';
import { createPins, createSigner } from '../../id/authentication/eid/tr03130/signer-keys.ts';
import { silentLog, type Log } from '../../web/log.ts';
import { listen, type Listening } from '../../web/server.ts';
import type { DevelopmentPki } from '../development-pki.ts';
import type { TestCard, TestPersons } from '../test-persons.ts';
import { createAnswers } from './answers.ts';
import { createClient, isRun, type ClientEnd } from './client.ts';
import { ensureTerminalPki } from './eac/terminal-pki.ts';
import type { Fault } from './faults.ts';
import { createPagesApp } from './pages-app.tsx';
import { createConversations } from './paos/conversation.ts';
import { listenForClients, paosPath } from './paos/endpoint.ts';
import { createPinPad } from './pin.ts';
import { readCard } from './reading.ts';
import { createEidServerSessions } from './sessions.ts';
import { createSoapHandler } from './soap.ts';

export interface EidSimulatorOptions {
  readonly pki: DevelopmentPki;
  readonly persons: TestPersons;
  /** Origins whose TC Tokens the client fetches: Bayern-ID's. No other address is ever asked. */
  readonly tcTokenOrigins: readonly string[];
  /** 0 takes a free one. */
  readonly pagePort?: number;
  readonly soapPort?: number;
  /** Scheme, host and port under which browsers reach the pages, when that is not http://localhost:<pagePort>. */
  readonly pageOrigin?: string;
  /** Serves the pages over https with the development certificate. */
  readonly pageTls?: boolean;
  /** What useID answers as eCardServerAddress. */
  readonly paosAddress?: string;
  /** Opens the PAOS endpoint for the real AusweisApp, on this port, with a test PKI in this folder. */
  readonly ausweisapp?: { readonly port: number; readonly directory: string };
  /** Pseudonyms depend on it and on the card's key; the same secret, the same pseudonyms after a restart. */
  readonly sectorSecret?: string;
  readonly withoutRights?: readonly EidOperation[];
  readonly schema?: Schema;
  readonly mostSessions?: number;
  /** ms that every answer of the eID-Server takes. */
  readonly delay?: number;
  readonly log?: Log;
}

export interface EidSimulator {
  /** Opens the listeners. */
  start(): Promise<{ readonly pageOrigin: string; readonly soapAddress: string }>;
  close(): Promise<void>;
  /** The next login (useID) has this fault; several calls queue up. */
  planFault(fault: Fault): void;
  /**
   * Lays a card on the reader and types the PIN, without pages: for tests of the adapter. Throws for an unknown session
   * or card.
   */
  insertCard(input: { sessionId: string; card: string; deselected?: readonly EidOperation[] }): void;
  /** The citizen ends it, without pages. */
  cancel(sessionId: string): void;
  /**
   * Does what the pages do for one tcTokenURL: fetches the TC Token without cookies, reads the card or cancels, and gives
   * the address that the browser is sent to. Throws NoTcToken where a client would show its own error page.
   */
  runClient(input: { tcTokenUrl: string; card?: string; deselected?: readonly EidOperation[] }): Promise<ClientEnd>;
}

const defaultPaosPort = 3012;
const localHosts = ['localhost', '127.0.0.1', '[::1]'];
const loopback = (port: number): string[] => localHosts.map((host) => `${host}:${port}`);

/**
 * The outside world of the Online-Ausweis for development and tests: an eID-Server that speaks TR-03130 over mutual TLS
 * with its own keys, and pages that play client and card. Nothing but TLS and HTTP connects it with Bayern-ID.
 * @throws in production
 */
export const createEidSimulator = (options: EidSimulatorOptions): EidSimulator => {
  if (process.env['NODE_ENV'] === 'production')
    throw new Error('The eID simulator is refused with NODE_ENV=production');
  const { pki, log = silentLog, sectorSecret = 'development sector', ausweisapp } = options;
  const paosAddress = options.paosAddress ?? `https://localhost:${ausweisapp?.port ?? defaultPaosPort}${paosPath}`;
  const signerFiles = pki.of['eid-server-signer'];
  const sessions = createEidServerSessions(options.mostSessions ?? 1000);
  const faults: Fault[] = [];
  const answer = createAnswers({
    sessions,
    paosAddress,
    schema: options.schema ?? '2.4',
    withoutRights: new Set(options.withoutRights ?? []),
    takeFault: () => faults.shift(),
  });
  const soap = createSoapHandler({
    signer: createSigner(signerFiles.certificate, signerFiles.key),
    pins: createPins([pki.of['eid-client-signer'].certificate]),
    clientFingerprint: new X509Certificate(pki.of['eid-client'].certificate).fingerprint256,
    answer,
    delay: options.delay ?? 0,
    log,
  });
  const client = createClient({
    sessions,
    paosAddress,
    sectorSecret,
    mostRuns: 1000,
    tcToken: {
      origins: new Set(options.tcTokenOrigins.map((origin) => new URL(origin).origin)),
      ca: pki.ca.certificate,
      timeoutMs: 15_000,
    },
  });
  const pins = createPinPad();
  const planFault = (fault: Fault): void => {
    if (faults.length < 100) faults.push(fault);
  };
  const listeners: Listening[] = [];

  const cardOf = (id: string): TestCard => {
    const card = options.persons.cards.find((known) => known.id === id);
    if (card === undefined) throw new Error(`There is no test card "${id}"`);
    return card;
  };
  const sessionOf = (id: string) => {
    const session = sessions.find(id, Date.now());
    if (session === undefined) throw new Error('There is no such session at the simulated eID-Server');
    return session;
  };

  const startPages = async (): Promise<string> => {
    const scheme = options.pageTls === true ? 'https' : 'http';
    // The port may be known only after listening, the app needs its origin before the first request.
    let handler: Parameters<typeof listen>[0]['handler'] = (_request, response) => {
      response.destroy();
    };
    const { certificate: cert, key } = pki.of.localhost;
    const listening = await listen({
      name: 'eid-simulator',
      port: options.pagePort ?? 3010,
      knownHosts: (port) => [
        ...loopback(port),
        ...(options.pageOrigin === undefined ? [] : [new URL(options.pageOrigin).host]),
      ],
      ...(options.pageTls === true ? { tls: { cert, key } } : {}),
      handler: (request, response) => handler(request, response),
      log,
    });
    listeners.push(listening);
    const origin = options.pageOrigin ?? `${scheme}://localhost:${listening.port}`;
    const app = createPagesApp({ origin, client, pins, planFault, cards: options.persons.cards, log });
    const callback = app.callback();
    handler = (request, response) => void callback(request, response);
    return origin;
  };

  const startSoap = async (): Promise<string> => {
    const { certificate: cert, key } = pki.of['eid-server'];
    const listening = await listen({
      name: 'eid-simulator SOAP',
      port: options.soapPort ?? 3011,
      knownHosts: loopback,
      tls: { cert, key, ca: pki.ca.certificate, requestCert: true, rejectUnauthorized: true, minVersion: 'TLSv1.2' },
      handler: soap,
      log,
    });
    listeners.push(listening);
    return `https://localhost:${listening.port}/eid`;
  };

  const startPaos = async (wish: NonNullable<EidSimulatorOptions['ausweisapp']>): Promise<void> => {
    const [origin] = options.tcTokenOrigins;
    if (origin === undefined) throw new Error('The AusweisApp needs the origin of the TC Tokens');
    const { localhost, 'eid-server': server } = pki.of;
    const terminal = await ensureTerminalPki({
      directory: wish.directory,
      origin: new URL(origin).origin,
      tlsCertificates: [localhost.certificate, server.certificate],
      sectorSecret,
    });
    const converse = createConversations(terminal, log);
    listeners.push(await listenForClients({ port: wish.port, tls: server, sessions, converse, log }));
  };

  const close = async (): Promise<void> => {
    await Promise.all(listeners.splice(0).map((listening) => listening.close(0)));
  };

  return {
    async start() {
      try {
        const pageOrigin = await startPages();
        const soapAddress = await startSoap();
        if (ausweisapp) await startPaos(ausweisapp);
        return { pageOrigin, soapAddress };
      } catch (error) {
        await close();
        throw error;
      }
    },
    close,
    planFault,
    insertCard({ sessionId, card, deselected = [] }) {
      const session = sessionOf(sessionId);
      session.reading = readCard(cardOf(card), session.request, {
        deselected: new Set(deselected),
        sectorSecret,
        now: Date.now(),
      });
    },
    cancel(sessionId) {
      sessionOf(sessionId).reading = { kind: 'cancelled' };
    },
    async runClient({ tcTokenUrl, card, deselected = [] }) {
      const begun = await client.begin(tcTokenUrl, Date.now());
      if (!isRun(begun)) return begun;
      return card === undefined
        ? client.cancel(begun)
        : client.finish(begun, cardOf(card), new Set(deselected), Date.now());
    },
  };
};
