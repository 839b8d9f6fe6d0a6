import type { VNode } from 'preact';
import { Actions, Button, ButtonLink, Card, Checkbox, Field } from '../../../web/components/index.ts';
import type { FieldErrors } from '../application/forms.ts';
import { stepPath } from '../citizen/paths.ts';
import { Csrf, messagesOf, refusalOf, StepLayout, type Frame } from './frame.tsx';

export interface RecipientView {
  /** It goes to an authority. */
  readonly needed: boolean;
  readonly given: Readonly<Record<string, string>>;
  /** `given` was typed before a stronger login was asked for. */
  readonly kept?: boolean | undefined;
  readonly errors?: FieldErrors;
}

const lines = ['name', 'street_address', 'postal_code', 'locality', 'reference'] as const;

export const recipientPage = ({ needed, given, kept, errors = {} }: RecipientView, frame: Frame): VNode => {
  const { page, t } = frame;
  const words = t.recipient;
  const messages = messagesOf(frame, errors, words.labels);
  if (!needed)
    return (
      <StepLayout frame={frame} title={words.title}>
        <Card>
          <p class="kern-body">{words.none}</p>
          <Actions>
            <ButtonLink href={stepPath('gebuehr')}>{t.documents.goOn}</ButtonLink>
          </Actions>
        </Card>
      </StepLayout>
    );
  return (
    <StepLayout frame={frame} title={words.title} kept={kept} {...refusalOf(frame, messages)}>
      <p class="kern-body bid-lead">{words.lead}</p>
      <form class="bid-form" method="post" action={stepPath('empfaenger')}>
        <Csrf frame={frame} />
        <Card>
          {lines.map((name) => (
            <Field
              key={name}
              page={page}
              name={name}
              label={words.labels[name]}
              value={given[name]}
              error={messages[name]}
              autocomplete="off"
              {...(name === 'reference' ? { hint: words.referenceHint } : {})}
              {...(name === 'postal_code' ? { inputmode: 'numeric' as const } : {})}
            />
          ))}
          <Checkbox
            name="inspect"
            label={words.labels.inspect}
            hint={words.inspectHint}
            checked={given['inspect'] === '1'}
          />
          <Field
            page={page}
            name="inspect_at"
            label={words.labels.inspect_at}
            value={given['inspect_at']}
            error={messages['inspect_at']}
            autocomplete="off"
            optional
          />
          <Actions>
            <Button>{t.next}</Button>
          </Actions>
        </Card>
      </form>
    </StepLayout>
  );
};
