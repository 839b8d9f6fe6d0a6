import { Alert } from '../../../web/components/index.ts';
import type { PageContext } from '../../../web/page-context.ts';
import { catalogues } from '../i18n/messages.ts';

/** Above a form with what was typed before a stronger login was asked for: it was not sent. */
export const KeptNotice = ({ page }: { readonly page: PageContext }) => {
  const t = catalogues[page.locale].kept;
  return (
    <Alert tone="info" title={t.title} announce>
      <p class="kern-body">{t.text}</p>
    </Alert>
  );
};
