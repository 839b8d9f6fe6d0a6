import { levels, satisfies, type Level } from '../../../assurance/levels.ts';

/** The level that a letter asks of its reader. What a sender leaves out or nobody knows is the highest, never none. */
export const levelOfLetter = (said: unknown): Level => {
  if (typeof said !== 'string') return 'high';
  const known: Readonly<Record<string, Level>> = { '1': 'basic', '2': 'low', '3': 'substantial', '4': 'high' };
  const word = said.toLowerCase();
  return levels.find((level) => level === word) ?? known[word] ?? 'high';
};

/** Whether a login of this level may see more of a letter, or of a status, than sender and date. */
export const mayRead = (letter: Level, present: Level): boolean => satisfies(present, letter);

/** Levels of letters that a login of this level may read. */
export const levelsBelow = (present: Level): Level[] => levels.filter((level) => mayRead(level, present));
