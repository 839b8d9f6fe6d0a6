/** draft: being filled in. paying: fixed, its fee is asked for. filed: sent. processing: the authority works on it. answered: the end. */
export const states = ['draft', 'paying', 'filed', 'processing', 'answered'] as const;
export type State = (typeof states)[number];

const next: Readonly<Record<State, readonly State[]>> = {
  // Without payment only where an exemption is claimed.
  draft: ['paying', 'filed'],
  paying: ['draft', 'filed'],
  filed: ['processing', 'answered'],
  processing: ['answered'],
  answered: [],
};

export const mayBecome = (from: State, to: State): boolean => next[from].includes(to);

/** States from which an application may become `to`: the condition of the statement that changes it. */
export const statesBefore = (to: State): readonly State[] => states.filter((from) => mayBecome(from, to));

/** Still the applicant's: not sent. */
export const isOpen = (state: State): boolean => state === 'draft' || state === 'paying';

export const outcomes = ['issued', 'refused'] as const;
export type Outcome = (typeof outcomes)[number];
