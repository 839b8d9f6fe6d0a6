import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { EidUnavailable, type EidPort, type EidResult, type EidSession } from '../port.ts';
import { expectAnswer, readResult, readServerInfo, readUseId, type ResultCode } from './answers.ts';
import { settingsFor } from './assurance.ts';
import { judge } from './judgement.ts';
import { resultMinor, type SoapOperation } from './names.ts';
import { writeGetResult, writeGetServerInfo, writeUseId } from './requests.ts';
import { isUsableAddress, type EidServerSettings } from './settings.ts';
import { createPins, createSigner } from './signer-keys.ts';
import { createTransport } from './transport.ts';
import { clockTolerance, signMessage, verifyMessage } from './ws-security.ts';
import { childNamed, MessageRefused, textOf, type Element } from './xml.ts';

/** What the adapter has to say; the product's `Log` fits. Never a name, an address of a person, a session id or a key. */
export interface AdapterLog {
  warn(event: string, fields?: { code?: string; reason?: string; method?: string }): void;
  error(event: string, fields?: { code?: string; reason?: string; method?: string }): void;
}

/**
 * Writes the fingerprint of a signed answer down, for `lifetime` seconds and for all nodes together; false when it was
 * there already. Atomic.
 */
export type IsNew = (fingerprint: string, lifetime: number) => Promise<boolean>;

export interface Tr03130Options {
  readonly settings: EidServerSettings;
  readonly isNew: IsNew;
  readonly log: AdapterLog;
}

/**
 * For as long as an answer's Timestamp would pass somewhere, in seconds: the tolerance before and after, and once more
 * for nodes whose own clocks differ.
 */
const answerLife = (3 * clockTolerance) / 1000;

interface Answer {
  readonly content: Element;
  readonly fingerprint: string;
}

/** Only the code's last part, and only when it looks like one: what a server writes does not go into a log unread. */
const shortCode = (minor: string | undefined): string => /[\w.-]{1,20}#\w{1,60}$/.exec(minor ?? '')?.[0] ?? 'unknown';

const unavailable = ({ minor }: ResultCode): EidUnavailable =>
  minor === resultMinor.tooManyOpenSessions
    ? new EidUnavailable('tooManyOpenSessions', 'the eID-Server has too many open sessions')
    : new EidUnavailable('serverError', `the eID-Server answered ${shortCode(minor)}`);

const sameHex = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/** Scheme, host, port and path; the query may differ. */
const placeOf = (address: string): string => {
  const url = new URL(address);
  return url.origin + url.pathname;
};

/**
 * An eID-Server behind TR-03130-1's SOAP interface. The files are read once, here.
 * @throws when a file is missing or a certificate does not fit: no start without keys and trust anchor
 */
export const createTr03130 = ({ settings, isNew, log }: Tr03130Options): EidPort => {
  const read = (path: string): string => readFileSync(path, 'utf8');
  const signer = createSigner(
    read(settings.signing_certificate_file),
    read(settings.signing_key_file),
    settings.signature_algorithm,
  );
  const pins = createPins(settings.server_signer_certificate_files.map(read));
  const transport = createTransport({
    address: settings.address,
    certificate: read(settings.client_certificate_file),
    key: read(settings.client_key_file),
    ca: read(settings.ca_file),
    timeoutMs: settings.timeout_seconds * 1000,
  });
  const production = process.env['NODE_ENV'] === 'production';
  const paosPlaces = new Set(settings.paos_addresses.map(placeOf));
  const agreedAddress = settings.paos_addresses[0] ?? '';

  const refused = (operation: SoapOperation, error: MessageRefused): EidUnavailable => {
    log.error('eid_answer_refused', { method: operation, reason: error.message });
    return new EidUnavailable('serverError', `the answer to ${operation} was refused: ${error.message}`);
  };

  /** Asks and checks; what comes back is signed by the eID-Server and answers this operation. @throws EidUnavailable */
  const ask = async <T>(
    operation: SoapOperation,
    body: string,
    use: (answer: Answer) => T | Promise<T>,
  ): Promise<T> => {
    const bytes = await transport.exchange(operation, signMessage(body, signer, Date.now()));
    try {
      const verified = verifyMessage(bytes, pins, Date.now());
      return await use({ content: expectAnswer(verified.content, operation), fingerprint: verified.fingerprint });
    } catch (error) {
      throw error instanceof MessageRefused ? refused(operation, error) : error;
    }
  };

  const assertPaosAddress = (address: string): string => {
    if (!isUsableAddress(address, production)) throw new MessageRefused('eCardServerAddress is not https');
    if (!paosPlaces.has(placeOf(address))) throw new MessageRefused('eCardServerAddress is not on the list');
    return address;
  };

  const start: EidPort['start'] = async (request) => {
    const psk = { id: randomBytes(16).toString('hex'), key: randomBytes(32).toString('hex') };
    return ask('useID', writeUseId(request, psk, settingsFor(settings, request)), ({ content }): EidSession => {
      const answer = readUseId(content);
      if (!answer.result.ok) {
        log.error('eid_session_refused', { method: 'useID', code: shortCode(answer.result.minor) });
        throw unavailable(answer.result);
      }
      const given = answer.psk;
      // It also ties the answer to this question: an answer that was given before has another one.
      if (given === undefined || given.id !== psk.id || !sameHex(given.key, psk.key)) {
        throw new MessageRefused('another PSK than ours');
      }
      const sessionId = answer.sessionId ?? '';
      if (!/^[0-9a-fA-F]{32,256}$/.test(sessionId)) throw new MessageRefused('no usable session id');
      return {
        sessionId,
        pskId: psk.id,
        psk: psk.key,
        paosAddress: assertPaosAddress(answer.eCardServerAddress || agreedAddress),
      };
    });
  };

  /** The schema has neither in an answer; a server that repeats them must repeat ours. */
  const assertSameQuestion = (content: Element, sessionId: string, counter: number): void => {
    const session = textOf(childNamed(content, 'Session'), 'ID');
    if (session !== undefined && !sameHex(session, sessionId)) throw new MessageRefused('answer of another session');
    const repeated = textOf(content, 'RequestCounter');
    if (repeated !== undefined && repeated !== String(counter)) throw new MessageRefused('answer to another counter');
  };

  const fetchResult: EidPort['fetchResult'] = async ({ sessionId, counter, request }) => {
    try {
      const question = writeGetResult(sessionId, counter);
      return await ask('getResult', question, async ({ content, fingerprint }): Promise<EidResult> => {
        assertSameQuestion(content, sessionId, counter);
        const result = judge(content, request, settingsFor(settings, request), Date.now());
        // getResult's answer names no session, so nothing else would tell that it was given before.
        if (result.kind === 'ok' && !(await isNew(fingerprint, answerLife)))
          throw new MessageRefused('replayed answer');
        if (result.kind === 'failed') {
          log.warn('eid_result_failed', { reason: result.reason, code: shortCode(readResult(content).minor) });
        }
        return result;
      });
    } catch (error) {
      if (!(error instanceof EidUnavailable)) throw error;
      if (error.reason === 'unreachable')
        log.error('eid_server_unreachable', { method: 'getResult', reason: error.message });
      return { kind: 'failed', reason: error.reason === 'unreachable' ? 'unreachable' : 'serverError' };
    }
  };

  return {
    start,
    fetchResult,
    info: () => ask('getServerInfo', writeGetServerInfo(), ({ content }) => readServerInfo(content)),
    close: () => transport.close(),
  };
};
