import {
  Alert,
  Button,
  Card,
  ConfirmForm,
  Field,
  LevelBadge,
  PasskeyForm,
  refusal,
} from '../../../../web/components/index.ts';
import type { PasskeyOrder } from '../../../authentication/passkey/enrolment.ts';
import type { PasskeyEntry } from '../../means-list.ts';
import { KontoLayout } from '../konto-frame.tsx';
import type { Frame } from './frame.ts';

/** POST /konto/zugaenge/passkey (name, answer). */
export interface AddPasskeyView {
  readonly csrf: string;
  readonly name: string;
  readonly order: PasskeyOrder;
  /** The operator has switched passkeys off. */
  readonly off: boolean;
  readonly error?: 'name' | 'refused' | 'taken' | 'many';
}

export const AddPasskeyPage = (props: AddPasskeyView & Frame) => {
  const { t, page, error } = props;
  const words = t.addPasskey;
  const ofField = error === 'name';
  return (
    <KontoLayout
      page={page}
      at="means"
      below
      title={words.title}
      {...refusal(page, error && words.error[error], error === 'name' ? 'name' : undefined, words.errorTitle)}
    >
      <Card>
        <p class="kern-body">{words.lead}</p>
        <p class="kern-body">{words.notShared}</p>
        {props.off ? (
          <Alert tone="warning" title={words.off.title}>
            <p class="kern-body">{words.off.text}</p>
          </Alert>
        ) : (
          <>
            <div data-passkey-box hidden>
              <PasskeyForm
                action="/konto/zugaenge/passkey"
                csrf={props.csrf}
                ceremony={{ kind: 'create', options: props.order }}
                label={words.button}
                failed={words.failed}
                taken={words.error.taken}
              >
                <Field
                  page={page}
                  name="name"
                  label={words.name}
                  hint={words.nameHint}
                  value={props.name}
                  autocomplete="off"
                  {...(ofField ? { error: words.error.name } : {})}
                />
              </PasskeyForm>
            </div>
            <p class="kern-body" data-passkey-missing>
              {words.missing}
            </p>
          </>
        )}
      </Card>
    </KontoLayout>
  );
};

/** POST /konto/zugaenge/passkey/<id>/name (name) · POST /konto/zugaenge/passkey/<id>/entfernen. */
export interface PasskeyView {
  readonly csrf: string;
  readonly passkey: PasskeyEntry;
  readonly error?: 'name' | 'last';
}

export const PasskeyPage = (props: PasskeyView & Frame) => {
  const { t, page, passkey, error } = props;
  const words = t.onePasskey;
  const path = `/konto/zugaenge/passkey/${passkey.id}`;
  return (
    <KontoLayout
      page={page}
      at="means"
      below
      title={words.title({ name: passkey.name })}
      {...refusal(page, error && words.error[error], error === 'name' ? 'name' : undefined, words.errorTitle)}
    >
      <Card id="umbenennen" heading={words.rename} badge={<LevelBadge page={page} level={passkey.level} />}>
        <form class="bid-form" method="post" action={`${path}/name`}>
          <input type="hidden" name="csrf" value={props.csrf} />
          <Field
            page={page}
            name="name"
            label={words.name}
            value={passkey.name}
            autocomplete="off"
            {...(error === 'name' ? { error: words.error.name } : {})}
          />
          <Button>{words.save}</Button>
        </form>
      </Card>
      <Card id="entfernen" heading={words.remove}>
        <p class="kern-body">{words.effect}</p>
        <p class="kern-body">{words.device}</p>
        <ConfirmForm action={`${path}/entfernen`} csrf={props.csrf} label={words.removeButton} weight="secondary" />
      </Card>
    </KontoLayout>
  );
};
