/** PIN and CAN of every test card. */
export const testPin = '123456';
export const testCan = '500540';

const mostAttempts = 3;

export type PinAnswer =
  | { readonly kind: 'right' }
  | { readonly kind: 'wrong'; readonly left: number }
  /** Before the last attempt the card wants the CAN, so that nobody nearby can block it by radio. */
  | { readonly kind: 'canWrong'; readonly left: number }
  | { readonly kind: 'blocked' };

/** The retry counters of the cards, as long as the simulator runs. */
export interface PinPad {
  attemptsLeft(cardId: string): number;
  needsCan(cardId: string): boolean;
  /** The CAN counts only for the last attempt. */
  verify(cardId: string, pin: string, can: string): PinAnswer;
  /** What the PUK does, for all cards. */
  reset(): void;
}

export const createPinPad = (): PinPad => {
  const failures = new Map<string, number>();
  const attemptsLeft = (cardId: string): number => mostAttempts - (failures.get(cardId) ?? 0);
  const needsCan = (cardId: string): boolean => attemptsLeft(cardId) === 1;
  return {
    attemptsLeft,
    needsCan,
    verify(cardId, pin, can) {
      const left = attemptsLeft(cardId);
      if (left <= 0) return { kind: 'blocked' };
      if (needsCan(cardId) && can !== testCan) return { kind: 'canWrong', left };
      if (pin === testPin) {
        failures.delete(cardId);
        return { kind: 'right' };
      }
      failures.set(cardId, mostAttempts - left + 1);
      return left === 1 ? { kind: 'blocked' } : { kind: 'wrong', left: left - 1 };
    },
    reset: () => failures.clear(),
  };
};
