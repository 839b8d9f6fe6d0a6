import { Actions, Card, ConfirmForm, Layout } from '../../../web/components/index.ts';
import { formatDate } from '../../../web/i18n/format.ts';
import type { LeavingView } from '../views.ts';
import { Back, Service, type Frame } from './frame.tsx';

/** Where every login to an account ends that is to be deleted: its owner may keep it, and goes to no service before. */
export const LeavingPage = (props: LeavingView & Frame) => {
  const { t, page } = props;
  return (
    <Layout page={page} title={t.leaving.title} service={<Service {...props} />}>
      <p class="bid-lead">
        {t.leaving.lead({ account: props.account, date: formatDate(page.locale, props.deletedOn) })}
      </p>
      <Card id="behalten" heading={t.leaving.question}>
        <p class="kern-body">{t.leaving.keep}</p>
        <p class="kern-body">{t.leaving.leave}</p>
        <Actions>
          <ConfirmForm action={`${props.base}/konto-behalten`} csrf={props.csrf} label={t.leaving.button} />
          <Back {...props} />
        </Actions>
      </Card>
    </Layout>
  );
};
