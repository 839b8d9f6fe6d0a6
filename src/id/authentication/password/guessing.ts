/** Whether passwords are being guessed at this node now: by far the most of those from unknown browsers are wrong. */
export interface Guessing {
  note(right: boolean): void;
  isOn(): boolean;
}

/** After so long (ms) an attempt counts for half. */
const halfLife = 20_000;

/** So many wrong ones, and so many more than right ones: citizens mistype one in five or ten. */
const leastWrong = 20;
const wrongToRight = 3;

export const createGuessing = (): Guessing => {
  let wrong = 0;
  let right = 0;
  let at = Date.now();
  const age = (): void => {
    const now = Date.now();
    const left = 0.5 ** (Math.max(0, now - at) / halfLife);
    wrong *= left;
    right *= left;
    at = now;
  };
  return {
    note(wasRight) {
      age();
      if (wasRight) right += 1;
      else wrong += 1;
    },
    isOn() {
      age();
      return wrong >= leastWrong && wrong >= wrongToRight * right;
    },
  };
};
