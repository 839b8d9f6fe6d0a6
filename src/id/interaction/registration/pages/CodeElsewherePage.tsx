import { Alert, Card, Layout } from '../../../../web/components/index.ts';
import type { PageContext } from '../../../../web/page-context.ts';
import type { RegistrationMessages } from '../texts/index.ts';

/**
 * The link of a mail, opened where nobody waits for its code: on the phone, or by a scanner. Nothing is looked up; it
 * says what the address itself says.
 */
export const CodeElsewherePage = ({ t, page, code }: { t: RegistrationMessages; page: PageContext; code: string }) => (
  <Layout page={page} title={t.elsewhere.title}>
    <Card>
      <p class="kern-body">{t.elsewhere.lead}</p>
      <p class="bid-bigcode">{code}</p>
      <Alert tone="warning" title={t.elsewhere.warning} />
    </Card>
  </Layout>
);
