import { showWith, type Frame as WebFrame, type PageOf } from '../../../../web/show.ts';
import { meansTexts, type MeansMessages } from '../../texts/means.ts';

/** What every page about the ways in gets besides its view. */
export type Frame = WebFrame<MeansMessages>;

export type MeansPageOf<View> = PageOf<View, MeansMessages>;

/** Answers with a page about the ways in, in the language of the response. */
export const show = showWith(meansTexts);
