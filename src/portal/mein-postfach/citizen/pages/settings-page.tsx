import type { VNode } from 'preact';
import {
  Alert,
  Badge,
  Button,
  Card,
  ConfirmForm,
  DataList,
  Details,
  ErrorSummary,
} from '../../../../web/components/index.ts';
import { formatDate, formatDateTime } from '../../../../web/i18n/format.ts';
import type { ConsentKind, JournalEntry } from '../../letters/letter.ts';
import type { KnownSender } from '../../records/blocked-senders.ts';
import type { PostfachMessages } from '../i18n/messages.ts';
import { paths } from '../paths.ts';
import { PostfachLayout, type Frame } from './frame.tsx';

export type SettingsDone = keyof PostfachMessages['settings']['done'];

export interface SettingsView {
  readonly notices: boolean;
  /** When each consent that is in force was given, in ms since the epoch. */
  readonly consents: Readonly<Partial<Record<ConsentKind, number>>>;
  readonly history: readonly JournalEntry[];
  readonly senders: readonly KnownSender[];
  readonly trashDays: number;
  readonly done?: SettingsDone;
  /** A consent was to be given without the tick. */
  readonly notUnderstood?: ConsentKind;
}

interface Parts {
  readonly view: SettingsView;
  readonly frame: Frame;
}

const Notices = ({ view, frame }: Parts) => {
  const words = frame.t.settings.notices;
  return (
    <Card
      id="hinweise"
      heading={words.heading}
      badge={<Badge tone={view.notices ? 'success' : 'warning'}>{view.notices ? words.on : words.off}</Badge>}
    >
      <p class="kern-body">{words.what}</p>
      <p class="kern-body">{words.address}</p>
      {view.notices ? null : <p class="kern-body">{words.offNote}</p>}
      <div class="bid-actions">
        <ConfirmForm
          action={paths.settings}
          csrf={frame.csrf}
          weight={view.notices ? 'secondary' : 'primary'}
          label={view.notices ? words.turnOff : words.turnOn}
          fields={{ aktion: view.notices ? 'hinweise-aus' : 'hinweise-an' }}
        />
      </div>
    </Card>
  );
};

const GiveConsent = ({ kind, view, frame }: Parts & { kind: ConsentKind }) => {
  const words = frame.t.settings.consents;
  const wrong = view.notUnderstood === kind;
  const id = `verstanden-${kind}`;
  return (
    <form class="bid-form" method="post" action={paths.settings}>
      <input type="hidden" name="csrf" value={frame.csrf} />
      <input type="hidden" name="art" value={kind} />
      <div class="kern-form-check">
        <input
          class={`kern-form-check__checkbox${wrong ? ' kern-form-check__checkbox--error' : ''}`}
          type="checkbox"
          id={id}
          name="verstanden"
          value="1"
          aria-invalid={wrong ? 'true' : undefined}
          aria-describedby={wrong ? `${id}-fehler` : undefined}
        />
        <label class="kern-label" for={id}>
          {words.understood}
        </label>
      </div>
      {wrong ? (
        <p class="kern-error" id={`${id}-fehler`}>
          <span class="kern-icon kern-icon--danger" aria-hidden="true" />
          <span class="kern-body">{words.understoodError}</span>
        </p>
      ) : null}
      <div class="bid-actions">
        <Button weight="secondary" name="aktion" value="einwilligen">
          {words.give[kind]}
        </Button>
      </div>
    </form>
  );
};

const Consent = ({ kind, view, frame }: Parts & { kind: ConsentKind }) => {
  const words = frame.t.settings.consents;
  const given = view.consents[kind];
  return (
    <Card
      id={kind}
      heading={words[kind].heading}
      badge={
        given === undefined ? (
          <Badge tone="info">{words.notGiven}</Badge>
        ) : (
          <Badge tone="success">{words.given({ when: formatDate(frame.page.locale, given) })}</Badge>
        )
      }
    >
      <p class="kern-body">{words[kind].what}</p>
      <p class="kern-body">
        <strong>{words.consequencesHeading}</strong>
      </p>
      <ul class="bid-list">
        {words[kind].consequences.map((text) => (
          <li key={text}>{text}</li>
        ))}
      </ul>
      {given === undefined ? (
        <GiveConsent kind={kind} view={view} frame={frame} />
      ) : (
        <>
          <p class="kern-body">{words.withdrawNote}</p>
          <div class="bid-actions">
            <ConfirmForm
              action={paths.settings}
              csrf={frame.csrf}
              weight="secondary"
              label={words.withdraw[kind]}
              fields={{ aktion: 'widerrufen', art: kind }}
            />
          </div>
        </>
      )}
    </Card>
  );
};

const ConsentHistory = ({ view, frame }: Parts) => {
  const words = frame.t.settings.consents;
  const rows = view.history.flatMap(({ type, consent, at }) =>
    consent !== undefined && (type === 'consent_given' || type === 'consent_withdrawn')
      ? [{ label: formatDateTime(frame.page.locale, at), value: words.events[consent][type] }]
      : [],
  );
  return rows.length === 0 ? null : (
    <Details summary={words.history}>
      <DataList items={rows} />
    </Details>
  );
};

const Senders = ({ view, frame }: Parts) => {
  const words = frame.t.settings.senders;
  const { locale } = frame.page;
  return (
    <Card id="absender" heading={words.heading}>
      <p class="kern-body">{words.what}</p>
      {view.senders.length === 0 ? (
        <p class="kern-body bid-muted">{words.none}</p>
      ) : (
        <ul class="bid-senders">
          {view.senders.map(({ sender, blockedAt }) => {
            const name = sender.name[locale];
            const blocked = blockedAt !== undefined;
            return (
              <li key={sender.id} class="bid-means">
                <div>
                  <p class="bid-means__name">
                    <strong>{name}</strong>
                  </p>
                  <p class="kern-body bid-muted">
                    {blocked ? words.blocked({ date: formatDate(locale, blockedAt) }) : words.allowed}
                  </p>
                </div>
                <form class="bid-form" method="post" action={paths.settings}>
                  <input type="hidden" name="csrf" value={frame.csrf} />
                  <input type="hidden" name="absender" value={sender.id} />
                  <button
                    class="kern-btn kern-btn--secondary"
                    type="submit"
                    name="aktion"
                    value={blocked ? 'zulassen' : 'sperren'}
                    aria-label={blocked ? words.unblockOf({ name }) : words.blockOf({ name })}
                  >
                    <span class="kern-label">{blocked ? words.unblock : words.block}</span>
                  </button>
                </form>
              </li>
            );
          })}
        </ul>
      )}
      <p class="kern-body bid-muted">{words.consent}</p>
    </Card>
  );
};

const Deletion = ({ view, frame }: Parts) => {
  const words = frame.t.settings.deletion;
  return (
    <Card id="loeschen" heading={words.heading}>
      <ul class="bid-list">
        {[words.trash({ days: view.trashDays }), ...words.items].map((text) => (
          <li key={text}>{text}</li>
        ))}
      </ul>
    </Card>
  );
};

/** Notices, consents, senders, and what deleting does. */
export const settingsPage = (view: SettingsView, frame: Frame): VNode => {
  const words = frame.t.settings;
  const { notUnderstood } = view;
  return (
    <PostfachLayout
      frame={frame}
      at="settings"
      title={words.title}
      error={notUnderstood !== undefined}
      summary={
        notUnderstood === undefined ? null : (
          <ErrorSummary
            title={frame.page.common.errorSummary}
            errors={[{ message: words.consents.understoodError, field: `verstanden-${notUnderstood}` }]}
          />
        )
      }
    >
      {view.done === undefined ? null : <Alert tone="success" title={words.done[view.done]} announce />}
      <Notices view={view} frame={frame} />
      <h2 class="kern-heading-medium bid-h2">{words.consents.heading}</h2>
      <p class="kern-body">{words.consents.lead}</p>
      <Consent kind="bekanntgabe" view={view} frame={frame} />
      <Consent kind="zustellung" view={view} frame={frame} />
      <ConsentHistory view={view} frame={frame} />
      <Senders view={view} frame={frame} />
      <Deletion view={view} frame={frame} />
    </PostfachLayout>
  );
};
