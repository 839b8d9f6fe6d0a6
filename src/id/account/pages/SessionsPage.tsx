import type { Level } from '../../../assurance/levels.ts';
import type { Means } from '../../../assurance/evidence.ts';
import { Alert, Badge, Card, ConfirmForm, DataList, LevelBadge } from '../../../web/components/index.ts';
import { formatDateTime, formatList } from '../../../web/i18n/format.ts';
import { perLocale } from '../../../web/i18n/per-locale.ts';
import type { BrowserKind } from '../../identity/browser-sessions.ts';
import { paths } from '../paths.ts';
import { KontoLayout, type KontoFrame } from './konto-frame.tsx';

export interface SessionRow {
  readonly id: string;
  readonly kind: BrowserKind;
  readonly current: boolean;
  readonly means: Means;
  readonly level: Level;
  /** ms since the epoch. */
  readonly beganAt: number;
  readonly seenAt: number;
  /** Names. */
  readonly services: readonly string[];
}

export interface SessionsView {
  readonly sessions: readonly SessionRow[];
  readonly csrf: string;
  readonly done?: 'ended' | 'endedOthers' | 'gone';
  /** ms since the epoch. */
  readonly now: number;
}

type Props = SessionsView & KontoFrame;

const hour = 3600_000;

const agoes = perLocale((locale) => new Intl.RelativeTimeFormat(locale));

/** Coarse: to the minute it would say when somebody sat down where. */
const seenWords = ({ t, page, now }: Props, at: number): string => {
  const hours = Math.floor((now - at) / hour);
  if (now - at < 10 * 60_000) return t.sessions.justNow;
  if (hours < 1) return t.sessions.lately;
  return agoes[page.locale].format(-hours, 'hour');
};

export const deviceWords = ({ t }: Pick<KontoFrame, 't'>, { browser, system }: BrowserKind): string =>
  browser !== undefined && system !== undefined
    ? t.sessions.device({ browser, system })
    : (browser ?? system ?? t.sessions.unknown);

const SessionCard = (props: Props & { session: SessionRow }) => {
  const { t, page, session } = props;
  const device = deviceWords(props, session.kind);
  return (
    <Card
      id={`sitzung-${session.id}`}
      heading={device}
      {...(session.current ? { badge: <Badge tone="success">{t.sessions.current}</Badge> } : {})}
    >
      <DataList
        items={[
          { label: t.sessions.seen, value: seenWords(props, session.seenAt) },
          { label: t.sessions.began, value: formatDateTime(page.locale, session.beganAt) },
          { label: t.sessions.how, value: t.method[session.means] },
          { label: t.sessions.level, value: <LevelBadge page={page} level={session.level} /> },
          {
            label: t.sessions.services,
            value: session.services.length === 0 ? t.sessions.noServices : formatList(page.locale, session.services),
          },
        ]}
      />
      {session.current ? null : (
        <ConfirmForm
          action={`${paths.sessions}/beenden`}
          csrf={props.csrf}
          fields={{ id: session.id }}
          label={t.sessions.endFull({ device })}
          weight="secondary"
          icon="logout"
        />
      )}
    </Card>
  );
};

export const SessionsPage = (props: Props) => {
  const { t, page, done } = props;
  const others = props.sessions.some(({ current }) => !current);
  return (
    <KontoLayout page={page} at="sessions" title={t.sessions.title}>
      <p class="bid-lead">{t.sessions.lead}</p>
      {done === undefined ? null : (
        <Alert tone={done === 'gone' ? 'info' : 'success'} title={t.sessions[done]} announce />
      )}
      {props.sessions.map((session) => (
        <SessionCard key={session.id} {...props} session={session} />
      ))}
      <Card id="alle-anderen" heading={t.sessions.othersTitle}>
        <p class="kern-body">{others ? t.sessions.others : t.sessions.noOthers}</p>
        {others ? (
          <ConfirmForm
            action={`${paths.sessions}/alle-anderen`}
            csrf={props.csrf}
            label={t.sessions.endOthers}
            icon="logout"
          />
        ) : null}
      </Card>
      <p class="kern-body bid-muted">{t.sessions.privacy}</p>
    </KontoLayout>
  );
};
