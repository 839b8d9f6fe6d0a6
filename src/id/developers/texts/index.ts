import type { Catalogues, Shape } from '../../../web/i18n/shape.ts';
import { de } from './de.tsx';
import { en } from './en.tsx';

export type DeveloperMessages = Shape<typeof de>;

export const developerTexts: Catalogues<DeveloperMessages> = { de, en };
