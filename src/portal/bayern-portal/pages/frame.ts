import type { PageContext } from '../../../web/page-context.ts';
import type { PortalMessages } from '../i18n/messages.ts';

/** What every page of the portal gets besides its view. */
export interface Frame {
  readonly page: PageContext;
  readonly t: PortalMessages;
  /** How many places can be chosen. */
  readonly places: number;
}
