import {
  Actions,
  Alert,
  Button,
  Card,
  ConfirmForm,
  Details,
  ErrorSummary,
  Field,
  Layout,
} from '../../../../web/components/index.ts';
import { formatTime } from '../../../../web/i18n/format.ts';
import type { RegisterCodeView } from '../views.ts';
import { Leave, Progress, ServiceOf, type Frame } from './frame.tsx';

/** The same page whether the address has an account or not: only the mail tells. */
export const RegisterCodePage = (props: RegisterCodeView & Frame) => {
  const { t, page, fault } = props;
  const words = t.code;
  const message = fault === undefined ? undefined : words.fault[fault];
  const aboutField = fault !== undefined && fault !== 'tooMany';
  return (
    <Layout
      page={page}
      title={words.title}
      error={message !== undefined}
      summary={
        message === undefined ? undefined : (
          <ErrorSummary title={t.errorTitle} errors={[{ message, ...(aboutField ? { field: 'code' } : {}) }]} />
        )
      }
      service={<ServiceOf {...props} />}
    >
      {props.byCard ? null : <Progress {...props} step={2} />}
      {props.sentAgain && fault === undefined ? <Alert tone="info" title={words.again} /> : null}
      <Card>
        <p class="kern-body">{words.lead({ email: props.email })}</p>
        <p class="kern-body">{words.validUntil({ time: formatTime(page.locale, props.validUntil) })}</p>
        <form class="bid-form" method="post" action={`${props.base}/registrieren/code`}>
          <input type="hidden" name="csrf" value={props.csrf} />
          <Field
            page={page}
            name="code"
            label={words.label}
            hint={words.hint}
            autocomplete="one-time-code"
            inputmode="numeric"
            verbatim
            {...(props.code === undefined ? {} : { value: props.code })}
            {...(message === undefined || !aboutField ? {} : { error: message })}
          />
          <Button>{words.button}</Button>
        </form>
      </Card>
      <Details summary={words.nothing} open={fault === 'spent' || fault === 'gone'}>
        <p class="kern-body">{words.nothingText}</p>
        <Actions>
          <ConfirmForm
            action={`${props.base}/registrieren/neuer-code`}
            csrf={props.csrf}
            label={words.resend}
            weight="secondary"
          />
          <ConfirmForm
            action={`${props.base}/registrieren/andere-adresse`}
            csrf={props.csrf}
            label={words.change}
            weight="secondary"
          />
        </Actions>
      </Details>
      <div class="bid-back">
        <Leave {...props} />
      </div>
    </Layout>
  );
};
