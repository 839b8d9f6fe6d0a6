import {
  Actions,
  Alert,
  Button,
  ButtonLink,
  Card,
  ConfirmForm,
  Field,
  Layout,
  refusal,
} from '../../../../web/components/index.ts';
import { EmailCode, emailCodeFrame, type EmailCodeView as CodeView } from '../../../email-code/EmailCode.tsx';
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

/** At /konto/zugaenge/e-mail. */
export interface EmailCodeView extends CodeView {
  /** There is an address already, which counts until then. */
  readonly replaces: boolean;
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
      {...refusal(page, message, 'email')}
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
            error={message}
          />
          <Button>{words.button}</Button>
        </form>
      </Card>
    </KontoLayout>
  );
};

export const EmailCodePage = (props: EmailCodeView & Frame) => (
  <KontoLayout page={props.page} at="means" below {...emailCodeFrame(props)}>
    <EmailCode
      {...props}
      base="/konto/zugaenge/e-mail"
      {...(props.replaces ? { note: props.t.email.untilThen } : {})}
    />
  </KontoLayout>
);

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
