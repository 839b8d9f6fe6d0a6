import { readFileSync } from 'node:fs';
import { createTransport } from 'nodemailer';
import { errorFields, type Log } from '../web/log.ts';
import { PermanentFailure } from '../storage/outbox.ts';
import type { SendMail } from './delivery.ts';
import type { MailedMessage, MailWriting } from './mail.ts';
import { renderMail } from './render.tsx';
import type { SmtpSettings } from './settings.ts';

/** What nodemailer knows of a try that failed. Its message quotes the server's answer, and that the recipient: never logged. */
interface SmtpError {
  readonly code?: string;
  /** Of the system or of TLS, where that was the cause. */
  readonly originalCode?: string;
  readonly responseCode?: number;
  readonly response?: string;
  readonly command?: string;
}

class MailNotSent extends Error {
  override readonly name = 'MailNotSent';
}

/**
 * Whether the server said for good that this mail does not arrive. Only an answer about the recipient or the mail counts
 * (RFC 3463: 5.1, 5.2, 5.6; without such a code, RFC 5321's 550 to 554 at RCPT TO or after DATA). A server that does not
 * know us, wants another password or refuses by policy (5.7) says nothing about the recipient: the operator can put that
 * right while the mail waits.
 */
export const isRefusedForGood = ({ responseCode = 0, response = '', command = '' }: SmtpError): boolean => {
  if (responseCode < 500 || !['RCPT TO', 'DATA'].includes(command)) return false;
  const enhanced = /^5\d\d[ -](\d\.\d{1,3})\.\d{1,3}\b/.exec(response)?.[1];
  return enhanced === undefined ? responseCode >= 550 && responseCode <= 554 : /^5\.[126]$/.test(enhanced);
};

/**
 * Sends each mail over a connection of its own to the mail server that the settings name, never without the TLS that they
 * ask for.
 *
 * @throws when the file of the authority cannot be read.
 */
export const createSmtp = <Message extends MailedMessage>(
  settings: SmtpSettings,
  { origin, writing, log }: { readonly origin: string; readonly writing: MailWriting<Message>; readonly log: Log },
): SendMail<Message> => {
  const { host, port, tls, ca_file: caFile, username, password, from } = settings;
  const greeting = settings.connection_timeout * 1000;
  const transport = createTransport(
    {
      host,
      port,
      secure: tls === 'implicit',
      requireTLS: tls === 'starttls',
      ignoreTLS: tls === 'none',
      tls: { minVersion: 'TLSv1.2', ...(caFile === undefined ? {} : { ca: readFileSync(caFile, 'utf8') }) },
      ...(username === undefined || password === undefined ? {} : { auth: { user: username, pass: password } }),
      name: new URL(origin).hostname,
      connectionTimeout: greeting,
      greetingTimeout: greeting,
      dnsTimeout: greeting,
      socketTimeout: settings.timeout * 1000,
      disableFileAccess: true,
      disableUrlAccess: true,
    },
    {
      from: { name: from.name, address: from.address },
      xMailer: false,
    },
  );
  const domain = from.address.slice(from.address.indexOf('@') + 1);

  return async (mail, { id, attempt, signal }) => {
    const { subject, text, html } = renderMail(writing.contentOf(mail));
    // An object, never text that would be parsed: one mailbox, whatever stands in it (RG-10).
    const recipient = { name: '', address: mail.to };
    try {
      await transport.sendMail({
        to: recipient,
        envelope: { from: { name: '', address: from.address }, to: recipient },
        subject,
        text,
        html,
        // The same at each try, so that a mail that was taken twice can be told.
        messageId: `<${id}@${domain}>`,
        headers: {
          // RFC 3834: nothing answers by itself.
          'Auto-Submitted': 'auto-generated',
          'X-Auto-Response-Suppress': 'All',
          'Content-Language': mail.locale,
        },
        signal,
      });
    } catch (error) {
      const { code, originalCode, responseCode } = error as SmtpError;
      log.warn('mail_not_sent', {
        kind: mail.message.type,
        referenceId: id,
        attempt,
        host,
        port,
        status: responseCode,
        code,
        cause: originalCode,
        ...(code === undefined ? errorFields(error) : {}),
      });
      if (isRefusedForGood(error as SmtpError)) throw new PermanentFailure('The mail server refused the mail for good');
      throw new MailNotSent('The mail server did not take the mail');
    }
  };
};
