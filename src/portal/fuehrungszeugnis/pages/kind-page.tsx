import type { VNode } from 'preact';
import { Actions, Button, Card, Checkbox, Choice } from '../../../web/components/index.ts';
import type { FieldErrors } from '../application/forms.ts';
import { forms } from '../application/content.ts';
import { stepPath } from '../citizen/paths.ts';
import { Csrf, messagesOf, refusalOf, StepLayout, type Frame } from './frame.tsx';

export interface KindView {
  readonly given: Readonly<Record<string, string>>;
  /** `given` was typed before a stronger login was asked for. */
  readonly kept?: boolean | undefined;
  readonly errors?: FieldErrors;
}

export const kindPage = ({ given, kept, errors = {} }: KindView, frame: Frame): VNode => {
  const { t } = frame;
  const messages = messagesOf(frame, errors, { form: t.kind.legend });
  return (
    <StepLayout frame={frame} title={t.kind.title} kept={kept} {...refusalOf(frame, messages)}>
      <p class="kern-body bid-lead">{t.kind.lead}</p>
      <form class="bid-form" method="post" action={stepPath('art')}>
        <Csrf frame={frame} />
        <Card>
          <Choice
            name="form"
            legend={t.kind.legend}
            options={forms.map((value) => ({ value, label: t.kinds[value], hint: t.kind.hints[value] }))}
            {...(given['form'] === undefined ? {} : { chosen: given['form'] })}
            {...(messages['form'] === undefined ? {} : { error: messages['form'] })}
          />
          <Checkbox
            name="extended"
            label={t.kind.extended}
            hint={t.kind.extendedHint}
            checked={given['extended'] === '1'}
          />
          <p class="kern-body">{t.kind.european}</p>
          <Actions>
            <Button>{t.next}</Button>
          </Actions>
        </Card>
      </form>
    </StepLayout>
  );
};
