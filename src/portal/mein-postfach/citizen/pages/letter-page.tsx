import type { VNode } from 'preact';
import {
  Alert,
  Badge,
  ButtonLink,
  Card,
  ConfirmForm,
  DataList,
  Details,
  TextLink,
} from '../../../../web/components/index.ts';
import { formatDate, formatDateTime, formatList } from '../../../../web/i18n/format.ts';
import type { ContentNode } from '../../letters/content.ts';
import type { JournalEntry, Letter } from '../../letters/letter.ts';
import { applicationPath, folderPath, letterPath, replyPath } from '../paths.ts';
import { Attachments } from './attachments.tsx';
import { deemedWords } from './deemed-words.ts';
import { PostfachLayout, type Frame } from './frame.tsx';
import { LetterActions, type LetterAction } from './letter-actions.tsx';
import { hostsIn, LetterText } from './letter-text.tsx';

export interface LetterView {
  readonly letter: Letter;
  readonly content: readonly ContentNode[];
  readonly journal: readonly JournalEntry[];
  /** Our id of the application that it belongs to, where there is one. */
  readonly application?: string;
  /** Whether a reply is taken now. */
  readonly open: boolean;
  /** ms since the epoch at which it leaves the trash. */
  readonly trashEnds?: number;
  readonly done?: Exclude<LetterAction, 'loeschen'> | 'gesendet';
}

const Facts = ({ view: { letter, application }, frame }: { view: LetterView; frame: Frame }) => {
  const { t, page } = frame;
  const words = t.letter;
  const { locale } = page;
  return (
    <Card id="angaben" heading={words.dates}>
      <DataList
        items={[
          {
            label: words.from,
            value: letter.sender.name[locale],
            note: (
              <Badge tone="success" icon="check">
                {words.checked}
              </Badge>
            ),
          },
          { label: words.service, value: letter.service },
          { label: words.provided, value: formatDateTime(locale, letter.providedAt) },
          ...(letter.openedAt === undefined
            ? []
            : [{ label: words.opened, value: formatDateTime(locale, letter.openedAt) }]),
          ...(letter.reference === undefined ? [] : [{ label: words.reference, value: letter.reference }]),
          ...(application === undefined
            ? []
            : [
                {
                  label: words.application,
                  value: <TextLink href={applicationPath(application)}>{t.applications.open}</TextLink>,
                },
              ]),
          { label: words.level, value: page.common.level.badge[letter.level] },
        ]}
      />
      <Details summary={words.checkedSummary}>
        <p class="kern-body">{words.checkedWhat}</p>
      </Details>
    </Card>
  );
};

const DeemedDelivery = ({ view: { letter, journal }, frame }: { view: LetterView; frame: Frame }) => {
  const notice = journal.find(({ type }) => type === 'notice_dispatched')?.at;
  const { title, text } = deemedWords(letter, notice, frame.page.locale, frame.t);
  return title === undefined ? (
    <Details summary={frame.t.letter.deemed.summary}>
      <p class="kern-body">{text}</p>
    </Details>
  ) : (
    <Alert tone="info" title={title}>
      <p class="kern-body">{text}</p>
    </Alert>
  );
};

const Replies = ({ view: { letter, open }, frame }: { view: LetterView; frame: Frame }) => {
  const words = frame.t.letter.reply;
  const { locale } = frame.page;
  const { until } = letter.reply;
  const when = until === undefined ? undefined : formatDateTime(locale, until);
  const over = letter.reply.allowed && when !== undefined && !open;
  return (
    <Card id="antworten" heading={words.heading}>
      {letter.replies.length === 0 ? null : (
        <>
          <h3 class="kern-heading-small bid-h3 bid-h3--first">{words.sentHeading}</h3>
          <ul class="bid-replies">
            {letter.replies.map((reply) => (
              <li key={reply.id} class="bid-reply">
                <p class="bid-reply__text">{reply.text}</p>
                <p class="bid-reply__when">
                  {words.sentOn({ when: formatDateTime(locale, reply.createdAt) })},{' '}
                  {reply.takenAt === undefined
                    ? words.notTaken
                    : words.taken({ when: formatDateTime(locale, reply.takenAt) })}
                </p>
              </li>
            ))}
          </ul>
        </>
      )}
      {open ? (
        <>
          <p class="kern-body">
            {words.allowed}
            {when === undefined ? null : ` ${words.until({ when })}`}
          </p>
          <p class="bid-actions">
            <ButtonLink href={replyPath(letter.id)} weight={letter.replies.length === 0 ? 'primary' : 'secondary'}>
              {letter.replies.length === 0 ? words.button : words.another}
            </ButtonLink>
          </p>
        </>
      ) : (
        <p class="kern-body">{over ? words.over({ when: when ?? '' }) : words.closed}</p>
      )}
    </Card>
  );
};

const History = ({ view, frame }: { view: LetterView; frame: Frame }) => (
  <Details summary={frame.t.letter.history}>
    <p class="kern-body">{frame.t.letter.historyNote}</p>
    <DataList
      items={view.journal.map(({ type, at }) => ({
        label: formatDateTime(frame.page.locale, at),
        value: frame.t.letter.events[type],
      }))}
    />
  </Details>
);

const Notes = ({ view, frame }: { view: LetterView; frame: Frame }) => {
  const { t, page } = frame;
  const { letter, done } = view;
  const hosts = hostsIn(view.content);
  return (
    <>
      {done === undefined ? null : done === 'gesendet' ? (
        <Alert tone="success" title={t.letter.reply.sent} announce>
          <p class="kern-body">{t.letter.reply.sentNote}</p>
        </Alert>
      ) : (
        <Alert tone="success" title={t.list.done[done]} announce />
      )}
      {view.trashEnds === undefined ? null : (
        <Alert tone="warning" title={t.letter.trash.title}>
          <p class="kern-body">{t.letter.trash.text({ date: formatDate(page.locale, view.trashEnds) })}</p>
          <ConfirmForm
            action={letterPath(letter.id)}
            csrf={frame.csrf}
            label={t.list.actions.wiederherstellen}
            fields={{ aktion: 'wiederherstellen' }}
          />
        </Alert>
      )}
      {hosts.length === 0 ? null : (
        <Alert tone="warning" title={t.letter.externalTitle}>
          <p class="kern-body">{t.letter.external({ hosts: formatList(page.locale, hosts) })}</p>
        </Alert>
      )}
    </>
  );
};

/** An opened letter. */
export const letterPage = (view: LetterView, frame: Frame): VNode => {
  const { letter } = view;
  const words = frame.t.letter;
  return (
    <PostfachLayout
      frame={frame}
      at={letter.folder}
      title={letter.subject}
      back={{ href: folderPath(letter.folder), label: words.back[letter.folder] }}
    >
      <Notes view={view} frame={frame} />
      <p class="bid-lettersender">
        <strong>{letter.sender.name[frame.page.locale]}</strong>
        <Badge tone="success" icon="check">
          {words.checked}
        </Badge>
        <span class="bid-muted">{formatDate(frame.page.locale, letter.providedAt)}</span>
      </p>
      <DeemedDelivery view={view} frame={frame} />
      <Card id="brief" heading={words.text} class="bid-lettercard">
        <LetterText nodes={view.content} t={frame.t} />
      </Card>
      {letter.files.length === 0 ? null : <Attachments id={letter.id} files={letter.files} frame={frame} />}
      <Replies view={view} frame={frame} />
      <LetterActions letter={letter} frame={frame} />
      <Facts view={view} frame={frame} />
      <History view={view} frame={frame} />
    </PostfachLayout>
  );
};
