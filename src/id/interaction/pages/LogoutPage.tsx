import { Actions, Button, Card, Layout } from '../../../web/components/index.ts';
import type { LogoutView } from '../views.ts';
import type { Frame } from './frame.tsx';

/** The question around the provider library's own form: the field `logout` says yes, without it the session stays. */
export const LogoutPage = (props: LogoutView & Frame) => {
  const { t, page } = props;
  return (
    <Layout page={page} title={t.logout.title}>
      <Card>
        <p class="kern-body">
          {props.service === undefined ? t.logout.textAll : t.logout.text({ service: props.service })}
        </p>
        <form class="bid-form" method="post" action={props.action}>
          <input type="hidden" name="xsrf" value={props.xsrf} />
          <Actions>
            <Button name="logout" value="yes" icon="logout">
              {t.logout.button}
            </Button>
            <Button weight="secondary">{t.logout.stay}</Button>
          </Actions>
        </form>
      </Card>
    </Layout>
  );
};
