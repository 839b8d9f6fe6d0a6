import type { ComponentChildren, VNode } from 'preact';
import {
  Actions,
  Alert,
  Button,
  ButtonLink,
  Card,
  DataList,
  Layout,
  TextLink,
  type Tone,
} from '../../../../web/components/index.ts';
import { formatDateTime, formatMoney, formatTime } from '../../../../web/i18n/format.ts';
import type { OrderView } from '../../payments.ts';
import { refundWords } from '../refund-words.ts';
import { minePath, payPath, receiptPath, resultPath, stopPath } from '../paths.ts';
import { Bill, Facts, moneyOf } from './bill.tsx';
import type { Frame } from './frame.ts';

export interface ResultView {
  readonly view: OrderView;
  /** It is among the payments of who is logged in. */
  readonly mine: boolean;
  /** ms since the epoch. */
  readonly now: number;
  /** She wanted to end it, and that could not be done. */
  readonly notStopped?: boolean;
}

interface PartProps extends ResultView {
  readonly frame: Frame;
}

const Back = ({ view, frame, weight }: PartProps & { weight?: 'secondary' }) => (
  <ButtonLink href={view.returnUrl} {...(weight === undefined ? {} : { weight })}>
    {frame.t.toService({ service: view.serviceName[frame.page.locale] })}
  </ButtonLink>
);

const NotStopped = ({ notStopped, frame }: PartProps) =>
  notStopped === true ? (
    <Alert tone="warning" title={frame.t.stop.notDone}>
      <p class="kern-body">{frame.t.stop.notDoneText}</p>
    </Alert>
  ) : null;

/** The state in a word, and below it what it means. */
const ResultLayout = (props: PartProps & { title: string; tone: Tone; lead: string; children: ComponentChildren }) => (
  <Layout page={props.frame.page} title={props.title}>
    <NotStopped {...props} />
    <Alert tone={props.tone} title={props.lead} />
    {props.children}
  </Layout>
);

/** What was paid, and how. */
export const PaidFacts = ({ view, frame }: { view: OrderView; frame: Frame }) => {
  const { t, page } = frame;
  const method = view.method === undefined ? undefined : t.paidBy[view.method];
  return (
    <>
      <Facts view={view} frame={frame} />
      <Bill view={view} frame={frame} />
      <DataList
        items={[
          ...(view.paidAt === undefined
            ? []
            : [{ label: t.facts.paidAt, value: formatDateTime(page.locale, view.paidAt) }]),
          ...(method === undefined
            ? []
            : [
                {
                  label: t.facts.method,
                  value: view.methodDetail === undefined ? method : `${method} (${view.methodDetail})`,
                },
              ]),
          { label: t.facts.transaction, value: view.id },
        ]}
      />
    </>
  );
};

/** Money that goes back. */
export const Refunds = ({ view, frame }: { view: OrderView; frame: Frame }) => {
  const { t, page } = frame;
  return view.refunds.length === 0 ? null : (
    <Card id="rueckzahlungen" heading={t.refunds.heading}>
      <DataList
        items={view.refunds.map((refund) => ({
          label: formatMoney(page.locale, refund.amount),
          value: (
            <>
              {refundWords(view, refund, t)}
              <span class="bid-bill__note">{t.refunds.on({ when: formatDateTime(page.locale, refund.at) })}</span>
            </>
          ),
        }))}
      />
    </Card>
  );
};

const Paid = (props: PartProps) => {
  const { view, mine, frame } = props;
  const { t, page } = frame;
  const lead = t.paid.lead({ amount: moneyOf(view, frame), payee: view.payee.name });
  return (
    <ResultLayout {...props} title={t.paid.title} tone="success" lead={lead}>
      <Card>
        <p class="kern-body">{t.paid.next({ service: view.serviceName[page.locale] })}</p>
        <Actions>
          <Back {...props} />
        </Actions>
      </Card>
      <Refunds view={view} frame={frame} />
      <Card id="beleg" heading={t.paid.receiptHeading}>
        <PaidFacts view={view} frame={frame} />
        {mine ? (
          <p class="kern-body">
            {t.paid.mine} <TextLink href={minePath}>{t.paid.toMine}</TextLink>
          </p>
        ) : (
          <p class="kern-body">{t.paid.keep}</p>
        )}
        <Actions>
          <ButtonLink href={receiptPath(view.pageId)} weight="secondary" icon="download">
            {t.paid.receipt}
          </ButtonLink>
        </Actions>
      </Card>
    </ResultLayout>
  );
};

/** Nobody knows yet: neither that it is paid nor that it is not. */
const Checking = (props: PartProps) => {
  const { view, now, frame } = props;
  const { t, page } = frame;
  return (
    <ResultLayout {...props} title={t.checking.title} tone="info" lead={t.checking.doNothing}>
      <Card>
        <p class="kern-body">{t.checking.lead}</p>
        <p class="kern-body">{t.checking.doNothingText}</p>
        <Facts view={view} frame={frame} sum />
        <Actions>
          <ButtonLink href={resultPath(view.pageId)}>{t.checking.again}</ButtonLink>
          <Back {...props} weight="secondary" />
        </Actions>
        <p class="bid-muted">{t.checking.at({ when: formatTime(page.locale, now) })}</p>
      </Card>
    </ResultLayout>
  );
};

/** Left at the provider's page: she can go on there. */
const Begun = (props: PartProps) => {
  const { view, frame } = props;
  const { t } = frame;
  return (
    <ResultLayout {...props} title={t.begun.title} tone="warning" lead={t.begun.lead}>
      <Card>
        <p class="kern-body">
          {t.begun.done} <TextLink href={resultPath(view.pageId)}>{t.checking.again}</TextLink>
        </p>
        <Facts view={view} frame={frame} sum />
        <form method="post" action={payPath(view.pageId)} id="weiter">
          <input type="hidden" name="csrf" value={frame.csrf} />
          <input type="hidden" name="method" value={view.attempt?.method ?? ''} />
        </form>
        <Actions>
          <Button form="weiter">{t.begun.go}</Button>
          <ButtonLink href={stopPath(view.pageId)} weight="secondary">
            {t.begun.cancel}
          </ButtonLink>
        </Actions>
      </Card>
    </ResultLayout>
  );
};

/** The last attempt brought no money; another one may. */
const NotPaid = (props: PartProps) => {
  const { view, frame } = props;
  const { t } = frame;
  const failure = view.attempt?.failure;
  return (
    <ResultLayout {...props} title={t.notPaid.title} tone="warning" lead={t.notPaid.lead}>
      <Card>
        {failure === undefined ? null : <p class="kern-body">{t.reasons[failure]}</p>}
        <Facts view={view} frame={frame} sum />
        <Actions>
          <ButtonLink href={payPath(view.pageId)}>{t.notPaid.again}</ButtonLink>
          <ButtonLink href={stopPath(view.pageId)} weight="secondary">
            {t.pay.cancel}
          </ButtonLink>
        </Actions>
      </Card>
    </ResultLayout>
  );
};

const Ended = (props: PartProps & { state: 'failed' | 'cancelled' | 'expired' }) => {
  const { view, frame, state } = props;
  const words = frame.t[state];
  const lead = view.refunds.length === 0 ? words.lead : frame.t.refunds.surplus;
  return (
    <ResultLayout {...props} title={words.title} tone="info" lead={lead}>
      <Card>
        <p class="kern-body">{words.todo}</p>
        <Facts view={view} frame={frame} sum />
        <Actions>
          <Back {...props} />
        </Actions>
      </Card>
      <Refunds view={view} frame={frame} />
    </ResultLayout>
  );
};

/** How the payment stands, by our own records: the way back from the provider proves nothing. */
export const resultPage = (result: ResultView, frame: Frame): VNode => {
  const props = { ...result, frame };
  const { state, attempt } = result.view;
  switch (state) {
    case 'paid':
      return <Paid {...props} />;
    case 'checking':
      return <Checking {...props} />;
    case 'open':
      return attempt?.continuable === true ? <Begun {...props} /> : <NotPaid {...props} />;
    case 'failed':
    case 'cancelled':
    case 'expired':
      return <Ended {...props} state={state} />;
  }
};

/** Never was there, or its time is over: nobody is told which. */
export const gonePage = (frame: Frame): VNode => {
  const { t, page, portal } = frame;
  return (
    <Layout page={page} title={t.gone.title} error>
      <Card>
        <p class="kern-body">{t.gone.what}</p>
        <p class="kern-body">{t.gone.todo}</p>
        <p class="kern-body">{t.gone.mine}</p>
        <Actions>
          <ButtonLink href={minePath}>{t.gone.toMine}</ButtonLink>
          <ButtonLink href={portal} weight="secondary">
            {t.toPortal}
          </ButtonLink>
        </Actions>
      </Card>
    </Layout>
  );
};
