import { mailKind } from '../../src/mail/outbox.ts';
import type { TestApp } from './app.ts';

/** A mail as /entwickler/post?format=json shows it. */
export interface PostedMail {
  readonly to: string;
  readonly type: string;
  readonly locale: string;
  readonly service?: string;
  readonly subject: string;
  readonly code?: string;
  readonly link?: string;
  readonly secondLink?: string;
  readonly denyLink?: string;
  readonly text: string;
}

/** Every mail that was asked for until now, newest first; of one address, where that is given. */
export const post = async (app: TestApp, to?: string): Promise<PostedMail[]> => {
  await app.app.id?.settled();
  await app.app.id?.journal.settled();
  // What is due by a clock that was moved is looked for now.
  app.app.id?.mail.wake();
  // Services are told beside that, and when they refuse only after a while again.
  await app.outboxEmpty(mailKind);
  const query = new URLSearchParams({ format: 'json', ...(to === undefined ? {} : { to }) });
  return (await (await fetch(`${app.issuer}/entwickler/post?${query.toString()}`)).json()) as PostedMail[];
};

/**
 * The newest mail to an address; throws when there is none. That somebody logged in from a new device is told beside
 * whatever else is on its way, before or after it, so those are left out.
 */
export const mailTo = async (app: TestApp, to: string): Promise<PostedMail> => {
  const mail = (await post(app, to)).find(({ type }) => type !== 'new_device');
  if (!mail) throw new Error(`no mail to ${to}`);
  return mail;
};
