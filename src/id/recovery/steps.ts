/** How the account is proved, beside the mail, before a forgotten password is set anew. */
export interface ResetFacts {
  /** The link is good, and its account is as it was when it was sent. */
  readonly open: boolean;
  /** A second factor, or a card that has not expired, belongs to the account. */
  readonly needs: readonly ('secondFactor' | 'card')[];
  /** One of them was shown in this browser. */
  readonly proved: boolean;
}

export type ResetStep = 'gone' | 'proof' | 'password';

/**
 * What comes next. Every address of a reset asks this first, so that none can be called before its turn (SE-13). Either
 * proof is enough: mail and card, or mail and second factor, are two different things that only the owner has.
 */
export const resetStep = ({ open, needs, proved }: ResetFacts): ResetStep => {
  if (!open) return 'gone';
  return needs.length > 0 && !proved ? 'proof' : 'password';
};
