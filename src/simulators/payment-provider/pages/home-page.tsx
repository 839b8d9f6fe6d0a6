import { Alert, Card, ConfirmForm, DataList } from '../../../web/components/index.ts';
import { formatMoney } from '../../../web/i18n/format.ts';
import { cardIds } from '../cards.ts';
import { refunded, type Payment } from '../payment.ts';
import { Frame, type PageProps } from './frame.tsx';

const stateWords = (payment: Payment, { t, page }: PageProps): string => {
  const outstanding = payment.callbacks.filter(({ dueAt }) => dueAt !== undefined).length;
  const back = refunded(payment);
  return [
    t.states[payment.state],
    ...(back === 0 ? [] : [t.refunded({ amount: formatMoney(page.locale, back) })]),
    ...(outstanding === 0 ? [] : [t.pending({ count: outstanding })]),
  ].join(', ');
};

/** The start page: which cards there are, what was paid lately, and a button for what is still to come. */
export const homePage = (
  props: PageProps & { payments: readonly Payment[]; csrf: string; done: 'settled' | undefined },
) => {
  const { t, page } = props;
  const shown = props.payments.flatMap(({ order, ...rest }) => (order === undefined ? [] : [{ ...rest, order }]));
  return (
    <Frame page={page} t={t} title={t.home.title}>
      {props.done === 'settled' ? (
        <Alert tone="success" title={t.home.settled} announce>
          <p class="kern-body">{t.home.settledText}</p>
        </Alert>
      ) : null}
      <p class="kern-body">{t.home.lead}</p>
      <Card heading={t.home.cards} id="karten">
        <DataList items={cardIds.map((id) => ({ label: t.cards[id].name, value: t.cards[id].what }))} />
      </Card>
      <Card heading={t.home.payments} id="zahlungen">
        {shown.length === 0 ? (
          <p class="kern-body">{t.home.nothing}</p>
        ) : (
          <DataList
            items={shown.map((payment) => ({
              label: payment.order.purpose,
              value: `${formatMoney(page.locale, payment.order.amount)}, ${payment.order.payee}`,
              note: stateWords(payment, props),
            }))}
          />
        )}
        <p class="kern-body">{t.home.settleText}</p>
        <ConfirmForm action="/erledigen" csrf={props.csrf} label={t.home.settle} weight="secondary" />
      </Card>
    </Frame>
  );
};
