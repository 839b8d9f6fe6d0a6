import type { PageContext } from '../../../../web/page-context.ts';
import type { FuehrungszeugnisMessages } from '../../i18n/messages.ts';
import type { OfficeMessages } from '../i18n/messages.ts';

/** What every page of the office gets besides its view. */
export interface OfficeFrame {
  readonly page: PageContext;
  readonly t: OfficeMessages;
  /** The applicant's words for what an application says. */
  readonly words: FuehrungszeugnisMessages;
  /** For the hidden field of forms. */
  readonly csrf: string;
}
