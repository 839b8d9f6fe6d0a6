import { showWith, type Frame as WebFrame } from '../../../../web/show.ts';
import { loginDataTexts, type LoginDataMessages } from '../../texts/login-data.tsx';

/** What the pages about password, address and user name get besides their view. */
export type Frame = WebFrame<LoginDataMessages>;

/** Answers with one of these pages, in the language of the response. */
export const show = showWith(loginDataTexts);
