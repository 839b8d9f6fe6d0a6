import type { Catalogues, Shape } from '../../../web/i18n/shape.ts';
import { de } from './de.tsx';
import { en } from './en.tsx';

export type FlowMessages = Shape<typeof de>;

export const flowTexts: Catalogues<FlowMessages> = { de, en };
