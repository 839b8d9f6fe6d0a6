import type { de } from './de.tsx';
import type { Shape } from './shape.ts';

/** The words that all parts share: header, footer, levels, errors. */
export type GroundMessages = Shape<typeof de>;
