import {
  Actions,
  Alert,
  Button,
  ButtonLink,
  Card,
  ConfirmForm,
  ErrorSummary,
  Field,
  Layout,
} from '../../../../web/components/index.ts';
import { formatTime } from '../../../../web/i18n/format.ts';
import { KontoLayout } from '../konto-frame.tsx';
import type { Frame } from './frame.ts';

/** POST /konto/zugaenge/e-mail (email). */
export interface EmailView {
  readonly csrf: string;
  readonly present?: string;
  readonly email: string;
  readonly fault?: 'empty' | 'notAnAddress' | 'same' | 'tooMany';
  readonly done: boolean;
}

/** POST /konto/zugaenge/e-mail/code (code) · POST /konto/zugaenge/e-mail (email) · POST /konto/zugaenge/e-mail/andere. */
export interface EmailCodeView {
  readonly csrf: string;
  readonly email: string;
  /** ms since the epoch. */
  readonly validUntil: number;
  /** From the link in the mail. */
  readonly code?: string;
  readonly fault?: 'empty' | 'wrong' | 'spent' | 'gone' | 'tooMany';
}

export const EmailPage = (props: EmailView & Frame) => {
  const { t, page, fault, present } = props;
  const words = t.email;
  const message = fault === undefined ? undefined : words.fault[fault];
  return (
    <KontoLayout
      page={page}
      at="means"
      below
      title={present === undefined ? words.titleOfFirst : words.title}
      error={message !== undefined}
      summary={
        message === undefined ? undefined : <ErrorSummary title={t.errorTitle} errors={[{ message, field: 'email' }]} />
      }
    >
      {props.done ? <Alert tone="success" title={words.done} announce /> : null}
      <p class="bid-lead">{words.lead}</p>
      <Card>
        {present === undefined ? null : <p class="kern-body">{words.present({ email: present })}</p>}
        <form class="bid-form" method="post" action="/konto/zugaenge/e-mail">
          <input type="hidden" name="csrf" value={props.csrf} />
          <Field
            page={page}
            name="email"
            label={words.label}
            hint={words.hint}
            autocomplete="email"
            inputmode="email"
            verbatim
            value={props.email}
            {...(message === undefined ? {} : { error: message })}
          />
          <Button>{words.button}</Button>
        </form>
      </Card>
    </KontoLayout>
  );
};

export const EmailCodePage = (props: EmailCodeView & Frame) => {
  const { t, page, fault, csrf, email } = props;
  const words = t.email.code;
  const message = fault === undefined ? undefined : words.fault[fault];
  const aboutField = fault !== undefined && fault !== 'tooMany';
  return (
    <KontoLayout
      page={page}
      at="means"
      below
      title={words.title}
      error={message !== undefined}
      summary={
        message === undefined ? undefined : (
          <ErrorSummary title={t.errorTitle} errors={[{ message, ...(aboutField ? { field: 'code' } : {}) }]} />
        )
      }
    >
      <Card>
        <p class="kern-body">{words.lead({ email })}</p>
        <p class="kern-body">{words.validUntil({ time: formatTime(page.locale, props.validUntil) })}</p>
        <form class="bid-form" id="bestaetigen" method="post" action="/konto/zugaenge/e-mail/code">
          <input type="hidden" name="csrf" value={csrf} />
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
        </form>
        <Actions>
          <Button form="bestaetigen">{words.button}</Button>
          <ConfirmForm
            action="/konto/zugaenge/e-mail"
            csrf={csrf}
            fields={{ email }}
            label={words.resend}
            weight="secondary"
          />
          <ConfirmForm action="/konto/zugaenge/e-mail/andere" csrf={csrf} label={words.change} weight="secondary" />
        </Actions>
      </Card>
    </KontoLayout>
  );
};

/** POST to its own address. `gone`: the link is too old or was used. */
export interface EmailUndoView {
  readonly state: 'open' | 'done' | 'gone';
  readonly action: string;
  readonly csrf: string;
}

export const EmailUndoPage = (props: EmailUndoView & Frame) => {
  const { t, page, state } = props;
  const words = t.email.undo;
  const title = { open: words.title, done: words.doneTitle, gone: words.goneTitle }[state];
  return (
    <Layout page={page} title={title}>
      <Card>
        <p class="kern-body">{{ open: words.lead, done: words.done, gone: words.gone }[state]}</p>
        {state === 'open' ? (
          <ConfirmForm action={props.action} csrf={props.csrf} label={words.button} />
        ) : (
          <Actions>
            <ButtonLink href="/passwort-vergessen">{words.reset}</ButtonLink>
          </Actions>
        )}
      </Card>
    </Layout>
  );
};
