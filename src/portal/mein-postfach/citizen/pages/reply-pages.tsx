import type { VNode } from 'preact';
import {
  Actions,
  Alert,
  Button,
  ButtonLink,
  Card,
  DataList,
  ErrorSummary,
  TextArea,
} from '../../../../web/components/index.ts';
import { formatNumber } from '../../../../web/i18n/format.ts';
import type { Letter } from '../../letters/letter.ts';
import { maximumLengths } from '../../letters/letter.ts';
import { letterPath, replyPath } from '../paths.ts';
import { PostfachLayout, type Frame } from './frame.tsx';

export type ReplyError = 'empty' | 'long';

interface ToLetter {
  readonly letter: Pick<Letter, 'id' | 'subject' | 'sender' | 'folder' | 'reference'>;
}

const Recipient = ({ letter, frame }: ToLetter & { frame: Frame }) => (
  <DataList
    items={[
      { label: frame.t.letter.reply.to, value: letter.sender.name[frame.page.locale] },
      { label: frame.t.letter.reply.about, value: letter.subject },
      ...(letter.reference === undefined ? [] : [{ label: frame.t.letter.reference, value: letter.reference }]),
    ]}
  />
);

const backTo = ({ id }: ToLetter['letter'], frame: Frame): { href: string; label: string } => ({
  href: letterPath(id),
  label: frame.t.letter.reply.toLetter,
});

/** Writing a reply. */
export const replyPage = (
  view: ToLetter & { readonly text: string; readonly error?: ReplyError },
  frame: Frame,
): VNode => {
  const words = frame.t.letter.reply;
  const { letter, text, error } = view;
  const number = (value: number): string => formatNumber(frame.page.locale, value);
  const most = number(maximumLengths.reply);
  const message =
    error === undefined
      ? undefined
      : error === 'empty'
        ? words.errors.empty
        : words.errors.long({ most, over: number(text.length - maximumLengths.reply) });
  return (
    <PostfachLayout
      frame={frame}
      at={letter.folder}
      title={words.title}
      back={backTo(letter, frame)}
      error={message !== undefined}
      summary={
        message === undefined ? null : (
          <ErrorSummary title={frame.page.common.errorSummary} errors={[{ message, field: 'antwort' }]} />
        )
      }
    >
      <form class="bid-form" method="post" action={replyPath(letter.id)}>
        <input type="hidden" name="csrf" value={frame.csrf} />
        <Card>
          <Recipient letter={letter} frame={frame} />
          <TextArea
            name="antwort"
            label={words.label}
            hint={words.hint({ most })}
            value={text}
            rows={12}
            prose
            {...(message === undefined ? {} : { error: message })}
          />
          <Actions>
            <Button>{words.next}</Button>
            <ButtonLink href={letterPath(letter.id)} weight="secondary">
              {words.cancel}
            </ButtonLink>
          </Actions>
        </Card>
      </form>
    </PostfachLayout>
  );
};

/** A reply once more before it is sent. */
export const previewPage = (
  view: ToLetter & { readonly text: string; readonly draft: string },
  frame: Frame,
): VNode => {
  const words = frame.t.letter.reply;
  const { letter, text, draft } = view;
  return (
    <PostfachLayout frame={frame} at={letter.folder} title={words.previewTitle} back={backTo(letter, frame)}>
      <p class="bid-lead">{words.previewLead}</p>
      <Card>
        <Recipient letter={letter} frame={frame} />
        <p class="bid-reply__text">{text}</p>
        <form class="bid-form" method="post" action={replyPath(letter.id, draft)}>
          <input type="hidden" name="csrf" value={frame.csrf} />
          <Actions>
            <Button icon="mail">{words.send}</Button>
            <ButtonLink href={`${replyPath(letter.id)}?entwurf=${encodeURIComponent(draft)}`} weight="secondary">
              {words.change}
            </ButtonLink>
          </Actions>
        </form>
      </Card>
    </PostfachLayout>
  );
};

/** A reply that could not be sent: what was written is not lost. */
export const notSentPage = (view: ToLetter & { readonly text: string }, frame: Frame): VNode => {
  const words = frame.t.letter.reply;
  const { letter, text } = view;
  return (
    <PostfachLayout frame={frame} at={letter.folder} title={words.closedTitle} back={backTo(letter, frame)} error>
      <Alert tone="danger" title={words.closedTitle}>
        <p class="kern-body">{words.closedWhat}</p>
      </Alert>
      <Card>
        <p class="bid-reply__text">{text}</p>
      </Card>
    </PostfachLayout>
  );
};

/** A draft whose hour is over, or that never was. */
export const draftGonePage = ({ letterId }: { readonly letterId: string }, frame: Frame): VNode => {
  const words = frame.t.letter.reply;
  return (
    <PostfachLayout
      frame={frame}
      at="inbox"
      title={words.goneTitle}
      error
      back={{ href: letterPath(letterId), label: words.toLetter }}
    >
      <Alert tone="warning" title={words.goneTitle}>
        <p class="kern-body">{words.goneWhat}</p>
      </Alert>
    </PostfachLayout>
  );
};
