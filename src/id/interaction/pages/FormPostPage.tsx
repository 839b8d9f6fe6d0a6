import { Actions, Button, Card, Layout } from '../../../web/components/index.ts';
import type { FormPostView } from '../views.ts';
import type { Frame } from './frame.tsx';

/** Carries the answer to the service in a form: sends itself where scripts run, else by its button. */
export const FormPostPage = ({ action, fields, service, t, page }: FormPostView & Frame) => (
  <Layout page={page} title={t.formPost.title}>
    <Card>
      <p class="kern-body">{t.formPost.lead({ service })}</p>
      <form class="bid-form" method="post" action={action} data-send="at-once">
        {Object.entries(fields).map(([name, value]) => (
          <input key={name} type="hidden" name={name} value={value} />
        ))}
        <Actions>
          <Button>{t.formPost.button}</Button>
        </Actions>
      </form>
    </Card>
  </Layout>
);
