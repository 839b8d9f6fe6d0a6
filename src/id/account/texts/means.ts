import type { Catalogues, Shape } from '../../../web/i18n/shape.ts';
import { de } from './means-de.tsx';
import { en } from './means-en.tsx';

export type MeansMessages = Shape<typeof de>;

export const meansTexts: Catalogues<MeansMessages> = { de, en };
