import { showWith, type Frame as WebFrame } from '../../../web/show.ts';
import { recoveryTexts, type RecoveryMessages } from '../texts/index.ts';

/** What every page of a reset gets besides its view. */
export type Frame = WebFrame<RecoveryMessages>;

/** Answers with a page of a reset, in the language of the response. */
export const show = showWith(recoveryTexts);
