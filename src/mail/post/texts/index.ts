import type { Catalogues, Shape } from '../../../web/i18n/shape.ts';
import { de } from './de.ts';
import { en } from './en.ts';

export type PostMessages = Shape<typeof de>;

export const postTexts: Catalogues<PostMessages> = { de, en };
