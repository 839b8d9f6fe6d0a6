import type { VNode } from 'preact';
import { Alert, ReferenceId } from '../../../../web/components/index.ts';
import { letterPath } from '../paths.ts';
import { PostfachLayout, type Frame } from './frame.tsx';

/** A file that is no longer what the authority has sent: none is better than a wrong one. */
export const damagedPage = (view: { readonly letterId: string; readonly name: string }, frame: Frame): VNode => {
  const words = frame.t.letter.damaged;
  return (
    <PostfachLayout
      frame={frame}
      at="inbox"
      title={words.title}
      error
      back={{ href: letterPath(view.letterId), label: frame.t.letter.reply.toLetter }}
    >
      <Alert tone="danger" title={words.title}>
        <p class="kern-body">{words.what({ name: view.name })}</p>
        <p class="kern-body">{words.todo}</p>
      </Alert>
      <ReferenceId page={frame.page} id={frame.page.referenceId} />
    </PostfachLayout>
  );
};
