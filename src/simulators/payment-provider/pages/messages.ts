import type { Catalogues, Shape } from '../../../web/i18n/shape.ts';
import { de } from './de.ts';
import { en } from './en.ts';

export type SimulatorMessages = Shape<typeof de>;

export const catalogues: Catalogues<SimulatorMessages> = { de, en };
