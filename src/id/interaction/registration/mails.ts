import type { Locale } from '../../../web/i18n/shape.ts';
import type { Background } from '../../background.ts';
import type { IssuedCode } from '../../authentication/email/codes.ts';
import { mailAddress, type MailAddress } from '../../identity/mail-address.ts';
import type { CitizenRepository } from '../../identity/repository.ts';
import type { MailOutbox } from '../../mail/outbox.ts';

export interface RegistrationMailParts {
  readonly issuer: string;
  readonly citizens: Pick<CitizenRepository, 'findByLoginName'>;
  readonly mails: MailOutbox;
  readonly background: Background;
}

/**
 * Sends the code, or, to an address that has an account, a mail that says so. Whether there is one is looked up once the
 * answer is on its way: neither its words nor its time can tell (PW-01, PW-02).
 *
 * @throws StorageUnavailable when no mail could be written down now.
 */
export type SendRegistrationCode = (
  to: MailAddress,
  code: IssuedCode,
  about: { readonly link: string; readonly locale: Locale; readonly service: string },
) => Promise<void>;

export const createSendRegistrationCode =
  ({ issuer, citizens, mails, background }: RegistrationMailParts): SendRegistrationCode =>
  (to, { code, validUntil }, { link, locale, service }) =>
    background.run('registration_mail_failed', async (insist) => {
      const known = (await insist(() => citizens.findByLoginName(to)))?.citizen;
      if (!known) {
        const message = { type: 'registration_code', code, link, validUntil } as const;
        await insist(() => mails.send({ to, locale, service, message }));
        return;
      }
      // To the address as it was confirmed, whatever look-alike was typed now (RG-11).
      const stored = mailAddress(known.email ?? '');
      if (!stored) return;
      const message = {
        type: 'registration_known',
        loginLink: `${issuer}/konto`,
        resetLink: `${issuer}/passwort-vergessen`,
      } as const;
      await insist(() => mails.send({ to: stored, locale: known.preferences.locale ?? locale, service, message }));
    });
