import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { TLSSocket } from 'node:tls';
import { resultMinor, soapAction, type SoapOperation } from '../../id/authentication/eid/tr03130/names.ts';
import type { Pin, Signer } from '../../id/authentication/eid/tr03130/signer-keys.ts';
import {
  envelopeOf,
  signEnvelope,
  signMessage,
  verifyMessage,
} from '../../id/authentication/eid/tr03130/ws-security.ts';
import { MessageRefused } from '../../id/authentication/eid/tr03130/xml.ts';
import type { Log } from '../../web/log.ts';
import type { PlannedAnswer } from './answers.ts';
import { readBody } from './body.ts';
import { readRequest, SchemaViolation, type ServerRequest } from './read-request.ts';
import { writeError } from './write-answer.ts';

export interface SoapOptions {
  readonly signer: Signer;
  /** The eService's message signers. */
  readonly pins: readonly Pin[];
  /** SHA-256 fingerprint of the eService's TLS certificate, as node:tls writes it. */
  readonly clientFingerprint: string;
  readonly answer: (request: ServerRequest, now: number) => PlannedAnswer;
  /** ms that every answer takes: a server under load. */
  readonly delay: number;
  readonly log: Log;
}

const staleBy = 10 * 60_000;

const operationOf = (request: IncomingMessage): SoapOperation | undefined => {
  const action = String(request.headers['soapaction'] ?? '').replaceAll('"', '');
  return (['useID', 'getResult', 'getServerInfo'] as const).find((operation) => soapAction(operation) === action);
};

/** A signature that looks right and is not: one character of its value is another. */
const breakSignature = (message: string): string =>
  message.replace(/(<ds:SignatureValue>)(.)/, (_, tag: string, first: string) => tag + (first === 'A' ? 'B' : 'A'));

/** The SOAP endpoint of the simulated eID-Server. It runs behind a listener with mutual TLS. */
export const createSoapHandler = (
  options: SoapOptions,
): ((request: IncomingMessage, response: ServerResponse) => void) => {
  let lastResult: string | undefined;

  const wrap = ({ content, fault }: PlannedAnswer, now: number): string => {
    if (fault === 'unsignedAnswer') return envelopeOf(content, now);
    if (fault === 'staleTimestamp') return signMessage(content, options.signer, now - staleBy);
    const message = signEnvelope(envelopeOf(content, now), options.signer);
    if (fault === 'wrongSignature') return breakSignature(message);
    if (fault === 'replayedResult') return lastResult ?? message;
    if (content.includes('PersonalData')) lastResult = message;
    return message;
  };

  const plan = (operation: SoapOperation, body: Buffer, now: number): PlannedAnswer => {
    try {
      return options.answer(readRequest(verifyMessage(body, options.pins, now).content), now);
    } catch (error) {
      if (!(error instanceof MessageRefused)) throw error;
      options.log.warn('eid_server_refused', { method: operation, reason: error.message });
      const minor = error instanceof SchemaViolation ? resultMinor.schemaViolation : resultMinor.internalError;
      return { content: writeError(operation, minor), fault: undefined };
    }
  };

  const refuse = (response: ServerResponse, status: number): void => {
    response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(`${status}\n`);
  };

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const socket = request.socket as TLSSocket;
    // The authority issues other client certificates too; only the eService's own may ask.
    if (!socket.authorized || socket.getPeerCertificate().fingerprint256 !== options.clientFingerprint) {
      return refuse(response, 403);
    }
    if (request.url !== '/eid') return refuse(response, 404);
    const operation = operationOf(request);
    if (request.method !== 'POST' || operation === undefined) return refuse(response, 400);
    const body = await readBody(request);
    if (body === undefined) return refuse(response, 413);
    const now = Date.now();
    const answer = plan(operation, body, now);
    if (answer.fault === 'silence') return;
    if (options.delay > 0) await pause(options.delay);
    const message = Buffer.from(wrap(answer, now), 'utf8');
    response.writeHead(200, { 'content-type': 'text/xml; charset=utf-8', 'content-length': message.byteLength });
    response.end(message);
  };

  return (request, response) => {
    handle(request, response).catch((error: unknown) => {
      options.log.error('eid_server_failed', { reason: error instanceof Error ? error.name : 'unknown' });
      response.destroy();
    });
  };
};
