import { EmptyState, Icon, TextLink, type IconName } from '../../../web/components/index.ts';
import { formatDateTime } from '../../../web/i18n/format.ts';
import type { ActivityGroup } from '../../audit/view.ts';
import { otherPaths, paths } from '../paths.ts';
import { KontoLayout, type KontoFrame } from './konto-frame.tsx';

/** One event in words. */
export interface ActivityRow {
  readonly id: string;
  /** ms since the epoch. */
  readonly at: number;
  readonly what: string;
  readonly details: readonly string[];
  readonly tone: 'info' | 'success' | 'warning';
  /** Somebody else could have done it. */
  readonly deniable: boolean;
}

export interface ActivitiesView {
  readonly rows: readonly ActivityRow[];
  readonly group?: ActivityGroup;
  readonly next?: string;
  /** Not the newest page. */
  readonly later: boolean;
}

const groups = ['logins', 'failures', 'data', 'changes'] as const satisfies readonly ActivityGroup[];

const icons: Readonly<Record<ActivityRow['tone'], IconName>> = { info: 'info', success: 'success', warning: 'warning' };

const addressOf = (group: ActivityGroup | undefined, before?: string): string => {
  const query = new URLSearchParams({
    ...(group === undefined ? {} : { art: group }),
    ...(before === undefined ? {} : { vor: before }),
  }).toString();
  return query === '' ? paths.activities : `${paths.activities}?${query}`;
};

export const ActivitiesPage = (props: ActivitiesView & KontoFrame) => {
  const { t, page, group } = props;
  const words = t.activities;
  return (
    <KontoLayout page={page} at="activities" title={words.title}>
      <p class="bid-lead">{words.lead}</p>
      <nav class="bid-filter" aria-label={words.filter}>
        <ul>
          {[undefined, ...groups].map((one) => (
            <li key={one ?? 'all'}>
              <a class="bid-filter__choice" href={addressOf(one)} aria-current={one === group ? 'true' : undefined}>
                {words.groups[one ?? 'all']}
              </a>
            </li>
          ))}
        </ul>
      </nav>
      {props.rows.length === 0 ? (
        <EmptyState title={words.emptyTitle}>
          <p class="kern-body">{words.empty}</p>
        </EmptyState>
      ) : (
        <ol class="bid-events">
          {props.rows.map((row) => (
            <li key={row.id} class="bid-event">
              <Icon name={icons[row.tone]} />
              <div>
                <p class="bid-event__what">{row.what}</p>
                <p class="bid-event__when">{formatDateTime(page.locale, row.at)}</p>
                {row.details.map((detail) => (
                  <p key={detail} class="bid-event__detail">
                    {detail}
                  </p>
                ))}
                {row.deniable ? <TextLink href={otherPaths.notMe}>{words.notMe({ what: row.what })}</TextLink> : null}
              </div>
            </li>
          ))}
        </ol>
      )}
      <p class="bid-pager">
        {props.later ? <TextLink href={addressOf(group)}>{words.newest}</TextLink> : null}
        {props.next === undefined ? null : <TextLink href={addressOf(group, props.next)}>{words.older}</TextLink>}
      </p>
    </KontoLayout>
  );
};
