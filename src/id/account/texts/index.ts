import type { Catalogues, Shape } from '../../../web/i18n/shape.ts';
import { de } from './de.tsx';
import { en } from './en.tsx';

export type AccountMessages = Shape<typeof de>;

export const accountTexts: Catalogues<AccountMessages> = { de, en };
