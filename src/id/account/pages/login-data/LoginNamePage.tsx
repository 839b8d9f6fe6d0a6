import { Actions, Alert, Button, Card, ConfirmForm, refusal, Field } from '../../../../web/components/index.ts';
import { KontoLayout } from '../konto-frame.tsx';
import type { Frame } from './frame.ts';

/** POST /konto/zugaenge/benutzername (name) · POST /konto/zugaenge/benutzername/entfernen. */
export interface LoginNameView {
  readonly csrf: string;
  readonly name: string;
  /** There is one, and another name to log in with beside it. */
  readonly removable: boolean;
  readonly fault?: 'empty' | 'form' | 'taken' | 'tooMany';
  readonly done?: 'done' | 'removed';
}

export const LoginNamePage = (props: LoginNameView & Frame) => {
  const { t, page, fault, done } = props;
  const words = t.loginName;
  const message = fault === undefined ? undefined : words.fault[fault];
  return (
    <KontoLayout page={page} at="means" below title={words.title} {...refusal(page, message, 'name')}>
      {done === undefined ? null : <Alert tone="success" title={words[done]} announce />}
      <p class="bid-lead">{words.lead}</p>
      <Card>
        <form class="bid-form" id="benutzername" method="post" action="/konto/zugaenge/benutzername">
          <input type="hidden" name="csrf" value={props.csrf} />
          <Field
            page={page}
            name="name"
            label={words.label}
            hint={words.hint}
            autocomplete="username"
            verbatim
            value={props.name}
            error={message}
          />
        </form>
        <Actions>
          <Button form="benutzername">{words.button}</Button>
          {props.removable ? (
            <ConfirmForm
              action="/konto/zugaenge/benutzername/entfernen"
              csrf={props.csrf}
              label={words.remove}
              weight="secondary"
            />
          ) : null}
        </Actions>
      </Card>
    </KontoLayout>
  );
};
