/** How many mistakes a word of this length may have: short ones would otherwise be any other word. */
export const allowedMistakes = (length: number): 0 | 1 | 2 => {
  if (length < 4) return 0;
  return length < 8 ? 1 : 2;
};

/**
 * The number of mistakes between two words: letters that are wrong, missing, too many or in the wrong order (Damerau).
 *
 * @returns undefined when there are more than `most`; the rest is then not counted.
 */
export const mistakes = (one: string, other: string, most: number): number | undefined => {
  if (Math.abs(one.length - other.length) > most) return undefined;
  let before: number[] = [];
  let last = Array.from({ length: other.length + 1 }, (_, column) => column);
  for (let row = 1; row <= one.length; row++) {
    const current = [row];
    let least = row;
    for (let column = 1; column <= other.length; column++) {
      const same = one[row - 1] === other[column - 1];
      let cost = Math.min(
        (last[column - 1] ?? 0) + (same ? 0 : 1),
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
      );
      if (row > 1 && column > 1 && one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1])
        cost = Math.min(cost, (before[column - 2] ?? 0) + 1);
      current.push(cost);
      if (cost < least) least = cost;
    }
    if (least > most) return undefined;
    before = last;
    last = current;
  }
  const found = last[other.length] ?? most + 1;
  return found <= most ? found : undefined;
};
