import { locales, type Locale } from './shape.ts';

/**
 * One of a thing for each language, made once. For everything of Intl: a formatter holds tens of kilobytes outside of V8's
 * heap, where the collector does not see them, so that formatters made for each page fill the memory of a node (ADR 74).
 */
export const perLocale = <Made>(make: (locale: Locale) => Made): Readonly<Record<Locale, Made>> =>
  Object.fromEntries(locales.map((locale) => [locale, make(locale)])) as Record<Locale, Made>;
