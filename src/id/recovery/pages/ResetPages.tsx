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
} from '../../../web/components/index.ts';
import { NewPasswordFields, newPasswordRefusal } from '../../new-password/fields.tsx';
import type { ProofView, ResetDoneView, ResetPasswordView } from '../views.ts';
import type { Frame } from './frame.ts';

export const ProofPage = (props: ProofView & Frame) => {
  const { t, page, fault, needs } = props;
  const words = t.proof;
  const message = fault === undefined ? undefined : words.fault[fault];
  return (
    <Layout page={page} title={words.title} {...refusal(page, message, 'code')}>
      {props.foreign ? (
        <Alert tone="warning" title={words.foreign.title} announce>
          <p class="kern-body">{words.foreign.text}</p>
        </Alert>
      ) : null}
      <p class="bid-lead">
        {words.lead} {needs.length > 1 ? words.choose : null}
      </p>
      {needs.includes('secondFactor') ? (
        <Card id="zweiter-faktor" heading={words.code.heading}>
          <p class="kern-body">{words.code.text}</p>
          <form class="bid-form" method="post" action="/passwort-vergessen/code">
            <input type="hidden" name="csrf" value={props.csrf} />
            <Field
              page={page}
              name="code"
              label={words.code.label}
              autocomplete="one-time-code"
              verbatim
              error={message}
            />
            <Button>{words.code.button}</Button>
          </form>
        </Card>
      ) : null}
      {needs.includes('card') ? (
        <Card id="online-ausweis" heading={words.card.heading}>
          <p class="kern-body">{words.card.text}</p>
          <ConfirmForm
            action="/passwort-vergessen/ausweis"
            csrf={props.csrf}
            label={words.card.button}
            icon="arrow-forward"
          />
        </Card>
      ) : null}
    </Layout>
  );
};

export const ResetPasswordPage = (props: ResetPasswordView & Frame) => {
  const { t, page } = props;
  const words = t.password;
  return (
    <Layout page={page} title={words.title} {...newPasswordRefusal(props)}>
      <p class="bid-lead">{words.lead}</p>
      <Card>
        <form class="bid-form" method="post" action="/passwort-vergessen/neu">
          <input type="hidden" name="csrf" value={props.csrf} />
          <NewPasswordFields {...props} />
          <Button>{words.button}</Button>
        </form>
      </Card>
    </Layout>
  );
};

export const ResetDonePage = (props: ResetDoneView & Frame) => {
  const { t, page, from, dropped } = props;
  const words = t.done;
  return (
    <Layout page={page} title={words.title}>
      <Card>
        <Alert tone="success" title={words.out} />
        <p class="kern-body">{words.lead}</p>
        {dropped.length === 0 ? null : (
          <Alert tone="warning" title={words.dropped.title}>
            <p class="kern-body">{words.dropped.text}</p>
            <ul class="bid-list">
              {dropped.map(({ kind, name = '' }) => (
                <li key={`${kind} ${name}`}>
                  {kind === 'passkey' ? words.dropped.passkey({ name }) : words.dropped.means[kind]}
                </li>
              ))}
            </ul>
          </Alert>
        )}
        <Actions>
          {from === undefined ? (
            <ButtonLink href="/konto">{words.login}</ButtonLink>
          ) : (
            <ButtonLink href={from}>{words.back}</ButtonLink>
          )}
        </Actions>
      </Card>
    </Layout>
  );
};
