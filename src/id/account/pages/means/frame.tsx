import { TextLink } from '../../../../web/components/index.ts';
import { meansTexts, type MeansMessages } from '../../texts/means.ts';
import { showWith, type AccountPage, type Frame as AccountFrame } from '../frame.tsx';

/** What every page about the ways in gets besides its view. */
export type Frame = AccountFrame<MeansMessages>;

export type MeansPageOf<View> = AccountPage<View, MeansMessages>;

/** Answers with a page about the ways in, in the language of the response. */
export const show = showWith(meansTexts);

/** To the overview, at the end of every page below it. */
export const ToOverview = ({ t }: Frame) => (
  <p class="kern-body bid-back">
    <TextLink href="/konto/zugaenge" icon="arrow-back">
      {t.toOverview}
    </TextLink>
  </p>
);
