import type { Holder } from '../../../web/overload/rank-of.ts';
import { createMarkedSecrets } from '../../relying-party/marked-secret.ts';
import { payPath } from './paths.ts';

/**
 * Ids of the pages for paying. They carry our mark, as cookies do: whoever pays has no session, and comes back from the provider in the middle of it.
 * That there is such a payment says the store alone.
 */
export interface PageIds {
  create(): string;
  /** Who is at an address, where it has a mark that we made while the payment could still be open. */
  holderAt(url: string): Holder | undefined;
}

const form = new RegExp(`^${payPath('')}([\\w-]{43})(?=[/?]|$)`);
const binding = 'payment page';

/**
 * @param key of 32 bytes, for this purpose alone
 * @param life how long a payment is open, in seconds
 */
export const createPageIds = (key: Buffer, life: number): PageIds => {
  const marks = createMarkedSecrets(key);
  return {
    create: () => marks.create(binding),
    holderAt(url) {
      const [, id = ''] = form.exec(url) ?? [];
      const madeAt = marks.madeAt(id, binding);
      return madeAt !== undefined && Date.now() - madeAt < life * 1000 ? { rank: 'under_way', id } : undefined;
    },
  };
};
