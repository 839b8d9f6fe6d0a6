import type { VNode } from 'preact';
import { Badge, Card, DataList, EmptyState, TextLink, type IconName } from '../../../../web/components/index.ts';
import { formatDate, formatDateTime } from '../../../../web/i18n/format.ts';
import type { ApplicationState, ApplicationStatus, LetterSummary } from '../../letters/letter.ts';
import type { Application } from '../../records/applications.ts';
import { applicationPath, paths } from '../paths.ts';
import { PostfachLayout, type Frame } from './frame.tsx';
import { LetterRow } from './letter-row.tsx';

const signs: Readonly<Record<ApplicationState, { tone: 'info' | 'success' | 'warning'; icon: IconName }>> = {
  INITIATED: { tone: 'info', icon: 'draft' },
  SUBMITTED: { tone: 'info', icon: 'mail' },
  RECEIVED: { tone: 'info', icon: 'info' },
  PROCESSING: { tone: 'info', icon: 'info' },
  ACTION_REQUIRED: { tone: 'warning', icon: 'warning' },
  COMPLETED: { tone: 'success', icon: 'success' },
};

const StateBadge = ({ state, frame }: { state: ApplicationState; frame: Frame }) => (
  <Badge {...signs[state]}>{frame.t.applications.state[state]}</Badge>
);

/** Everything that a citizen has applied for, with how far it has got. */
export const applicationsPage = (view: { readonly applications: readonly Application[] }, frame: Frame): VNode => {
  const words = frame.t.applications;
  return (
    <PostfachLayout frame={frame} at="applications" title={words.title}>
      <p class="bid-lead">{words.lead}</p>
      {view.applications.length === 0 ? (
        <EmptyState title={words.emptyTitle}>
          <p class="kern-body">{words.empty}</p>
        </EmptyState>
      ) : (
        <ul class="bid-plaincards">
          {view.applications.map(({ id, sender, latest }) => (
            <li key={id}>
              <Card
                id={`vorgang-${id}`}
                heading={latest.publicServiceName}
                badge={<StateBadge state={latest.status} frame={frame} />}
              >
                <p class="kern-body">{words.meaning[latest.status]}</p>
                <DataList
                  items={[
                    { label: words.at, value: sender.name[frame.page.locale] },
                    { label: words.since, value: formatDate(frame.page.locale, latest.createdAt) },
                    ...(latest.reference === undefined ? [] : [{ label: words.reference, value: latest.reference }]),
                  ]}
                />
                <p class="kern-body">
                  <TextLink href={applicationPath(id)}>
                    {words.open}
                    <span class="kern-sr-only">: {latest.publicServiceName}</span>
                  </TextLink>
                </p>
              </Card>
            </li>
          ))}
        </ul>
      )}
    </PostfachLayout>
  );
};

const Step = ({ status, now, frame }: { status: ApplicationStatus; now: boolean; frame: Frame }) => {
  const words = frame.t.applications;
  return (
    <li
      class={now ? 'bid-timeline__step bid-timeline__step--now' : 'bid-timeline__step'}
      aria-current={now ? 'step' : undefined}
    >
      <p class="bid-timeline__what">
        <StateBadge state={status.status} frame={frame} />
        {now ? <span class="bid-muted">{words.now}</span> : null}
      </p>
      <p class="bid-timeline__when">{formatDateTime(frame.page.locale, status.createdAt)}</p>
      {[status.statusDetails, status.additionalInformation].map((text) =>
        text === undefined ? null : (
          <p class="kern-body" key={text}>
            {text}
          </p>
        ),
      )}
    </li>
  );
};

export interface ApplicationView {
  readonly application: Application & { readonly statuses: readonly ApplicationStatus[] };
  readonly letters: readonly LetterSummary[];
}

/** One application: its states from the newest to the oldest, and its letters. */
export const applicationPage = ({ application, letters }: ApplicationView, frame: Frame): VNode => {
  const words = frame.t.applications;
  const { latest, sender } = application;
  return (
    <PostfachLayout
      frame={frame}
      at="applications"
      title={latest.publicServiceName}
      back={{ href: paths.applications, label: words.back }}
    >
      <p class="bid-lead">{words.meaning[latest.status]}</p>
      <Card id="verlauf" heading={words.timeline}>
        <DataList
          items={[
            { label: words.at, value: sender.name[frame.page.locale] },
            ...(latest.reference === undefined ? [] : [{ label: words.reference, value: latest.reference }]),
          ]}
        />
        <ol class="bid-timeline" reversed>
          {application.statuses.toReversed().map((status, i) => (
            <Step key={`${status.createdAt} ${status.status}`} status={status} now={i === 0} frame={frame} />
          ))}
        </ol>
      </Card>
      <section aria-labelledby="briefe-titel">
        <h2 class="kern-heading-medium bid-h2" id="briefe-titel">
          {words.letters}
        </h2>
        {letters.length === 0 ? (
          <p class="kern-body">{words.noLetters}</p>
        ) : (
          <ul class="bid-letters" aria-label={words.letters}>
            {letters.map((letter) => (
              <LetterRow key={letter.id} letter={letter} frame={frame} showFolder />
            ))}
          </ul>
        )}
      </section>
    </PostfachLayout>
  );
};
