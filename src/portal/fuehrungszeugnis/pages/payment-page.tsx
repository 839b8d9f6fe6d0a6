import type { VNode } from 'preact';
import { Actions, Alert, ButtonLink, Card, Layout } from '../../../web/components/index.ts';
import { formatMoney } from '../../../web/i18n/format.ts';
import { paths } from '../citizen/paths.ts';
import { fee } from '../fee.ts';
import type { Frame } from './frame.tsx';

export interface PaymentView {
  /** Where to pay; undefined while the Bezahlsystem does not answer. */
  readonly payAt?: string;
  /** The payment was there before, so that it may be paid. */
  readonly begun?: boolean;
}

/** Between sending and paying. */
export const paymentPage = ({ payAt, begun = false }: PaymentView, frame: Frame): VNode => {
  const { page, t } = frame;
  const words = t.payment;
  return (
    <Layout page={page} title={words.title}>
      {payAt === undefined ? (
        <Alert tone="warning" title={begun ? words.unknownTitle : words.awayTitle}>
          <p class="kern-body">{begun ? words.unknown : words.away}</p>
        </Alert>
      ) : (
        <p class="kern-body bid-lead">{words.lead({ amount: formatMoney(page.locale, fee) })}</p>
      )}
      <Card>
        {payAt === undefined ? null : <p class="kern-body">{words.stop}</p>}
        <Actions>
          {payAt === undefined ? null : <ButtonLink href={payAt}>{words.go}</ButtonLink>}
          <ButtonLink href={paths.payment} weight="secondary">
            {words.again}
          </ButtonLink>
        </Actions>
      </Card>
    </Layout>
  );
};
