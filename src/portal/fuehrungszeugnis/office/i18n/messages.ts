import type { Catalogues, Shape } from '../../../../web/i18n/shape.ts';
import { de } from './de.tsx';
import { en } from './en.tsx';

export type OfficeMessages = Shape<typeof de>;

export const catalogues: Catalogues<OfficeMessages> = { de, en };
