import type { VNode } from 'preact';
import { Actions, Button, Card, Choice } from '../../../web/components/index.ts';
import { formatMoney } from '../../../web/i18n/format.ts';
import { exemptionReasons } from '../application/content.ts';
import type { FieldErrors } from '../application/forms.ts';
import { stepPath } from '../citizen/paths.ts';
import { fee } from '../fee.ts';
import { Csrf, messagesOf, refusalOf, StepLayout, type Frame } from './frame.tsx';

export interface FeeView {
  readonly given: Readonly<Record<string, string>>;
  /** `given` was typed before a stronger login was asked for. */
  readonly kept?: boolean | undefined;
  readonly errors?: FieldErrors;
}

export const feePage = ({ given, kept, errors = {} }: FeeView, frame: Frame): VNode => {
  const { page, t } = frame;
  const words = t.fee;
  const messages = messagesOf(frame, errors, { fee: words.legend });
  return (
    <StepLayout frame={frame} title={words.title} kept={kept} {...refusalOf(frame, messages)}>
      <p class="kern-body bid-lead">{words.lead({ amount: formatMoney(page.locale, fee) })}</p>
      <form class="bid-form" method="post" action={stepPath('gebuehr')}>
        <Csrf frame={frame} />
        <Card>
          <Choice
            name="fee"
            legend={words.legend}
            options={[
              { value: 'pay', label: words.pay, hint: words.payHint },
              ...exemptionReasons.map((value) => ({
                value,
                label: words.reasons[value],
                hint: words.reasonHints[value],
              })),
            ]}
            {...(given['fee'] === undefined ? {} : { chosen: given['fee'] })}
            {...(messages['fee'] === undefined ? {} : { error: messages['fee'] })}
          />
          <p class="kern-body">{words.decided}</p>
          <Actions>
            <Button>{t.next}</Button>
          </Actions>
        </Card>
      </form>
    </StepLayout>
  );
};
