import type { Locale } from '../web/i18n/shape.ts';
import type { Citizen } from './identity/citizen.ts';
import { mailAddress } from './identity/mail-address.ts';
import type { MailMessage } from './mail/mail.ts';
import type { MailOutbox } from './mail/outbox.ts';

/** Tells the owner of an account what was done to it, by mail, as far as there is a confirmed address. */
export interface SecurityMails {
  passwordChanged(citizen: Citizen, locale: Locale): Promise<void>;
  passwordAdded(citizen: Citizen, locale: Locale): Promise<void>;
  /** @param left how many are still good. */
  recoveryCodeUsed(citizen: Citizen, locale: Locale, left: number): Promise<void>;
  /** To the old address, with a link that undoes it. */
  emailChanged(
    citizen: Citizen,
    locale: Locale,
    undo: { readonly link: string; readonly until: number },
  ): Promise<void>;
}

/** @param denyLink where somebody says that it was not them. */
export const createSecurityMails = (denyLink: (accountId: string) => string, mails: MailOutbox): SecurityMails => {
  const tell = async (citizen: Citizen, locale: Locale, message: MailMessage): Promise<void> => {
    const to = mailAddress(citizen.email ?? '');
    if (to) await mails.send({ to, locale: citizen.preferences.locale ?? locale, message });
  };
  const deny = ({ account }: Citizen): string => denyLink(account.id);
  return {
    passwordChanged: (citizen, locale) => tell(citizen, locale, { type: 'password_changed', denyLink: deny(citizen) }),
    passwordAdded: (citizen, locale) =>
      tell(citizen, locale, { type: 'means_added', means: 'password', denyLink: deny(citizen) }),
    recoveryCodeUsed: (citizen, locale, left) =>
      tell(citizen, locale, { type: 'recovery_code_used', left, denyLink: deny(citizen) }),
    emailChanged: (citizen, locale, { link, until }) =>
      tell(citizen, locale, { type: 'email_changed', undoUntil: until, denyLink: link }),
  };
};
