import { Actions, Button, Card, Layout } from '../../../web/components/index.ts';
import type { SelectAccountView } from '../views.ts';
import { Back, Service, type Frame } from './frame.tsx';

/** The service wants to be sure whose account it gets (`prompt=select_account`). */
export const SelectAccountPage = (props: SelectAccountView & Frame) => {
  const { t, page } = props;
  return (
    <Layout page={page} title={t.select.title} service={<Service {...props} />}>
      <p class="bid-lead">{t.select.lead}</p>
      <Card>
        <form class="bid-form" method="post" action={`${props.base}/konto`}>
          <input type="hidden" name="csrf" value={props.csrf} />
          <Actions>
            <Button name="answer" value="continue">
              {t.select.continue({ account: props.account })}
            </Button>
            <Button name="answer" value="other" weight="secondary">
              {t.select.other}
            </Button>
          </Actions>
        </form>
      </Card>
      <Back {...props} />
    </Layout>
  );
};
