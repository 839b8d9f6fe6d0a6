import { Alert, Button, Card, PasswordField, refusal, TextLink } from '../../../../web/components/index.ts';
import { NewPasswordFields, newPasswordRefusal, type NewPasswordView } from '../../../new-password/fields.tsx';
import { KontoLayout } from '../konto-frame.tsx';
import type { Frame } from './frame.ts';

/** POST /konto/zugaenge/passwort (current, password). */
export interface PasswordView extends NewPasswordView {
  readonly csrf: string;
  /** There is none yet. */
  readonly first: boolean;
  /** The one that goes is asked for: the login was by it alone. */
  readonly askCurrent: boolean;
  readonly currentFault?: 'currentEmpty' | 'currentWrong';
  readonly done: boolean;
  /** There is neither an address nor a user name to go with it. */
  readonly noName: boolean;
}

export const PasswordPage = (props: PasswordView & Frame) => {
  const { t, page, currentFault } = props;
  const words = t.password;
  const wrong = currentFault === undefined ? undefined : words.fault[currentFault];
  return (
    <KontoLayout
      page={page}
      at="means"
      below
      title={props.first ? words.titleOfFirst : words.title}
      {...(wrong === undefined ? newPasswordRefusal(props) : refusal(page, wrong, 'current'))}
    >
      {props.done ? <Alert tone="success" title={words.done} announce /> : null}
      {props.noName ? (
        <Card>
          <Alert tone="info" title={words.noName.title}>
            <p class="kern-body">{words.noName.text}</p>
          </Alert>
          <TextLink href="/konto/zugaenge/e-mail">{words.noName.link}</TextLink>
        </Card>
      ) : (
        <>
          <p class="bid-lead">{words.lead}</p>
          <Card>
            <form class="bid-form" method="post" action="/konto/zugaenge/passwort">
              <input type="hidden" name="csrf" value={props.csrf} />
              {props.askCurrent ? (
                <PasswordField
                  page={page}
                  name="current"
                  label={words.current}
                  autocomplete="current-password"
                  error={wrong}
                />
              ) : null}
              <NewPasswordFields {...props} />
              <Button>{words.button}</Button>
            </form>
          </Card>
        </>
      )}
    </KontoLayout>
  );
};
