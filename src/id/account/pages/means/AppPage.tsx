import {
  Button,
  ButtonLink,
  Card,
  ConfirmForm,
  Field,
  QrCode,
  refusal,
  Steps,
  TextLink,
} from '../../../../web/components/index.ts';
import { formatDate } from '../../../../web/i18n/format.ts';
import type { MeansList } from '../../means-list.ts';
import { KontoLayout } from '../konto-frame.tsx';
import type { Frame } from './frame.ts';

/** POST /konto/zugaenge/app (code) · POST /konto/zugaenge/app/entfernen. Neither `app` nor `setup`: there is no password. */
export interface AppView extends Pick<MeansList, 'app'> {
  readonly csrf: string;
  /** A secret that counts once a code of it was typed. */
  readonly setup?: { readonly secret: string; readonly uri: string };
  readonly error?: 'wrong' | 'empty';
}

type Props = AppView & Frame;

const Setup = (props: Props & { setup: NonNullable<AppView['setup']> }) => {
  const { t, page, setup, error } = props;
  const words = t.setUpApp;
  return (
    <Card>
      <p class="kern-body">{words.lead}</p>
      <Steps
        items={[
          <p class="kern-body">{words.install}</p>,
          <>
            <p class="kern-body">{words.scan}</p>
            <QrCode text={setup.uri} alt={words.qrAlt} />
            <p class="kern-body">{words.type}</p>
            <p class="kern-body">
              <code class="bid-code bid-key">{(setup.secret.match(/.{1,4}/g) ?? []).join(' ')}</code>
            </p>
            <p class="kern-body">{words.settings}</p>
            <ButtonLink href={setup.uri} schemes={['otpauth:']} weight="tertiary" icon="open-in-new">
              {words.open}
            </ButtonLink>
          </>,
          <form class="bid-form" method="post" action="/konto/zugaenge/app">
            <input type="hidden" name="csrf" value={props.csrf} />
            <Field
              page={page}
              name="code"
              label={words.code}
              hint={words.codeHint}
              autocomplete="one-time-code"
              inputmode="numeric"
              verbatim
              error={error && words.error[error]}
            />
            <Button>{words.button}</Button>
          </form>,
        ]}
      />
    </Card>
  );
};

const Present = ({ t, page, csrf, app }: Props & { app: NonNullable<AppView['app']> }) => (
  <Card id="entfernen" heading={t.oneApp.remove}>
    <p class="kern-body">{t.app.since({ date: formatDate(page.locale, app.createdAt) })}</p>
    <p class="kern-body">{t.oneApp.effect}</p>
    <p class="kern-body">{t.oneApp.other}</p>
    <ConfirmForm action="/konto/zugaenge/app/entfernen" csrf={csrf} label={t.oneApp.removeButton} weight="secondary" />
  </Card>
);

const NoPassword = ({ t }: Frame) => (
  <Card>
    <p class="kern-body">{t.setUpApp.needsPassword}</p>
    <TextLink href="/konto/zugaenge/passwort">{t.password.set}</TextLink>
  </Card>
);

export const AppPage = (props: Props) => {
  const { t, page, error, app, setup } = props;
  const title = app ? t.oneApp.title : t.setUpApp.title;
  return (
    <KontoLayout
      page={page}
      at="means"
      below
      title={title}
      {...refusal(page, error && t.setUpApp.error[error], 'code', t.setUpApp.errorTitle)}
    >
      {app ? <Present {...props} app={app} /> : setup ? <Setup {...props} setup={setup} /> : <NoPassword {...props} />}
    </KontoLayout>
  );
};
