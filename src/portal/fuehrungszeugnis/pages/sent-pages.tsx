import type { VNode } from 'preact';
import {
  Actions,
  Alert,
  ButtonLink,
  Card,
  DataList,
  EmptyState,
  Layout,
  TextLink,
} from '../../../web/components/index.ts';
import { formatDate, formatDateTime } from '../../../web/i18n/format.ts';
import { summaryOf } from '../application/summary.ts';
import { confirmationPath, paths, sentPath } from '../citizen/paths.ts';
import type { Application } from '../records/applications.ts';
import { Facts } from './facts.tsx';
import { StepLayout, type Frame } from './frame.tsx';

const stateOf = ({ state, answer }: Application, { t }: Frame): string =>
  answer === undefined ? t.sent.states[state === 'processing' ? 'processing' : 'filed'] : t.sent.states[answer.outcome];

export interface SentView {
  readonly application: Application;
  /** Mein Postfach, where letters about it are. */
  readonly postfach?: string;
}

/** An application that was sent, with its state. */
export const sentPage = ({ application, postfach }: SentView, frame: Frame): VNode => {
  const { page, t } = frame;
  const { id, reference = '', filedAt = 0, answer, content } = application;
  const summary = summaryOf(content, page.locale, t);
  return (
    <StepLayout frame={frame} title={t.sent.title}>
      <Alert tone="success" title={t.sent.title}>
        <p class="kern-body">{t.sent.lead({ reference, when: formatDateTime(page.locale, filedAt) })}</p>
      </Alert>
      <Card id="stand" heading={t.sent.state}>
        <p class="kern-body">
          <strong>{stateOf(application, frame)}</strong>
        </p>
        {answer === undefined || answer.text === '' ? null : (
          <DataList items={[{ label: t.sent.answer, value: <span class="bid-reply__text">{answer.text}</span> }]} />
        )}
        <Facts facts={[...summary.kind, ...summary.recipient, ...summary.fee]} />
      </Card>
      <Card id="weiter" heading={t.sent.next}>
        <p class="kern-body">{t.sent.nextText}</p>
        <p class="kern-body">{content.postfach === undefined ? t.review.noLetters : t.review.letters}</p>
        <Actions>
          <ButtonLink href={confirmationPath(id)} weight="secondary">
            {t.sent.pdf}
          </ButtonLink>
          {postfach === undefined ? null : (
            <ButtonLink href={postfach} weight="secondary">
              {t.sent.postfach}
            </ButtonLink>
          )}
          <ButtonLink href={frame.portal} weight="tertiary">
            {t.toPortal}
          </ButtonLink>
        </Actions>
      </Card>
    </StepLayout>
  );
};

/** All that a person has sent. */
export const sentListPage = (
  { applications }: { readonly applications: readonly Application[] },
  frame: Frame,
): VNode => {
  const { page, t } = frame;
  return (
    <Layout page={page} title={t.sent.list}>
      {applications.length === 0 ? (
        <EmptyState title={t.sent.listEmpty}>
          <Actions>
            <ButtonLink href={paths.tasks}>{t.tasks.begin}</ButtonLink>
          </Actions>
        </EmptyState>
      ) : (
        <Card>
          <DataList
            items={applications.map((application) => ({
              label: formatDate(page.locale, application.filedAt ?? 0),
              value: <TextLink href={sentPath(application.id)}>{application.reference}</TextLink>,
              note: stateOf(application, frame),
            }))}
          />
        </Card>
      )}
      <p class="kern-body">
        <TextLink href={paths.tasks}>{t.cancel}</TextLink>
      </p>
    </Layout>
  );
};
