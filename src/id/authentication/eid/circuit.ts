import { EidUnavailable, type EidPort, type EidServerInfo } from './port.ts';

/** This many questions in a row without an answer open the circuit. */
const mostFailures = 3;
/** ms until the eID-Server is asked again, twice as long after each time in vain, up to the longest. */
const firstWait = 5000;
const longestWait = 60_000;

/** A port that stops asking an eID-Server that does not answer, so that nobody waits for a time-out in vain. */
export interface Circuit extends EidPort {
  /** Whether it does not answer: logins should not begin. One that is under way still asks for its result. */
  isOpen(): boolean;
  /** When it may be asked again whether it answers, ms since the epoch; undefined while nothing is wrong. */
  probeAt(): number | undefined;
  /** Questions without an answer since the start. */
  failures(): number;
}

/**
 * Closed: everything goes through. Open, after three questions in a row without an answer: `start` is refused at once.
 * Whether the server answers again is found out by `info`, which costs no citizen's time and opens no session there.
 * To a citizen's question an answer that says no, or that must be refused, is an answer; `info` has no reason to fail, so
 * a server whose signer is not ours any more is as good as none.
 */
export const createCircuit = (port: EidPort): Circuit => {
  // Before its first answer one silence is enough.
  let inARow = mostFailures - 1;
  let total = 0;
  let wait = firstWait;
  let openUntil: number | undefined;

  const answered = (): void => {
    inARow = 0;
    wait = firstWait;
    openUntil = undefined;
  };
  const unanswered = (): void => {
    inARow += 1;
    total += 1;
    if (openUntil === undefined && inARow < mostFailures) return;
    // Many that were under way fail together: they are one reason to wait longer, not many.
    if (openUntil !== undefined && openUntil > Date.now()) return;
    if (openUntil !== undefined) wait = Math.min(2 * wait, longestWait);
    openUntil = Date.now() + wait;
  };
  const isSilence = (error: unknown): boolean => error instanceof EidUnavailable && error.reason === 'unreachable';

  const watched = async <Answer>(question: Promise<Answer>, fails: (error: unknown) => boolean): Promise<Answer> => {
    try {
      const answer = await question;
      answered();
      return answer;
    } catch (error) {
      if (fails(error)) unanswered();
      else answered();
      throw error;
    }
  };

  return {
    start(request) {
      if (openUntil === undefined) return watched(port.start(request), isSilence);
      return Promise.reject(new EidUnavailable('unreachable', 'the eID-Server did not answer lately'));
    },
    async fetchResult(question) {
      const result = await port.fetchResult(question);
      if (result.kind === 'failed' && result.reason === 'unreachable') unanswered();
      else answered();
      return result;
    },
    async info(): Promise<EidServerInfo> {
      return watched(port.info(), () => true);
    },
    close: () => port.close(),
    isOpen: () => openUntil !== undefined,
    probeAt: () => openUntil,
    failures: () => total,
  };
};
