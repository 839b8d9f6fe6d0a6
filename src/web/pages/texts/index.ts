import type { Catalogues, Shape } from '../../i18n/shape.ts';
import { de } from './de.tsx';
import { en } from './en.tsx';

export type CommonPageMessages = Shape<typeof de>;

export const commonPageTexts: Catalogues<CommonPageMessages> = { de, en };
