import type { Locale } from '../../web/i18n/shape.ts';
import type { Background } from '../background.ts';
import type { Journal } from '../audit/journal.ts';
import type { MailLimits } from '../authentication/email/mail-limits.ts';
import type { ResetTickets } from '../authentication/password/reset-tickets.ts';
import { mailAddress } from '../identity/mail-address.ts';
import type { CitizenRepository } from '../identity/repository.ts';
import type { MailOutbox } from '../mail/outbox.ts';

export interface ResetRequestParts {
  readonly issuer: string;
  readonly citizens: Pick<CitizenRepository, 'findByLoginName'>;
  readonly tickets: ResetTickets;
  readonly limits: MailLimits;
  readonly mails: MailOutbox;
  readonly journal: Journal;
  readonly background: Background;
}

/** Asks for a link, for whatever name was typed. Says nothing about what becomes of it. @throws StorageUnavailable when no mail could be written down now. */
export type RequestReset = (
  typed: string,
  about: { readonly address: string; readonly locale: Locale; readonly referenceId: string; readonly from?: string },
) => Promise<void>;

/**
 * All of it happens once the answer is on its way, so the answer is the same for everybody in words, headers and time:
 * for a name that nobody has, for a locked account and for one that was asked for too often (PW-03).
 */
export const createRequestReset =
  ({ issuer, citizens, tickets, limits, mails, journal, background }: ResetRequestParts): RequestReset =>
  (typed, { address, locale, referenceId, from }) =>
    background.run('reset_mail_failed', async (insist) => {
      const known = (await insist(() => citizens.findByLoginName(typed)))?.citizen;
      // To the confirmed address alone, in its stored form, and counted by it whatever name was typed.
      const to = known?.email === undefined ? undefined : mailAddress(known.email);
      if ((await limits.take(to ?? typed, address)) !== undefined) return;
      if (!known || to === undefined || known.account.state !== 'active') return;
      const { token, validUntil } = await tickets.issue({
        account: { id: known.account.id, epoch: known.account.epoch },
        ...(from === undefined ? {} : { from }),
      });
      journal.record({ type: 'recovery.requested', accountId: known.account.id, referenceId });
      const link = `${issuer}/passwort-vergessen/${token}`;
      const message = { type: 'password_reset', link, validUntil } as const;
      await insist(() => mails.send({ to, locale: known.preferences.locale ?? locale, message }));
    });
