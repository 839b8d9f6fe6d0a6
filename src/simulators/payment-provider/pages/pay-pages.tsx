import {
  Actions,
  Button,
  ButtonLink,
  Card,
  Choice,
  ConfirmForm,
  DataList,
  Field,
  refusal,
} from '../../../web/components/index.ts';
import { formatMoney } from '../../../web/i18n/format.ts';
import { cardIds, ordinaryCards, type CardId } from '../cards.ts';
import type { PaymentOrder, PaymentState } from '../payment.ts';
import { Frame, type PageProps } from './frame.tsx';

export interface PayView {
  readonly token: string;
  readonly order: PaymentOrder;
  readonly csrf: string;
}

const Facts = ({ order, page, t }: PageProps & { order: PaymentOrder }) => (
  <DataList
    items={[
      { label: t.pay.payee, value: order.payee },
      { label: t.pay.purpose, value: order.purpose },
      { label: t.pay.amount, value: <strong>{formatMoney(page.locale, order.amount)}</strong> },
    ]}
  />
);

/** Which card. */
export const payPage = (props: PageProps & PayView & { cardMissing: boolean }) => {
  const { t, page, token, order } = props;
  const option = (id: CardId) => ({ value: id, label: t.cards[id].name, hint: t.cards[id].what });
  const error = props.cardMissing ? t.pay.missing : undefined;
  return (
    <Frame page={page} t={t} title={t.pay.title} {...refusal(page, error, 'card')}>
      <Card>
        <Facts {...props} />
        <form method="post" action={`/zahlen/${token}`} class="bid-form" id="auswahl">
          <input type="hidden" name="csrf" value={props.csrf} />
          <Choice
            name="card"
            legend={t.pay.card}
            {...(error === undefined ? {} : { error })}
            options={cardIds.filter((id) => ordinaryCards.has(id)).map(option)}
            more={{ summary: t.pay.more, options: cardIds.filter((id) => !ordinaryCards.has(id)).map(option) }}
          />
        </form>
        <Actions>
          <Button form="auswahl">{t.pay.button({ amount: formatMoney(page.locale, order.amount) })}</Button>
          <ConfirmForm
            action={`/zahlen/${token}/abbrechen`}
            csrf={props.csrf}
            label={t.pay.cancel}
            weight="secondary"
          />
        </Actions>
      </Card>
    </Frame>
  );
};

/** 3-D Secure: the bank wants to know that it is the owner. */
export const codePage = (props: PageProps & PayView & { attemptsLeft: number | undefined }) => {
  const { t, page, token } = props;
  const error = props.attemptsLeft === undefined ? undefined : t.code.wrong({ left: props.attemptsLeft });
  return (
    <Frame page={page} t={t} title={t.code.title} {...refusal(page, error, 'code')}>
      <Card>
        <Facts {...props} />
        <p class="kern-body">{t.code.lead}</p>
        <form method="post" action={`/zahlen/${token}/bestaetigen`} class="bid-form" id="eingabe">
          <input type="hidden" name="csrf" value={props.csrf} />
          <Field
            page={page}
            name="code"
            label={t.code.label}
            inputmode="numeric"
            autocomplete="one-time-code"
            {...(error === undefined ? {} : { error })}
          />
        </form>
        <Actions>
          <Button form="eingabe">{t.code.confirm}</Button>
          <ConfirmForm
            action={`/zahlen/${token}/ablehnen`}
            csrf={props.csrf}
            label={t.code.refuse}
            weight="secondary"
          />
        </Actions>
      </Card>
    </Frame>
  );
};

/** Nothing more to do here: the bank is thinking, or it has decided. */
export const endPage = (props: PageProps & { order: PaymentOrder; state: Exclude<PaymentState, 'open'> }) => {
  const { t, page, order, state } = props;
  const title = state === 'processing' ? t.waiting.title : t.over.title[state];
  return (
    <Frame page={page} t={t} title={title}>
      <Card>
        <p class="kern-body">{state === 'processing' ? t.waiting.text : t.over.text[state]}</p>
        <Facts {...props} />
        <Actions>
          <ButtonLink href={order.returnUrl}>{t.over.back}</ButtonLink>
        </Actions>
      </Card>
    </Frame>
  );
};
