import type { Artifacts, JsonObject } from '../storage/artifacts.ts';
import type { SendMail } from './delivery.ts';
import type { Mail, MailedMessage } from './mail.ts';

export interface PostedMail<Message extends MailedMessage> {
  readonly id: string;
  /** When it would have been sent, in ms since the epoch. */
  readonly at: number;
  readonly mail: Mail<Message>;
}

/** Where mails end on a developer's machine that names no mail server. It survives a restart, as sessions do. */
export interface PostBox<Message extends MailedMessage> {
  readonly send: SendMail<Message>;
  /** Newest first. */
  list(): Promise<readonly PostedMail<Message>[]>;
}

const kind = 'DevelopmentPostBox';
const mostKept = 50;
const keptFor = 7 * 24 * 3600;

export const createPostBox = <Message extends MailedMessage>(artifacts: Artifacts): PostBox<Message> => {
  const list = async (): Promise<readonly PostedMail<Message>[]> =>
    ((await artifacts.find(kind, 'all'))?.payload['mails'] ?? []) as unknown as readonly PostedMail<Message>[];
  const add = async (posted: PostedMail<Message>): Promise<void> => {
    // Delivered once more after a crash: it is the same mail.
    const others = (await list()).filter(({ id }) => id !== posted.id);
    const payload = { mails: [posted, ...others].slice(0, mostKept) } as unknown as JsonObject;
    await artifacts.save(kind, 'all', payload, { ttl: keptFor });
  };
  /** Mails that arrive at once are added one after the other. */
  let last: Promise<void> = Promise.resolve();
  return {
    list,
    send: (mail, { id }) => {
      const adding = last.then(() => add({ id, at: Date.now(), mail }));
      last = adding.catch(() => undefined);
      return adding;
    },
  };
};
