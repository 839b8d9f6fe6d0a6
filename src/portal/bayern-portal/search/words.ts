import type { Locale } from '../../../web/i18n/shape.ts';

/**
 * One spelling for all: small letters, no accents. Umlauts fall together with how they are typed without them (Führerschein,
 * Fuehrerschein, Fuhrerschein).
 */
export const fold = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/([aou])e(?![iu])/g, '$1');

/** The words of a text, folded. Numbers are words too. */
export const wordsOf = (text: string): string[] => fold(text).match(/[\p{L}\p{N}]+/gu) ?? [];

/** Words that say nothing about what somebody looks for, folded. */
const idle = new Set(
  wordsOf(
    `ich du er sie es wir ihr man mein meine meinen meiner meinem meines unser unsere unseren dein deine
     der die das den dem des ein eine einen einer einem eines kein keine keinen und oder aber auch
     in im an am auf aus bei beim mit nach von vom vor zu zum zur für über unter um ohne durch gegen
     ist sind war bin habe hab hat haben hatte wird werden wurde worden kann können muss müssen soll sollen will wollen möchte
     wie wo was wer wann warum welche welcher welches wohin dass ob wenn nicht noch schon nur mehr sich mich mir uns
     bitte hilfe brauche brauchen braucht machen tun gehen geht  beantragen beantrage beantragt
     antrag formular online neu neue neuen neuer neues
     i you he she it we they my our your the a an and or but of for to from with by on at is are was have has had do does did
     can must should want would like need needs how where what who when why which not no please help get getting apply application
     form new am be me us`,
  ),
);

/** Endings, folded, the longest first. They go as long as enough letters are left. */
const endings: Readonly<Record<Locale, readonly string[]>> = {
  de: 'ungen innen keiten heiten ung end ern est ten tet en er es em et st te ig e n s t'.split(' '),
  en: 'ings ing ies ers er ed ly s y'.split(' '),
};

/** English words are shorter. */
const leastStem: Readonly<Record<Locale, number>> = { de: 4, en: 3 };

const withoutEnding = (word: string, locale: Locale): string => {
  const ending = endings[locale].find((one) => word.endsWith(one) && word.length - one.length >= leastStem[locale]);
  return ending === undefined ? word : word.slice(0, -ending.length);
};

/** `ge` in the middle of a verb: angemeldet is said of whoever had to anmelden. */
const participle = /^((?:an|ab|um|aus|auf|ein|zu|vor|mit|nach|weg))ge(?=.{4,}$)/;

/** What is left of a word without its endings: anmelden, Anmeldung and angemeldet are one. */
export const stem = (word: string, locale: Locale): string => {
  if (/\d/.test(word)) return word;
  if (locale === 'en') return withoutEnding(word, locale);
  return withoutEnding(withoutEnding(word.replace(participle, '$1'), locale), locale);
};

/** The stems of what was typed, at most `most` of them; words that say nothing are left out. */
export const queryStems = (text: string, locale: Locale, most: number): string[] => {
  const telling = wordsOf(text).filter((word) => !idle.has(word) && (word.length > 1 || /\d/.test(word)));
  return [...new Set(telling.map((word) => stem(word, locale)))].slice(0, most);
};

/** The stems of a text of ours. */
export const textStems = (text: string, locale: Locale): string[] =>
  wordsOf(text)
    .filter((word) => !idle.has(word))
    .map((word) => stem(word, locale));
