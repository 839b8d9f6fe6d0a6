import type { VNode } from 'preact';
import { Badge, Card, DataList, EmptyState, Icon, TextLink, type IconName } from '../../../../web/components/index.ts';
import { formatDate, formatDateTime } from '../../../../web/i18n/format.ts';
import type { ApplicationState, LetterSummary, ShownStatus } from '../../letters/letter.ts';
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

const ApplicationCard = ({
  application: { id, sender, latest },
  frame,
}: {
  application: Application;
  frame: Frame;
}) => {
  const words = frame.t.applications;
  const { locale } = frame.page;
  const name = sender.name[locale];
  const since = { label: words.since, value: formatDate(locale, latest.createdAt) };
  if (latest.locked)
    return (
      <Card id={`vorgang-${id}`} heading={name}>
        <p class="kern-body">{words.locked}</p>
        <DataList items={[since]} />
        <p class="kern-body">
          <a class="bid-navlink" href={applicationPath(id)}>
            <Icon name="lock" />
            <span>
              {words.openBy[latest.level]}
              <span class="kern-sr-only">: {name}</span>
            </span>
          </a>
        </p>
      </Card>
    );
  return (
    <Card
      id={`vorgang-${id}`}
      heading={latest.publicServiceName}
      badge={<StateBadge state={latest.status} frame={frame} />}
    >
      <p class="kern-body">{words.meaning[latest.status]}</p>
      <DataList
        items={[
          { label: words.at, value: name },
          since,
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
  );
};

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
          {view.applications.map((application) => (
            <li key={application.id}>
              <ApplicationCard application={application} frame={frame} />
            </li>
          ))}
        </ul>
      )}
    </PostfachLayout>
  );
};

const Step = ({ status, now, frame }: { status: ShownStatus; now: boolean; frame: Frame }) => {
  const words = frame.t.applications;
  return (
    <li
      class={now ? 'bid-timeline__step bid-timeline__step--now' : 'bid-timeline__step'}
      aria-current={now ? 'step' : undefined}
    >
      <p class="bid-timeline__what">
        {status.locked ? (
          <span class="bid-muted">{frame.t.list.lock[status.level]}</span>
        ) : (
          <StateBadge state={status.status} frame={frame} />
        )}
        {now ? <span class="bid-muted">{words.now}</span> : null}
      </p>
      <p class="bid-timeline__when">{formatDateTime(frame.page.locale, status.createdAt)}</p>
      {(status.locked ? [] : [status.statusDetails, status.additionalInformation]).map((text) =>
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
  readonly application: Application & {
    /** Who opens the application has the level of its latest status. */
    readonly latest: Extract<ShownStatus, { locked: false }>;
    readonly statuses: readonly ShownStatus[];
  };
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
            <Step key={`${status.createdAt} ${status.receivedAt}`} status={status} now={i === 0} frame={frame} />
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
          <ul class="bid-rows" aria-label={words.letters}>
            {letters.map((letter) => (
              <LetterRow key={letter.id} letter={letter} frame={frame} showFolder />
            ))}
          </ul>
        )}
      </section>
    </PostfachLayout>
  );
};
