/** What can be made to go wrong in one login. */
export const faultNames = [
  // The eID-Server's answers
  'tooManyOpenSessions',
  'missingTerminalRights',
  'pskMismatch',
  'foreignPaosAddress',
  'noResultYet',
  'invalidSession',
  'invalidCounter',
  'deniedDocument',
  'invalidDocument',
  'internalError',
  'unknownResult',
  'foreignSession',
  'replayedResult',
  // The message around them
  'wrongSignature',
  'unsignedAnswer',
  'staleTimestamp',
  'silence',
  // The client
  'cancel',
  'communicationError',
] as const;

export type FaultName = (typeof faultNames)[number];

export type FaultyOperation = 'useID' | 'getResult';

export interface Fault {
  readonly name: FaultName;
  /** Which answer the faults of the message around it concern; getResult unless told otherwise. */
  readonly on?: FaultyOperation;
  /** How often; without it until the login ends. `noResultYet` twice is followed by the real result. */
  readonly times?: number;
}

const firstAnswer: ReadonlySet<FaultName> = new Set([
  'tooManyOpenSessions',
  'missingTerminalRights',
  'pskMismatch',
  'foreignPaosAddress',
]);
const clientFaults: ReadonlySet<FaultName> = new Set(['cancel', 'communicationError']);

/** Faults of one login, used up as they happen. */
export interface LoginFaults {
  /** The fault for this answer, or undefined; each call uses one up. */
  take(operation: FaultyOperation): FaultName | undefined;
  /** What the client is to do instead of reading the card. */
  readonly client: 'cancel' | 'communicationError' | undefined;
}

export const loginFaults = (fault: Fault | undefined): LoginFaults => {
  let left = fault?.times ?? Number.POSITIVE_INFINITY;
  const operation = fault && firstAnswer.has(fault.name) ? 'useID' : (fault?.on ?? 'getResult');
  const client = fault && clientFaults.has(fault.name) ? (fault.name as 'cancel' | 'communicationError') : undefined;
  return {
    client,
    take(asked) {
      if (fault === undefined || client !== undefined || asked !== operation || left <= 0) return undefined;
      left -= 1;
      return fault.name;
    },
  };
};
