import { Actions, Alert, ButtonLink, Card, ConfirmForm, Layout } from '../../../../web/components/index.ts';
import type { RegisteredView, RegisterTakenView } from '../views.ts';
import { Leave, ServiceOf, type Frame } from './frame.tsx';

export const RegisteredPage = (props: RegisteredView & Frame) => {
  const { t, page, email } = props;
  const words = t.registered;
  return (
    <Layout page={page} title={words.title} service={<ServiceOf {...props} />}>
      <Card>
        <Alert tone="success" title={words.ready} />
        <p class="kern-body">{email === undefined ? words.card : words.login({ email })}</p>
        <p class="kern-body">{words.passkey}</p>
        <ConfirmForm
          action={`${props.base}/registrieren/weiter`}
          csrf={props.csrf}
          label={words.button({ service: props.service.name })}
          icon="arrow-forward"
        />
      </Card>
    </Layout>
  );
};

/** Told only to whoever has typed in the code: the address is theirs. */
export const RegisterTakenPage = (props: RegisterTakenView & Frame) => {
  const { t, page } = props;
  const words = t.taken;
  return (
    <Layout page={page} title={words.title} service={<ServiceOf {...props} />}>
      <Card>
        <p class="kern-body">{words.lead({ email: props.email })}</p>
        <Actions>
          <ButtonLink href={`${props.base}/konto-vorhanden`}>{words.login}</ButtonLink>
          <ConfirmForm
            action={`${props.base}/registrieren/andere-adresse`}
            csrf={props.csrf}
            label={words.other}
            weight="secondary"
          />
        </Actions>
      </Card>
      <div class="bid-back">
        <Leave {...props} />
      </div>
    </Layout>
  );
};
