import { Badge, Icon } from '../../../../web/components/index.ts';
import { formatDate } from '../../../../web/i18n/format.ts';
import type { LetterSummary } from '../../letters/letter.ts';
import { letterPath } from '../paths.ts';
import type { Frame } from './frame.tsx';

/** What a row is called where its words are not beside it. */
const nameOf = (letter: LetterSummary, { page, t }: Frame): string =>
  letter.locked
    ? t.list.fromOn({
        sender: letter.sender.name[page.locale],
        date: formatDate(page.locale, letter.providedAt),
      })
    : letter.subject;

/** One letter in a list. `chosen`: with a box to choose it; `folder`: says where it lies; `trashEnds`: when it will be gone. */
export const LetterRow = (props: {
  letter: LetterSummary;
  frame: Frame;
  choose?: boolean;
  showFolder?: boolean;
  trashEnds?: number;
}) => {
  const { letter, frame } = props;
  const { page, t } = frame;
  const words = t.list;
  const name = nameOf(letter, frame);
  const box = `brief-${letter.id}`;
  return (
    <li class={`bid-row bid-letter${letter.unread ? ' bid-letter--unread' : ''}`}>
      {props.choose === true ? (
        <div class="kern-form-check bid-letter__choose">
          <input class="kern-form-check__checkbox" type="checkbox" id={box} name="brief" value={letter.id} />
          <label class="kern-label" for={box}>
            <span class="kern-sr-only">{words.choose({ what: name })}</span>
          </label>
        </div>
      ) : null}
      <div class="bid-letter__body">
        <p class="bid-letter__head">
          <span class="bid-letter__sender">{letter.sender.name[page.locale]}</span>
          <span class="bid-letter__date">{formatDate(page.locale, letter.providedAt)}</span>
        </p>
        {letter.locked ? <p class="bid-letter__locked">{words.locked}</p> : null}
        <p>
          <a class="bid-row__link" href={letterPath(letter.id)}>
            {letter.locked ? (
              <>
                <Icon name="lock" />
                <span>
                  {words.openBy[letter.level]}
                  <span class="kern-sr-only">: {name}</span>
                </span>
              </>
            ) : (
              letter.subject
            )}
          </a>
        </p>
        <Marks {...props} />
      </div>
    </li>
  );
};

const Marks = (props: { letter: LetterSummary; frame: Frame; showFolder?: boolean; trashEnds?: number }) => {
  const { letter, frame } = props;
  const words = frame.t.list;
  const { locale } = frame.page;
  const notes = [
    ...(letter.locked ? [words.lock[letter.level]] : [letter.service]),
    ...(props.showFolder === true ? [words.folderOf[letter.folder]] : []),
    ...(props.trashEnds === undefined ? [] : [words.deletedOn({ date: formatDate(locale, props.trashEnds) })]),
  ];
  return (
    <p class="bid-letter__marks">
      {letter.unread ? (
        <Badge tone="info" icon="mail">
          {words.newBadge}
        </Badge>
      ) : null}
      {letter.flagged ? (
        <Badge tone="warning" icon="star">
          {words.flagged}
        </Badge>
      ) : null}
      {letter.repliedAt === undefined ? null : (
        <Badge tone="success" icon="check">
          {words.replied}
        </Badge>
      )}
      {letter.locked || letter.attachments === 0 ? null : (
        <span class="bid-letter__note">
          <Icon name="attachment" size="small" />
          {words.attachments({ count: letter.attachments })}
        </span>
      )}
      {notes.map((note) => (
        <span class="bid-letter__note" key={note}>
          {note}
        </span>
      ))}
    </p>
  );
};
