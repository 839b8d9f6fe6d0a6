import { eidOperations, type EidOperation } from '../../../id/authentication/eid/port.ts';
import type { UseIdRequest } from '../read-request.ts';
import { isDenied, type ChipData, type Reading } from '../reading.ts';
import {
  identifyRestrictedly,
  readDataGroup,
  restrictedIdFrom,
  selectEid,
  setRestrictedIdentification,
  status,
  verifyAuxiliary,
  type Command,
  type Response,
} from './apdu.ts';
import { dataGroupOf, readDataGroupContent } from './data-groups.ts';
import { oids } from './object-identifiers.ts';

/** The card answered a command with something else than what it is for. */
export class CardRefused extends Error {
  override readonly name = 'CardRefused';
}

export type Purpose =
  'select' | 'validity' | 'age' | 'sector' | 'pseudonym' | { readonly read: EidOperation; readonly group: number };

export interface Step {
  readonly purpose: Purpose;
  readonly command: Command;
}

/** The operations that count: what was asked for, less what the citizen took away. There is no place to compare with. */
export const grantedOperations = (
  { wishes }: UseIdRequest,
  rights: ReadonlySet<EidOperation>,
): ReadonlySet<EidOperation> =>
  new Set(
    eidOperations.filter(
      (operation) =>
        operation !== 'PlaceVerification' && wishes.get(operation) !== 'PROHIBITED' && rights.has(operation),
    ),
  );

/** What the card is told. Its validity is always compared, whatever was asked for. */
export const planSteps = (granted: ReadonlySet<EidOperation>, sectorPoint: Buffer): readonly Step[] => [
  { purpose: 'select', command: selectEid() },
  { purpose: 'validity', command: verifyAuxiliary(oids.dateOfExpiry) },
  ...(granted.has('AgeVerification')
    ? [{ purpose: 'age', command: verifyAuxiliary(oids.dateOfBirth) } satisfies Step]
    : []),
  ...eidOperations.flatMap((operation): Step[] => {
    const group = dataGroupOf[operation];
    return group === undefined || !granted.has(operation)
      ? []
      : [{ purpose: { read: operation, group }, command: readDataGroup(group) }];
  }),
  ...(granted.has('RestrictedID')
    ? ([
        { purpose: 'sector', command: setRestrictedIdentification() },
        { purpose: 'pseudonym', command: identifyRestrictedly(sectorPoint) },
      ] satisfies Step[])
    : []),
];

/** How a card says that it has no such file: "not found", or "wrong data". */
const notThere: ReadonlySet<number> = new Set([0x6a82, 0x6a80]);

const said = (purpose: Purpose, response: Response): boolean => {
  if (response.status === status.success) return true;
  if (response.status === status.verificationFailed) return false;
  const what = typeof purpose === 'string' ? purpose : `data group ${purpose.group}`;
  throw new CardRefused(`${what}: ${response.status.toString(16)}`);
};

const isRead = ({ status: word }: Response): boolean => word === status.success || word === status.endOfFile;

/**
 * What the card's answers, one for each step, come to.
 * @throws CardRefused, MalformedTlv
 */
export const concludeReading = (
  steps: readonly Step[],
  answers: readonly Response[],
  request: UseIdRequest,
): Reading => {
  // Nothing else of the card is known; a Smart-eID would say so in its security infos.
  const chip: ChipData = { eid_type: 'CardCertified', level_of_assurance: 'hoch' };
  const data: Partial<ChipData>[] = [];
  const allowed = new Map<EidOperation, 'ALLOWED' | 'PROHIBITED' | 'NOTONCHIP'>(
    eidOperations.map((operation) => [operation, 'PROHIBITED']),
  );
  let restrictedId: string | undefined;
  let fulfilsAge: boolean | undefined;
  for (const [at, { purpose }] of steps.entries()) {
    const answer = answers[at];
    if (answer === undefined) throw new CardRefused('an answer is missing');
    if (typeof purpose === 'object') {
      const there = isRead(answer);
      if (!there && !notThere.has(answer.status)) said(purpose, answer);
      allowed.set(purpose.read, there ? 'ALLOWED' : 'NOTONCHIP');
      if (there) data.push(readDataGroupContent(purpose.read, answer.data));
      continue;
    }
    const yes = said(purpose, answer);
    if (purpose === 'validity' && !yes) return { kind: 'invalid' };
    if (purpose === 'age') {
      allowed.set('AgeVerification', 'ALLOWED');
      fulfilsAge = yes;
    } else if (!yes) throw new CardRefused(purpose);
    if (purpose === 'pseudonym') {
      allowed.set('RestrictedID', 'ALLOWED');
      restrictedId = restrictedIdFrom(answer);
    }
  }
  if (isDenied(chip, request)) return { kind: 'denied' };
  return {
    kind: 'read',
    card: Object.assign({}, chip, ...data) as ChipData,
    allowed,
    restrictedId: restrictedId ?? '',
    restrictedId2: undefined,
    fulfilsAge,
  };
};
