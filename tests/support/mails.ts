import type { TestApp } from './app.ts';

/** A mail as /entwickler/post tells it to programs. */
export interface ShownMail {
  readonly id: string;
  readonly at: string;
  readonly to: string;
  readonly locale: string;
  readonly type: string;
  readonly service?: string;
  readonly subject: string;
  readonly code?: string;
  readonly link?: string;
  readonly secondLink?: string;
  readonly denyLink?: string;
  readonly text: string;
}

/** The mails to an address, newest first, once all that was asked for has left. */
export const mailsTo = async (app: TestApp, to: string): Promise<readonly ShownMail[]> => {
  await app.app.id?.settled();
  await app.app.id?.journal.settled();
  // The operator's command line is another process: what it wrote is found at the next look.
  app.app.id?.mail.wake();
  await app.outboxEmpty();
  const query = new URLSearchParams({ format: 'json', to });
  const answer = await fetch(`${app.issuer}/entwickler/post?${query.toString()}`);
  if (!answer.ok) throw new Error(`the post box answers ${answer.status}`);
  return (await answer.json()) as ShownMail[];
};
