import type { Mailbox } from '../records/mailboxes.ts';
import type { Citizen } from '../resolve.ts';
import type { Sender } from '../senders.ts';
import type { ApiParts } from './context.ts';
import { Problem } from './problems.ts';

/**
 * The mailbox that a handle leads to, before anything more is read of a request: whoever is blocked learns no more of it than
 * whoever has no handle.
 *
 * @throws Problem `mailbox_unknown`
 */
export const openRecipient = async (
  { resolve, records }: Pick<ApiParts, 'resolve' | 'records'>,
  handle: string,
  sender: Sender,
): Promise<{ readonly citizen: Citizen; readonly mailbox: Mailbox }> => {
  const citizen = await resolve(handle, sender.authority);
  const mailbox = citizen && (await records.mailboxes.of(citizen.sub));
  if (!citizen || !mailbox || (await records.blockedSenders.isBlocked(mailbox, sender.sender)))
    throw new Problem('mailbox_unknown');
  return { citizen, mailbox };
};

/** What a sender is told when a mailbox has closed while its request was read; where it moves, a second try arrives. */
export const refusedBy = (refusal: 'gone' | 'moved'): Problem =>
  refusal === 'gone' ? new Problem('mailbox_unknown') : new Problem('unavailable', { retryAfter: 1 });
