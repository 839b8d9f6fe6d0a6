import type { Catalogues } from '../../../web/i18n/shape.ts';
import { de } from './de.ts';
import { en } from './en.ts';
import type { MailTexts } from './words.ts';

export type { MailAbout, MailTexts, MailWords } from './words.ts';

export const mailTexts: Catalogues<MailTexts> = { de, en };
