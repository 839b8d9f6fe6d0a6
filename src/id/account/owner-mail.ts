import type { Locale } from '../../web/i18n/shape.ts';
import { mailAddress } from '../identity/mail-address.ts';
import type { MailMessage } from '../mail/mail.ts';
import type { MailOutbox } from '../mail/outbox.ts';
import type { Told } from '../mail/told.ts';
import { ownClientId } from '../oidc/own-client.ts';
import type { PutMail } from '../records/tell-owner.ts';
import type { NotMeLinks } from './not-me.ts';
import { paths } from './paths.ts';

export interface OwnerMailParts {
  readonly mail: Pick<MailOutbox, 'enqueue'>;
  readonly notMe: Pick<NotMeLinks, 'make'>;
  readonly issuer: string;
  /** What citizens know a service by; undefined for one that is unknown. */
  readonly serviceName: (clientId: string, locale: Locale) => string | undefined;
}

/** Mails to the owners of accounts, put into the outbox with what they tell. */
export const createOwnerMail = ({ mail, notMe, issuer, serviceName }: OwnerMailParts): PutMail => {
  // A login to an account that is leaving ends on the page that keeps it, and any login keeps one that was not used.
  const login = `${issuer}${paths.home}`;
  const messageOf = (told: Told, accountId: string): MailMessage => {
    switch (told.type) {
      case 'email_changed':
      case 'deletion_done':
      // What the operator did is no stranger's doing.
      case 'operator_locked':
      case 'operator_unlocked':
      case 'operator_logged_out':
        return told;
      case 'accounts_joined':
        return { type: told.type, at: told.at, denyLink: notMe.make(told.keptId) };
      case 'inactive':
        return { ...told, loginLink: login };
      case 'deletion_planned':
        return { ...told, undoLink: login, denyLink: notMe.make(accountId) };
      default:
        return { ...told, denyLink: notMe.make(accountId) };
    }
  };
  return async (trx, { accountId, email, locale }, told, clientId) => {
    const to = mailAddress(email);
    if (to === undefined) return;
    const service = clientId === undefined || clientId === ownClientId ? undefined : serviceName(clientId, locale);
    const message = messageOf(told, accountId);
    await mail.enqueue(trx, { to, locale, message, ...(service === undefined ? {} : { service }) });
  };
};
