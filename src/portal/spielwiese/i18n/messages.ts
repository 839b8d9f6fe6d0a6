import type { Catalogues, Shape } from '../../../web/i18n/shape.ts';
import { de } from './de.tsx';
import { en } from './en.tsx';

export type PlaygroundMessages = Shape<typeof de>;

export const catalogues: Catalogues<PlaygroundMessages> = { de, en };
