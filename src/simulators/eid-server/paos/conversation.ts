import type { KeyObject } from 'node:crypto';
import { eidOperations, type EidOperation } from '../../../id/authentication/eid/port.ts';
import { MessageRefused } from '../../../id/authentication/eid/tr03130/xml.ts';
import type { Log } from '../../../web/log.ts';
import { auxiliaryData } from '../eac/auxiliary-data.ts';
import { MalformedTlv } from '../eac/ber-tlv.ts';
import { generateKey, pointOf } from '../eac/brainpool.ts';
import { CardRefused, concludeReading, grantedOperations, planSteps, type Step } from '../eac/card-reading.ts';
import { authenticateChip } from '../eac/chip-authentication.ts';
import { NotAuthentic, type Protected } from '../eac/secure-messaging.ts';
import { signTerminalProof } from '../eac/terminal-authentication.ts';
import type { TerminalPki } from '../eac/terminal-pki.ts';
import { operationsIn, terminalRights } from '../eac/terminal-rights.ts';
import type { UseIdRequest, Wish } from '../read-request.ts';
import { lastOldEnough, today, type Reading } from '../reading.ts';
import type { EidServerSession } from '../sessions.ts';
import { resultMinors } from './names.ts';
import { readClientMessage, type Said } from './read-message.ts';
import {
  eac1,
  eac2,
  envelope,
  initializeFramework,
  startPaosResponse,
  transmit,
  type ConnectionHandle,
} from './write-message.ts';

/** What the last message to the client asked for, with what its answer is needed for. */
type Stage =
  | { readonly at: 'begun' }
  | { readonly at: 'eac1'; readonly auxiliaryData: Buffer }
  | { readonly at: 'eac2'; readonly ephemeral: KeyObject; readonly granted: ReadonlySet<EidOperation> }
  | { readonly at: 'commands'; readonly steps: readonly Step[]; readonly protectedSteps: readonly Protected[] };

interface Conversation {
  stage: Stage | undefined;
  handle: ConnectionHandle;
}

const wished = ({ wishes }: UseIdRequest, wish: Wish): EidOperation[] =>
  eidOperations.filter((operation) => wishes.get(operation) === wish);

/** What ends a conversation: the client said or did something that does not fit. */
const endsIt = (error: unknown): error is Error =>
  [MessageRefused, MalformedTlv, NotAuthentic, CardRefused].some((kind) => error instanceof kind);

/**
 * The eID-Server's side of PAOS and of Extended Access Control, version 2, for one client: every message of the client
 * gets an answer, and the last one leaves a reading in the session, from which getResult is answered.
 */
export const createConversations = (pki: TerminalPki, log: Log) => {
  const conversations = new WeakMap<EidServerSession, Conversation>();

  const of = (session: EidServerSession): Conversation => {
    const known = conversations.get(session) ?? {
      stage: undefined,
      handle: { contextHandle: undefined, slotHandle: undefined },
    };
    conversations.set(session, known);
    return known;
  };

  const end = (session: EidServerSession, reading: Reading): string => {
    session.reading = reading;
    log.info('eid_paos_ended', { outcome: reading.kind });
    if (reading.kind === 'read') return startPaosResponse();
    if (reading.kind === 'cancelled') return startPaosResponse(resultMinors.cancellationByUser);
    return startPaosResponse(reading.kind === 'failed' ? reading.minor : resultMinors.unknownError);
  };

  const askForRights = (session: EidServerSession, conversation: Conversation, now: number): string => {
    const { request } = session;
    const day = today(now);
    const compared = request.age === undefined ? undefined : lastOldEnough(day, request.age);
    const auxiliary = auxiliaryData(day, compared);
    conversation.stage = { at: 'eac1', auxiliaryData: auxiliary };
    return eac1(conversation.handle, {
      certificates: [pki.terminal, pki.documentVerifier],
      description: pki.description,
      requiredRights: terminalRights(wished(request, 'REQUIRED')),
      optionalRights: terminalRights(wished(request, 'ALLOWED')),
      auxiliaryData: auxiliary,
      transactionInfo: request.transactionInfo,
    });
  };

  const answer = (session: EidServerSession, conversation: Conversation, said: Said, now: number): string => {
    const { stage } = conversation;
    if (said.kind === 'error')
      return end(
        session,
        said.minor === resultMinors.cancellationByUser
          ? { kind: 'cancelled' }
          : { kind: 'failed', minor: said.minor ?? resultMinors.unknownError },
      );
    if (said.kind === 'start' && stage === undefined) {
      if (said.sessionIdentifier !== undefined && said.sessionIdentifier !== session.psk.id)
        throw new MessageRefused('another SessionIdentifier');
      log.info('eid_paos_begun', { client: said.userAgent });
      conversation.stage = { at: 'begun' };
      return initializeFramework();
    }
    if (said.kind === 'initialized' && stage?.at === 'begun') return askForRights(session, conversation, now);
    if (said.kind === 'eac1' && stage?.at === 'eac1') {
      const ephemeral = generateKey();
      const rights = said.rights === undefined ? new Set(eidOperations) : operationsIn(said.rights);
      conversation.stage = { at: 'eac2', ephemeral, granted: grantedOperations(session.request, rights) };
      const proof = { ...said, ephemeral, auxiliaryData: stage.auxiliaryData };
      return eac2(conversation.handle, {
        ephemeralPoint: pointOf(ephemeral),
        signature: signTerminalProof(pki.key, proof),
      });
    }
    if (said.kind === 'eac2' && stage?.at === 'eac2') {
      const channel = authenticateChip(stage.ephemeral, said);
      const steps = planSteps(stage.granted, pki.sectorPoint);
      const protectedSteps = steps.map(({ command }) => channel.protect(command));
      conversation.stage = { at: 'commands', steps, protectedSteps };
      return transmit(
        conversation.handle,
        protectedSteps.map(({ apdu }) => apdu),
      );
    }
    if (said.kind === 'transmitted' && stage?.at === 'commands') {
      const { steps, protectedSteps } = stage;
      if (said.answers.length !== steps.length) throw new MessageRefused('not as many answers as commands');
      const opened = said.answers.flatMap((received, at) => protectedSteps[at]?.open(received) ?? []);
      return end(session, concludeReading(steps, opened, session.request));
    }
    throw new MessageRefused(`${said.kind} out of turn`);
  };

  /** The answer to one message. `now` in ms. */
  return (session: EidServerSession, bytes: Buffer, now: number): string => {
    const conversation = of(session);
    let id = '';
    try {
      const message = readClientMessage(bytes);
      ({ id } = message);
      // What has ended stays as it is: its result may be on its way to Bayern-ID.
      if (session.reading !== undefined) return envelope(id, startPaosResponse(resultMinors.incorrectParameter));
      conversation.handle = { ...conversation.handle, ...message.handle };
      return envelope(id, answer(session, conversation, message.said, now));
    } catch (error) {
      if (!endsIt(error)) throw error;
      log.warn('eid_paos_refused', { reason: `${error.name}: ${error.message}` });
      const failed: Reading = { kind: 'failed', minor: resultMinors.incorrectParameter };
      return envelope(id, end(session, session.reading ?? failed));
    }
  };
};

export type Conversations = ReturnType<typeof createConversations>;
