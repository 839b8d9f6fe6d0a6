import { levels, satisfies, type Level } from '../../../assurance/levels.ts';

/** The level that a letter asks of its reader, by its name or as 1 to 4. What a sender leaves out or nobody knows is the highest, never none. */
export const levelOfLetter = (said: unknown): Level => {
  if (typeof said !== 'string') return 'high';
  const word = said.toLowerCase();
  return levels.find((level, i) => level === word || String(i + 1) === word) ?? 'high';
};

/** Whether a login of this level may see more of a letter, or of a status, than sender and date. */
export const mayRead = (letter: Level, present: Level): boolean => satisfies(present, letter);

/** Levels of letters that a login of this level may read. */
export const levelsBelow = (present: Level): Level[] => levels.filter((level) => mayRead(level, present));
