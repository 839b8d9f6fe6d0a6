import { formatNumber } from '../../../web/i18n/format.ts';
import type { Frame } from './frame.ts';

/** Where places come from (the licence asks for it), and that the services are examples, as long as it is a demonstration. */
export const Notes = ({ frame: { t, page, places } }: { frame: Frame }) => (
  <footer class="bid-notes">
    {page.testEnvironment ? <p>{t.example}</p> : null}
    <p>{t.source({ places: formatNumber(page.locale, places) })}</p>
  </footer>
);
