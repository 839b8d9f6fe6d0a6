import type { VNode } from 'preact';
import { Actions, Button, ButtonLink, Card } from '../../../../web/components/index.ts';
import type { LetterSummary } from '../../letters/letter.ts';
import { folderPath, paths } from '../paths.ts';
import { PostfachLayout, type Frame } from './frame.tsx';
import { LetterRow } from './letter-row.tsx';

/** Asks once more before letters are removed for good. */
export const purgePage = (view: { readonly letters: readonly LetterSummary[] }, frame: Frame): VNode => {
  const words = frame.t.purge;
  return (
    <PostfachLayout frame={frame} at="trash" title={words.title}>
      <Card>
        <p class="kern-body">{words.lead({ count: view.letters.length })}</p>
        <p class="kern-body">{words.advice}</p>
        <ul class="bid-rows bid-rows--plain" aria-label={frame.t.list.letters}>
          {view.letters.map((letter) => (
            <LetterRow key={letter.id} letter={letter} frame={frame} />
          ))}
        </ul>
        <form class="bid-form" method="post" action={paths.inbox}>
          <input type="hidden" name="csrf" value={frame.csrf} />
          <input type="hidden" name="zurueck" value={folderPath('trash')} />
          <input type="hidden" name="bestaetigt" value="1" />
          <input type="hidden" name="brief" value={view.letters.map(({ id }) => id).join(' ')} />
          <Actions>
            <Button name="aktion" value="loeschen" icon="delete">
              {words.button}
            </Button>
            <ButtonLink href={folderPath('trash')} weight="secondary">
              {words.back}
            </ButtonLink>
          </Actions>
        </form>
      </Card>
    </PostfachLayout>
  );
};
