import { eidOperations, type EidOperation } from '../../id/authentication/eid/port.ts';
import { resultMinor, type Schema } from '../../id/authentication/eid/tr03130/names.ts';
import { loginFaults, type Fault, type FaultName } from './faults.ts';
import type { GetResultRequest, ServerRequest, UseIdRequest } from './read-request.ts';
import type { EidServerSession, EidServerSessions } from './sessions.ts';
import { writeCardAnswer, writeError, writeServerInfo, writeUseIdAnswer } from './write-answer.ts';

/** Content of a Body, and the fault of the message around it, if any. */
export interface PlannedAnswer {
  readonly content: string;
  readonly fault: FaultName | undefined;
}

export interface AnswerOptions {
  readonly sessions: EidServerSessions;
  readonly paosAddress: string;
  /** What the simulated Berechtigungszertifikat does not allow. */
  readonly withoutRights: ReadonlySet<EidOperation>;
  readonly schema: Schema;
  /** Takes the fault that was planned for the next login. */
  readonly takeFault: () => Fault | undefined;
}

const minorOfFault: Readonly<Partial<Record<FaultName, string>>> = {
  tooManyOpenSessions: resultMinor.tooManyOpenSessions,
  missingTerminalRights: resultMinor.missingTerminalRights,
  noResultYet: resultMinor.noResultYet,
  invalidSession: resultMinor.invalidSession,
  invalidCounter: resultMinor.invalidCounter,
  deniedDocument: resultMinor.deniedDocument,
  invalidDocument: resultMinor.invalidDocument,
  internalError: resultMinor.internalError,
  unknownResult: 'http://www.bsi.bund.de/eid/server/2.0/resultminor/getResult#somethingNew',
};

/** What an honest eID-Server answers, bent by the login's fault. `now` in ms. */
export const createAnswers = (options: AnswerOptions) => {
  const { sessions } = options;

  const useId = (request: UseIdRequest, now: number): PlannedAnswer => {
    const faults = loginFaults(options.takeFault());
    const fault = faults.take('useID');
    const error = (minor: string): PlannedAnswer => ({ content: writeError('useID', minor), fault });
    const planned = fault === undefined ? undefined : minorOfFault[fault];
    if (planned !== undefined) return error(planned);
    const lacking = eidOperations.some(
      (operation) => options.withoutRights.has(operation) && request.wishes.get(operation) !== 'PROHIBITED',
    );
    if (lacking) return error(resultMinor.missingTerminalRights);
    const session = sessions.open(request, faults, now);
    if (session === undefined) return error(resultMinor.tooManyOpenSessions);
    const psk =
      fault === 'pskMismatch'
        ? { ...session.psk, key: session.psk.key.replace(/^./, (c) => (c === '0' ? '1' : '0')) }
        : session.psk;
    const paosAddress = fault === 'foreignPaosAddress' ? 'https://eid.angreifer.test/paos' : options.paosAddress;
    return { content: writeUseIdAnswer({ id: session.id, psk, paosAddress }), fault };
  };

  const resultOf = (session: EidServerSession, request: GetResultRequest): PlannedAnswer => {
    const error = (minor: string, fault?: FaultName): PlannedAnswer => ({
      content: writeError('getResult', minor),
      fault,
    });
    if (request.counter <= session.lastCounter) return error(resultMinor.invalidCounter);
    session.lastCounter = request.counter;
    const fault = session.faults.take('getResult');
    const planned = fault === undefined ? undefined : minorOfFault[fault];
    if (planned !== undefined) return error(planned, fault);
    const { reading } = session;
    if (reading === undefined) return error(resultMinor.noResultYet, fault);
    if (reading.kind === 'cancelled') return error(resultMinor.cancellationByUser, fault);
    if (reading.kind === 'failed') return error(reading.minor, fault);
    if (reading.kind === 'invalid') return error(resultMinor.invalidDocument, fault);
    if (reading.kind === 'denied') return error(resultMinor.deniedDocument, fault);
    const foreign = fault === 'foreignSession' ? 'f'.repeat(64) : undefined;
    return { content: writeCardAnswer(reading, session.request, foreign), fault };
  };

  const getResult = (request: GetResultRequest, now: number): PlannedAnswer => {
    const session = sessions.find(request.sessionId, now);
    if (session === undefined) {
      return { content: writeError('getResult', resultMinor.invalidSession), fault: undefined };
    }
    const answer = resultOf(session, request);
    // Any answer but noResultYet ends the session: the result is given once.
    if (!answer.content.includes(resultMinor.noResultYet)) sessions.end(session);
    return answer;
  };

  return (request: ServerRequest, now: number): PlannedAnswer => {
    if (request.operation === 'useID') return useId(request, now);
    if (request.operation === 'getResult') return getResult(request, now);
    const allowed = new Set(eidOperations.filter((operation) => !options.withoutRights.has(operation)));
    return { content: writeServerInfo(options.schema, allowed), fault: undefined };
  };
};
