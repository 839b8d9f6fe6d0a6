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

/** A record for each mail, by its number: two nodes that send at once take two numbers. */
const kind = 'DevelopmentMail';
/** The number of a late mail; the newest may be a few further, since nodes write it one after the other in any order. */
const counting = 'DevelopmentPostBox';
const mostKept = 50;
const keptFor = 7 * 24 * 3600;

export const createPostBox = <Message extends MailedMessage>(artifacts: Artifacts): PostBox<Message> => {
  const lateNumber = async (): Promise<number> =>
    Number((await artifacts.find(counting, 'late'))?.payload['number'] ?? 0);
  const read = async (number: number): Promise<PostedMail<Message> | undefined> =>
    (await artifacts.find(kind, String(number)))?.payload as unknown as PostedMail<Message> | undefined;

  const list = async (): Promise<readonly PostedMail<Message>[]> => {
    const late = await lateNumber();
    const numbers = Array.from({ length: Math.min(late, mostKept) }, (_, i) => late - i);
    const found = await Promise.all(numbers.map(read));
    for (let next = late + 1; ; next++) {
      const mail = await read(next);
      if (mail === undefined) break;
      found.unshift(mail);
    }
    const mails = found.filter((mail) => mail !== undefined).slice(0, mostKept);
    // Delivered once more after a crash: it is the same mail.
    return mails.filter(({ id }, i) => mails.findIndex((mail) => mail.id === id) === i);
  };

  const add = async (posted: PostedMail<Message>): Promise<void> => {
    const payload = posted as unknown as JsonObject;
    let number = (await lateNumber()) + 1;
    while (!(await artifacts.saveNew(kind, String(number), payload, { ttl: keptFor }))) number += 1;
    await artifacts.save(counting, 'late', { number }, { ttl: keptFor });
    if (number > mostKept) await artifacts.remove(kind, String(number - mostKept));
  };
  /** Mails of this node keep their order. */
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
