import {
  Actions,
  Alert,
  Button,
  ButtonLink,
  Card,
  ConfirmForm,
  DataList,
  ErrorSummary,
  Field,
  TextLink,
} from '../../../web/components/index.ts';
import type { TestCard } from '../../test-persons.ts';
import type { ClientRun } from '../client.ts';
import type { PinAnswer } from '../pin.ts';
import { Frame, type PageProps } from './frame.tsx';

type Refusal = Exclude<PinAnswer, { kind: 'right' | 'blocked' }>;

/** Second step of the client: the PIN, before the last attempt also the CAN. */
export const pinPage = (
  props: PageProps & { run: ClientRun; card: TestCard; csrf: string; needsCan: boolean; refusal: Refusal | undefined },
) => {
  const { t, page, run, refusal } = props;
  const pinError = refusal?.kind === 'wrong' ? t.pin.wrong({ left: refusal.left }) : undefined;
  const canError = refusal?.kind === 'canWrong' ? t.pin.canWrong : undefined;
  const errors = [
    ...(pinError === undefined ? [] : [{ message: pinError, field: 'pin' }]),
    ...(canError === undefined ? [] : [{ message: canError, field: 'can' }]),
  ];
  const summary = errors.length === 0 ? undefined : <ErrorSummary title={page.common.errorSummary} errors={errors} />;
  return (
    <Frame page={page} t={t} title={t.pin.title} error={errors.length > 0} summary={summary}>
      <Card>
        <DataList items={[{ label: t.pin.card, value: props.card.title, note: props.card.purpose[page.locale] }]} />
        {props.needsCan ? <Alert tone="warning" title={t.pin.canNeeded} /> : null}
        <form method="post" action={`/vorgang/${run.id}/pin`} class="bid-form" id="eingabe">
          <input type="hidden" name="csrf" value={props.csrf} />
          {props.needsCan ? (
            <Field
              page={page}
              name="can"
              label={t.pin.can}
              hint={t.pin.canHint}
              inputmode="numeric"
              autocomplete="off"
              maxlength={6}
              {...(canError === undefined ? {} : { error: canError })}
            />
          ) : null}
          <Field
            page={page}
            name="pin"
            label={t.pin.label}
            inputmode="numeric"
            autocomplete="off"
            maxlength={6}
            {...(pinError === undefined ? {} : { error: pinError })}
          />
        </form>
        <Actions>
          <Button form="eingabe">{t.pin.confirm}</Button>
          <ConfirmForm
            action={`/vorgang/${run.id}/abbrechen`}
            csrf={props.csrf}
            label={t.request.cancel}
            weight="secondary"
          />
        </Actions>
        <ul class="bid-links">
          <li>
            <TextLink href={`/vorgang/${run.id}`}>{t.pin.back}</TextLink>
          </li>
        </ul>
      </Card>
    </Frame>
  );
};

/** Three wrong PINs. */
export const blockedPage = (props: PageProps & { run: ClientRun; csrf: string }) => (
  <Frame page={props.page} t={props.t} title={props.t.blocked.title} error>
    <p class="kern-body">{props.t.blocked.text}</p>
    <Actions>
      <ConfirmForm action={`/vorgang/${props.run.id}/abbrechen`} csrf={props.csrf} label={props.t.blocked.cancel} />
      <ButtonLink href="/" weight="secondary">
        {props.t.blocked.home}
      </ButtonLink>
    </Actions>
  </Frame>
);

/** The client's own error page: without a TC Token it knows no way back. */
export const noTokenPage = (props: PageProps) => (
  <Frame page={props.page} t={props.t} title={props.t.noToken.title} error>
    <p class="kern-body">{props.t.noToken.text}</p>
    <p class="kern-body">{props.t.noToken.todo}</p>
  </Frame>
);
