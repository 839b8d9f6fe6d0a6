import type { VNode } from 'preact';
import {
  Actions,
  Badge,
  ButtonLink,
  Card,
  EmptyState,
  Icon,
  Layout,
  Steps,
  TextLink,
  type IconName,
  type Tone,
} from '../../../../web/components/index.ts';
import { formatDate, formatMoney } from '../../../../web/i18n/format.ts';
import type { MyPayment, OrderView, ViewState } from '../../payments.ts';
import { minePath, myPaymentPath, myReceiptPath, payPath } from '../paths.ts';
import { Bill, Facts } from './bill.tsx';
import type { Frame } from './frame.ts';
import { PaidFacts, Refunds } from './result-page.tsx';

const signs: Readonly<Record<ViewState, { readonly tone: Tone; readonly icon: IconName }>> = {
  open: { tone: 'info', icon: 'info' },
  checking: { tone: 'info', icon: 'info' },
  paid: { tone: 'success', icon: 'check' },
  failed: { tone: 'warning', icon: 'warning' },
  cancelled: { tone: 'info', icon: 'close' },
  expired: { tone: 'warning', icon: 'warning' },
};

const StateBadge = ({ state, frame }: { state: ViewState; frame: Frame }) => (
  <Badge {...signs[state]}>{frame.t.mine.states[state]}</Badge>
);

export interface MineView {
  readonly payments: readonly MyPayment[];
  /** Where older ones begin, in ms since the epoch. */
  readonly older?: number;
  /** These are not the newest. */
  readonly later: boolean;
}

/** Everything that somebody paid while logged in. */
export const minePage = (view: MineView, frame: Frame): VNode => {
  const { t, page } = frame;
  return (
    <Layout page={page} title={t.mine.title}>
      <p class="kern-body bid-lead">{t.mine.lead}</p>
      {view.payments.length === 0 ? (
        <EmptyState title={t.mine.emptyTitle}>
          <p class="kern-body">{t.mine.empty}</p>
        </EmptyState>
      ) : (
        <ul class="bid-rows">
          {view.payments.map((payment) => (
            <li class="bid-row bid-payment" key={payment.id}>
              <p class="bid-payment__what">
                <a class="bid-row__link" href={myPaymentPath(payment.id)}>
                  {payment.serviceName[page.locale]}
                </a>
                <span class="bid-payment__to">{t.mine.to({ payee: payment.payee.name })}</span>
                <span class="bid-payment__to">
                  {t.facts.purpose}: {payment.purpose}
                </span>
              </p>
              <p class="bid-payment__sum">
                <strong>{formatMoney(page.locale, payment.amount)}</strong>
                <span class="bid-payment__to">{formatDate(page.locale, payment.paidAt ?? payment.createdAt)}</span>
              </p>
              <p class="bid-payment__state">
                <StateBadge state={payment.state} frame={frame} />
              </p>
            </li>
          ))}
        </ul>
      )}
      <div class="bid-pager">
        {view.later ? <TextLink href={minePath}>{t.mine.newest}</TextLink> : null}
        {view.older === undefined ? null : <TextLink href={`${minePath}?vor=${view.older}`}>{t.mine.older}</TextLink>}
      </div>
    </Layout>
  );
};

/** One of them. */
export const myPaymentPage = ({ view }: { readonly view: OrderView }, frame: Frame): VNode => {
  const { t, page } = frame;
  return (
    <Layout page={page} title={view.serviceName[page.locale]}>
      <p class="bid-return">
        <a class="bid-navlink" href={minePath}>
          <Icon name="arrow-back" />
          {t.mine.back}
        </a>
      </p>
      <Card badge={<StateBadge state={view.state} frame={frame} />}>
        {view.state === 'paid' ? (
          <PaidFacts view={view} frame={frame} />
        ) : (
          <>
            <Facts view={view} frame={frame} />
            <Bill view={view} frame={frame} />
          </>
        )}
        <Actions>
          {view.state === 'paid' ? (
            <ButtonLink href={myReceiptPath(view.id)} icon="download">
              {t.paid.receipt}
            </ButtonLink>
          ) : null}
          {view.state === 'open' || view.state === 'checking' ? (
            <ButtonLink href={payPath(view.pageId)}>{t.mine.finish}</ButtonLink>
          ) : null}
        </Actions>
      </Card>
      <Refunds view={view} frame={frame} />
    </Layout>
  );
};

/** The front page: nobody begins here, so it says how one comes here. */
export const homePage = (frame: Frame): VNode => {
  const { t, page, portal } = frame;
  return (
    <Layout page={page} title={t.home.title}>
      <p class="kern-body bid-lead">{t.home.lead}</p>
      <Card id="ablauf" heading={t.home.howHeading}>
        <Steps items={t.home.how} />
      </Card>
      <Card id="meine" heading={t.mine.title}>
        <p class="kern-body">{t.home.mineText}</p>
        <Actions>
          <ButtonLink href={minePath}>{t.home.mine}</ButtonLink>
          <ButtonLink href={portal} weight="tertiary">
            {t.toPortal}
          </ButtonLink>
        </Actions>
      </Card>
    </Layout>
  );
};
