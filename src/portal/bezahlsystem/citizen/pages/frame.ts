import type { PageContext } from '../../../../web/page-context.ts';
import type { BezahlsystemMessages } from '../i18n/messages.ts';

/** What every page of the Bezahlsystem gets besides its view. */
export interface Frame {
  readonly page: PageContext;
  readonly t: BezahlsystemMessages;
  /** For the hidden field of forms. */
  readonly csrf: string;
  /** Somebody is logged in. */
  readonly loggedIn: boolean;
  /** Origin of Bayern-Portal. */
  readonly portal: string;
}
