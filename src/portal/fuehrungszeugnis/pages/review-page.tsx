import type { VNode } from 'preact';
import {
  Actions,
  Alert,
  Button,
  ButtonLink,
  Card,
  Checkbox,
  refusal,
  TextLink,
} from '../../../web/components/index.ts';
import type { Content, Document } from '../application/content.ts';
import { neededDocuments, type Step } from '../application/rules.ts';
import { summaryOf, type Fact } from '../application/summary.ts';
import { stepPath } from '../citizen/paths.ts';
import { Facts } from './facts.tsx';
import { Csrf, StepLayout, type Frame } from './frame.tsx';

export interface ReviewView {
  readonly id: string;
  readonly content: Content;
  readonly documents: readonly Document[];
  /** `pruefen` when nothing is missing. */
  readonly next: Step;
  /** What was seen is what is sent. */
  readonly version: number;
  readonly problem?: 'self';
  readonly paymentFailed?: boolean;
}

const Part = ({ step, facts, frame }: { step: Step; facts: readonly Fact[]; frame: Frame }) => (
  <Card id={`pruefen-${step}`} heading={frame.t.steps[step]}>
    {facts.length === 0 ? null : <Facts facts={facts} />}
    <p class="kern-body">
      <TextLink href={stepPath(step)}>
        {frame.t.change}
        <span class="kern-sr-only">: {frame.t.steps[step]}</span>
      </TextLink>
    </p>
  </Card>
);

/** Everything once more, with links to change it, before it is sent. */
export const reviewPage = (view: ReviewView, frame: Frame): VNode => {
  const { page, t } = frame;
  const words = t.review;
  const { content, documents, next } = view;
  const summary = summaryOf(content, page.locale, t);
  const message = view.problem === undefined ? undefined : words.selfMissing;
  return (
    <StepLayout frame={frame} title={words.title} {...refusal(page, message, 'selbst')}>
      {view.paymentFailed === true ? (
        <Alert tone="warning" title={t.payment.failedTitle}>
          <p class="kern-body">{t.payment.failed}</p>
        </Alert>
      ) : null}
      <p class="kern-body bid-lead">{words.lead}</p>
      <Part step="art" facts={summary.kind} frame={frame} />
      <Part step="daten" facts={[...summary.card, ...summary.typed]} frame={frame} />
      <Part step="empfaenger" facts={summary.recipient} frame={frame} />
      <Part step="gebuehr" facts={summary.fee} frame={frame} />
      {documents.length === 0 && neededDocuments(content).length === 0 ? null : (
        <Part
          step="nachweise"
          facts={documents.map(({ purpose, name }) => ({ label: t.documents.purposes[purpose], lines: [name] }))}
          frame={frame}
        />
      )}
      <p class="kern-body">{content.postfach === undefined ? words.noLetters : words.letters}</p>
      {next === 'pruefen' ? (
        <form class="bid-form" method="post" action={stepPath('pruefen')}>
          <Csrf frame={frame} />
          <input type="hidden" name="antrag" value={view.id} />
          <input type="hidden" name="stand" value={String(view.version)} />
          <Card>
            <Checkbox
              name="selbst"
              label={words.self}
              checked={false}
              {...(message === undefined ? {} : { error: message })}
            />
            <Actions>
              <Button>{content.fee?.way === 'exempt' ? words.send : words.pay}</Button>
            </Actions>
          </Card>
        </form>
      ) : (
        <>
          <Alert tone="warning" title={words.incomplete}>
            <p class="kern-body">{words.incompleteText}</p>
          </Alert>
          <Actions>
            <ButtonLink href={stepPath(next)}>{t.steps[next]}</ButtonLink>
          </Actions>
        </>
      )}
    </StepLayout>
  );
};
