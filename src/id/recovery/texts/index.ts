import type { Catalogues, Shape } from '../../../web/i18n/shape.ts';
import { de } from './de.tsx';
import { en } from './en.tsx';

export type RecoveryMessages = Shape<typeof de>;

export const recoveryTexts: Catalogues<RecoveryMessages> = { de, en };
