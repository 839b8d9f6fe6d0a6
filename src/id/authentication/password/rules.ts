/** Shortest password in characters (NIST SP 800-63B-4, 3.1.1.2): alone, and where a second factor stands beside it. */
export const shortestPassword = { alone: 15, withSecondFactor: 12 } as const;

/** Longest password in bytes of UTF-8; longer ones are refused before any hashing (PW-15). */
export const longestPassword = 1024;

export type PasswordFault =
  | 'empty'
  | 'tooShort'
  | 'tooLong'
  /** On the list of common and breached ones, or one of these with decoration, or twice the same. */
  | 'common'
  /** Keys in a row, the alphabet, one group of characters again and again. */
  | 'pattern'
  /** Says the person's name, address or birth date, or what this is the password for. */
  | 'personal';

/** What a password must not be made of. */
export interface PasswordContext {
  /** Names and addresses of the person and of the service, as they are written. */
  readonly words: readonly string[];
  /** As attributes have it: YYYY-MM-DD or the card's eight characters. */
  readonly birthdate?: string;
}

/** Words that everybody thinks of here. */
const houseWords = ['bayern', 'bavaria', 'bayernid', 'buergerkonto', 'mein konto', 'passwort', 'password', 'kennwort'];

/** Written otherwise by habit: "P4$$w0rt". */
const leet: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '8': 'b',
  '@': 'a',
  $: 's',
  '!': 'i',
  '|': 'l',
  '€': 'e',
};

/** Small letters without marks; umlauts as they are typed where there are none. */
const folded = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll('ä', 'ae')
    .replaceAll('ö', 'oe')
    .replaceAll('ü', 'ue')
    .replaceAll('ß', 'ss')
    .normalize('NFD')
    .replace(/\p{M}/gu, '');

const unleeted = (text: string): string => Array.from(text, (character) => leet[character] ?? character).join('');

const lettersOf = (text: string): string => text.replace(/[^\p{L}]/gu, '');
const lettersAndDigitsOf = (text: string): string => text.replace(/[^\p{L}\p{N}]/gu, '');

const runs = [
  'abcdefghijklmnopqrstuvwxyz',
  '01234567890123456789',
  'qwertzuiopasdfghjklyxcvbnm',
  'qwertyuiopasdfghjklzxcvbnm',
  '1qay2wsx3edc4rfv5tgb6zhn7ujm8ik9ol0p',
  '1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p',
].flatMap((run) => [run, Array.from(run).toReversed().join('')]);

/** How much of a text stands in runs of the keyboard or the alphabet of four characters or more. */
const inRuns = (text: string): number => {
  let covered = 0;
  for (let start = 0; start < text.length;) {
    let length = 0;
    for (const run of runs) {
      let fits = 0;
      while (start + fits < text.length && run.includes(text.slice(start, start + fits + 1))) fits++;
      length = Math.max(length, fits);
    }
    if (length >= 4) covered += length;
    start += length >= 4 ? length : 1;
  }
  return covered;
};

/** Of a text that is one group of characters again and again, the group; otherwise all of it. */
const unrepeated = (text: string): string => {
  for (let length = 1; length <= text.length / 2; length++) {
    const group = text.slice(0, length);
    if (group.repeat(Math.ceil(text.length / length)).startsWith(text)) return group;
  }
  return text;
};

/** Fewer than this of one's own besides a known word is decoration: a year and a sign. */
const decoration = 6;

/**
 * Of fewer characters nothing is a word of its own: a person called Jo may say "Banjo", and nobody guesses a password by
 * three letters.
 */
const shortestWord = 4;

const partsOf = (word: string): string[] => {
  const whole = lettersAndDigitsOf(folded(word));
  const parts = folded(word).split(/[^\p{L}\p{N}]+/u);
  return [...new Set([whole, ...parts])].filter((part) => part.length >= shortestWord);
};

/** The ways in which a birth date is typed. */
const datesOf = (birthdate: string | undefined): string[] => {
  const [, year, month, day] = /^(\d{4})-?(\d\d)?-?(\d\d)?$/.exec(birthdate?.replaceAll(/\s/g, '') ?? '') ?? [];
  if (year === undefined) return [];
  if (month === undefined || day === undefined) return [];
  const short = year.slice(2);
  return [
    `${day}${month}${year}`,
    `${year}${month}${day}`,
    `${month}${day}${year}`,
    `${day}${month}${short}`,
    `${short}${month}${day}`,
  ];
};

/** How much of a password is one's own once these words are taken out of it. */
const without = (text: string, words: readonly string[]): string =>
  words.toSorted((a, b) => b.length - a.length).reduce((left, word) => left.replaceAll(word, ''), text);

const saysWord = (password: string, words: readonly string[]): boolean => {
  const forms = [folded(password), unleeted(folded(password))];
  return forms.some((form) => {
    const bare = lettersAndDigitsOf(form);
    return words.some((word) => bare.includes(word) || bare.includes(unleeted(word)));
  });
};

const isCommonlyMade = (password: string, isCommon: (text: string) => boolean): boolean => {
  const form = folded(password);
  const candidates = new Set<string>();
  for (const text of [form, unleeted(form), unrepeated(form)]) {
    candidates.add(text);
    candidates.add(lettersAndDigitsOf(text));
    // A word with a year behind it and a sign before it.
    candidates.add(text.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, ''));
    candidates.add(lettersOf(text));
    candidates.add(unrepeated(lettersAndDigitsOf(text)));
  }
  return [...candidates].some((text) => text.length >= shortestWord && isCommon(text));
};

/**
 * What is wrong with a password that somebody chooses, or undefined. No rule of composition (NIST SP 800-63B-4, 3.1.1.2):
 * blanks, all letters and all signs count, and nothing is cut off or changed before hashing. Lengths are in code points.
 *
 * @param isCommon whether a text, in small letters, is on the list of common passwords.
 */
export const passwordFault = (
  password: string,
  context: PasswordContext,
  { secondFactor, isCommon }: { readonly secondFactor: boolean; readonly isCommon: (text: string) => boolean },
): PasswordFault | undefined => {
  if (password === '') return 'empty';
  if (Buffer.byteLength(password) > longestPassword) return 'tooLong';
  const length = Array.from(password).length;
  if (length < (secondFactor ? shortestPassword.withSecondFactor : shortestPassword.alone)) return 'tooShort';
  const bare = lettersAndDigitsOf(folded(password));
  const own = context.words.flatMap(partsOf);
  const dates = datesOf(context.birthdate);
  const digits = password.replace(/\D/g, '');
  if (saysWord(password, own) || dates.some((date) => date.length === 8 && digits.includes(date))) return 'personal';
  if (isCommonlyMade(password, isCommon)) return 'common';
  // What this is the password for may stand in a long one of one's own, but not be the most of it.
  const rest = without(bare, [...houseWords.map((word) => lettersOf(word)), ...dates]);
  const isOwn =
    lettersOf(rest).length >= decoration || rest.length - lettersOf(rest).length >= shortestPassword.withSecondFactor;
  if (rest.length < bare.length && !isOwn) return 'personal';
  const once = unrepeated(folded(password));
  if (Array.from(once).length <= decoration || new Set(folded(password)).size < 5) return 'pattern';
  if (length - inRuns(folded(password)) < decoration) return 'pattern';
  return undefined;
};
