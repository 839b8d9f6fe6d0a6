import type { LetterRecords } from '../records/letters.ts';
import type { Visit } from './desk.ts';
import type { LetterAction } from './pages/letter-actions.tsx';
import { folderActions, type Done, type ListAction } from './pages/inbox-page.tsx';

const listActions: ReadonlySet<string> = new Set(Object.values(folderActions).flat());

export const isListAction = (text: string): text is ListAction => listActions.has(text);

export const isLetterAction = (text: string): text is LetterAction =>
  isListAction(text) || text === 'wichtig' || text === 'unwichtig';

/** Does with letters what was asked. Ids of other mailboxes are passed over. @returns what to say of it */
export const actOn = async (
  letters: LetterRecords,
  { mailbox, present }: Visit,
  ids: readonly string[],
  action: LetterAction,
): Promise<Done> => {
  switch (action) {
    case 'archivieren':
      await letters.move(mailbox, ids, 'archive');
      break;
    case 'eingang':
      await letters.move(mailbox, ids, 'inbox');
      break;
    case 'papierkorb':
      await letters.trash(mailbox, ids);
      break;
    case 'wiederherstellen':
      await letters.undelete(mailbox, ids);
      break;
    case 'gelesen':
    case 'ungelesen':
      await letters.mark(mailbox, ids, { unread: action === 'ungelesen' });
      break;
    case 'wichtig':
    case 'unwichtig':
      await letters.mark(mailbox, ids, { flagged: action === 'wichtig' });
      break;
    case 'loeschen':
      if ((await letters.purge(mailbox, present, ids)) < new Set(ids).size) return 'nichtGeloescht';
      break;
  }
  return action;
};
