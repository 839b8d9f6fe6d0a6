import { mailAddress } from '../identity/mail-address.ts';
import type { MailMessage } from '../mail/mail.ts';
import type { MailOutbox } from '../mail/outbox.ts';
import type { Addressee, OwnerMail, TellOwner } from '../records/owner-mail.ts';
import type { NotMeLinks } from './not-me.ts';
import { paths } from './paths.ts';

/** Mails about the end of an account, put into the outbox with what they tell. */
export const createLifecycleMail = (mail: MailOutbox, notMe: NotMeLinks, issuer: string): TellOwner => {
  // A login to an account that is leaving ends on the page that keeps it, and any login keeps one that was not used.
  const login = `${issuer}${paths.home}`;
  const messageOf = (told: OwnerMail, { accountId }: Addressee): MailMessage => {
    switch (told.type) {
      case 'deletion_planned':
        return { type: 'deletion_planned', on: told.on, undoLink: login, denyLink: notMe.make(accountId) };
      case 'deletion_done':
        return { type: 'deletion_done' };
      case 'accounts_joined':
        return { type: 'accounts_joined', denyLink: notMe.make(told.keptId) };
      case 'inactive':
        return { type: 'inactive', months: told.months, deletedOn: told.deletedOn, loginLink: login };
    }
  };
  return async (trx, to, told) => {
    const address = mailAddress(to.email);
    if (address === undefined) return;
    await mail.enqueue(trx, { to: address, locale: to.locale, message: messageOf(told, to) });
  };
};
