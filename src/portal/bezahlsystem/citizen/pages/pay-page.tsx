import type { VNode } from 'preact';
import {
  Actions,
  Alert,
  Button,
  ButtonLink,
  Card,
  Choice,
  Details,
  Layout,
  refusal,
  ServiceBar,
} from '../../../../web/components/index.ts';
import { formatDateTime } from '../../../../web/i18n/format.ts';
import type { PaymentMethod } from '../../orders/order.ts';
import type { OrderView } from '../../payments.ts';
import { payPath, stopPath } from '../paths.ts';
import { Bill, Facts, moneyOf } from './bill.tsx';
import type { Frame } from './frame.ts';

export interface PayView {
  readonly view: OrderView;
  /** Why the form that was just sent began no payment. */
  readonly problem?: 'methodMissing' | 'refused' | 'tooOften' | 'unavailable';
}

/** Why there is still something to pay. */
const Notice = ({ view, problem, frame }: PayView & { frame: Frame }) => {
  const { t } = frame;
  if (problem !== undefined && problem !== 'methodMissing')
    return (
      <Alert tone="danger" title={t.pay[problem].title} announce>
        <p class="kern-body">{t.pay[problem].text}</p>
      </Alert>
    );
  const attempt = problem === undefined ? view.attempt : undefined;
  if (attempt?.continuable === true)
    return (
      <Alert tone="info" title={t.pay.begun.title}>
        <p class="kern-body">{t.pay.begun.text}</p>
      </Alert>
    );
  const failure = attempt?.failure;
  return failure === undefined ? null : (
    <Alert tone="warning" title={t.pay.failed.title}>
      <p class="kern-body">{t.reasons[failure]}</p>
      <p class="kern-body">{t.pay.failed.nothing}</p>
    </Alert>
  );
};

const Methods = ({ view, problem, frame }: PayView & { frame: Frame }) => {
  const { t } = frame;
  const [first] = view.methods;
  if (view.methods.length === 1 && first !== undefined)
    return (
      <>
        <input type="hidden" name="method" value={first} />
        <p class="kern-body">{t.pay.single({ method: t.methods[first] })}</p>
      </>
    );
  const chosen: PaymentMethod | undefined = view.attempt?.method ?? first;
  return (
    <Choice
      name="method"
      legend={t.pay.method}
      {...(problem === 'methodMissing' ? { error: t.pay.methodMissing } : {})}
      {...(chosen === undefined || problem === 'methodMissing' ? {} : { chosen })}
      options={view.methods.map((method) => ({ value: method, label: t.methods[method] }))}
    />
  );
};

/** How it is paid, and the button for it. */
const Way = (props: PayView & { frame: Frame }) => {
  const { view, frame } = props;
  const { t, page } = frame;
  return (
    <Card id="zahlungsart" heading={t.pay.methodHeading}>
      <form method="post" action={payPath(view.pageId)} class="bid-form" id="zahlung">
        <input type="hidden" name="csrf" value={frame.csrf} />
        <Methods {...props} />
      </form>
      <p class="kern-body">{t.pay.next}</p>
      <Details summary={t.pay.dataTitle}>
        <ul class="bid-plainlist">
          {(['always', ...view.dataPassedOn] as const).map((name) => (
            <li key={name}>{t.pay.data[name]}</li>
          ))}
        </ul>
      </Details>
      {frame.loggedIn ? <p class="kern-body">{t.pay.loggedIn}</p> : null}
      <Actions>
        <Button form="zahlung">{t.pay.button({ amount: moneyOf(view, frame) })}</Button>
        <ButtonLink href={stopPath(view.pageId)} weight="secondary">
          {t.pay.cancel}
        </ButtonLink>
      </Actions>
      <p class="bid-muted">{t.pay.until({ when: formatDateTime(page.locale, view.payableUntil) })}</p>
    </Card>
  );
};

/** Where it cannot be paid any more. */
const NoWay = ({ view, frame }: { view: OrderView; frame: Frame }) => (
  <Actions>
    <ButtonLink href={view.returnUrl}>{frame.t.toService({ service: view.serviceName[frame.page.locale] })}</ButtonLink>
    <ButtonLink href={stopPath(view.pageId)} weight="secondary">
      {frame.t.pay.cancel}
    </ButtonLink>
  </Actions>
);

/** Before anything is paid: who gets how much for what, how it is paid, and what is passed on. */
export const payPage = (props: PayView, frame: Frame): VNode => {
  const { view, problem } = props;
  const { t, page } = frame;
  const missing = problem === 'methodMissing' ? t.pay.methodMissing : undefined;
  return (
    <Layout
      page={page}
      title={t.pay.title}
      {...refusal(page, missing, 'method')}
      {...(problem === undefined ? {} : { error: true })}
      service={
        <ServiceBar
          page={page}
          lead={t.pay.from}
          name={view.serviceName[page.locale]}
          host={new URL(view.returnUrl).host}
        />
      }
    >
      <Notice {...props} frame={frame} />
      <Card id="rechnung" heading={t.pay.billHeading}>
        <Facts view={view} frame={frame} />
        <Bill view={view} frame={frame} />
      </Card>
      {problem === 'tooOften' ? <NoWay view={view} frame={frame} /> : <Way {...props} frame={frame} />}
    </Layout>
  );
};

/** On the way out: the header `Refresh` goes on by itself, the link is for browsers that do not. */
export const leavingPage = (props: { readonly url: string }, { page, t }: Frame): VNode => (
  <Layout page={page} title={t.leaving.title}>
    <Card>
      <p class="kern-body">{t.leaving.text}</p>
      <Actions>
        <ButtonLink href={props.url}>{t.leaving.link({ host: new URL(props.url).host })}</ButtonLink>
      </Actions>
    </Card>
  </Layout>
);

/** Whether she really does not want to. */
export const stopPage = ({ view }: { readonly view: OrderView }, frame: Frame): VNode => {
  const { t, page } = frame;
  return (
    <Layout page={page} title={t.stop.title}>
      <Card>
        <p class="kern-body">{t.stop.what({ service: view.serviceName[page.locale] })}</p>
        <Facts view={view} frame={frame} sum />
        <form method="post" action={stopPath(view.pageId)} id="abbruch">
          <input type="hidden" name="csrf" value={frame.csrf} />
        </form>
        <Actions>
          <ButtonLink href={payPath(view.pageId)}>{t.stop.back}</ButtonLink>
          <Button form="abbruch" weight="secondary">
            {t.stop.button}
          </Button>
        </Actions>
      </Card>
    </Layout>
  );
};
