import { Button, ButtonLink, Card } from '../../../../web/components/index.ts';
import type { Letter } from '../../letters/letter.ts';
import { letterPath, paperPath } from '../paths.ts';
import type { Frame } from './frame.tsx';
import { folderActions, type ListAction } from './inbox-page.tsx';

export type LetterAction = ListAction | 'wichtig' | 'unwichtig';

/** What makes sense with an opened letter: it has been read. */
export const letterActions = ({ folder, flagged }: Pick<Letter, 'folder' | 'flagged'>): readonly LetterAction[] =>
  folder === 'trash'
    ? folderActions.trash
    : [
        ...folderActions[folder].filter((action) => action !== 'gelesen'),
        flagged ? ('unwichtig' as const) : ('wichtig' as const),
      ];

export const LetterActions = ({ letter, frame }: { letter: Letter; frame: Frame }) => {
  const { t } = frame;
  const label = (action: LetterAction): string =>
    action === 'wichtig' || action === 'unwichtig' ? t.letter[action] : t.list.actions[action];
  return (
    <Card id="was-tun" heading={t.letter.actions}>
      <form class="bid-form" method="post" action={letterPath(letter.id)}>
        <input type="hidden" name="csrf" value={frame.csrf} />
        <div class="bid-bulk__row">
          <ButtonLink href={paperPath(letter.id)} weight="secondary" icon="download">
            {t.letter.pdf}
          </ButtonLink>
          {letterActions(letter).map((action) => (
            <Button key={action} weight="secondary" name="aktion" value={action}>
              {label(action)}
            </Button>
          ))}
        </div>
      </form>
    </Card>
  );
};
