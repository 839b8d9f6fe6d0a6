import { Card, Layout, TextLink } from '../../../web/components/index.ts';
import type { KontoFrame } from './konto-frame.tsx';

/** A login for Mein Konto that ended in an error: cancelled, or not strong enough. */
export const EndedPage = ({ t, page }: KontoFrame) => (
  <Layout page={page} title={t.ended.title}>
    <Card>
      <p class="kern-body">{t.ended.text}</p>
      <TextLink href="/konto">{t.ended.again}</TextLink>
    </Card>
  </Layout>
);
