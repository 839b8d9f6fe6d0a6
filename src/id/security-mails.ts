import type { Locale } from '../web/i18n/shape.ts';
import type { Citizen } from './identity/citizen.ts';
import { mailAddress } from './identity/mail-address.ts';
import type { MailMessage } from './mail/mail.ts';
import type { MailOutbox } from './mail/outbox.ts';

/** Tells the owner of an account what was done to it, by mail, as far as there is a confirmed address. */
export interface SecurityMails {
  passwordChanged(citizen: Citizen, locale: Locale): Promise<void>;
  /** @param left how many are still good. */
  recoveryCodeUsed(citizen: Citizen, locale: Locale, left: number): Promise<void>;
  /** To the old address, with a link that undoes it. */
  emailChanged(
    citizen: Citizen,
    locale: Locale,
    undo: { readonly link: string; readonly until: number },
  ): Promise<void>;
}

export const createSecurityMails = (issuer: string, mails: MailOutbox): SecurityMails => {
  /** A new password ends all sessions, also a thief's; it takes the mailbox, and the second factor or card besides. */
  const denyLink = `${issuer}/passwort-vergessen`;
  const tell = async (citizen: Citizen, locale: Locale, message: MailMessage): Promise<void> => {
    const to = mailAddress(citizen.email ?? '');
    if (to) await mails.send({ to, locale: citizen.preferences.locale ?? locale, message });
  };
  return {
    passwordChanged: (citizen, locale) => tell(citizen, locale, { type: 'password_changed', denyLink }),
    recoveryCodeUsed: (citizen, locale, left) => tell(citizen, locale, { type: 'recovery_code_used', left, denyLink }),
    emailChanged: (citizen, locale, { link, until }) =>
      tell(citizen, locale, { type: 'email_changed', undoUntil: until, denyLink: link }),
  };
};
