import { NotTaken, PermanentFailure } from '../../storage/outbox.ts';
import type { Fetch } from '../relying-party/provider.ts';
import type { ServiceToken } from './service-token.ts';

export interface MailboxSender {
  /**
   * Puts a letter or a status, under an id of its own: sent again, it is the same.
   *
   * @param path of the API, from the origin of Mein Postfach.
   * @param type of a body that does not name its own.
   * @throws PermanentFailure when Mein Postfach will never take it: its mailbox is closed to the sender, or it is not what the API asks for.
   * @throws NotTaken for every other answer. 404 is one: it knows no such address, so it is an older one or the origin is wrong, and both are mended.
   */
  put(path: string, body: string | FormData, type?: string): Promise<void>;
}

/** A module as a sender at the API of Mein Postfach. `timeout` in ms, for one request. */
export const createMailboxSender = (parts: {
  readonly meinPostfachOrigin: string;
  readonly token: ServiceToken;
  readonly fetch: Fetch;
  readonly timeout: number;
}): MailboxSender => ({
  async put(path, body, type) {
    const response = await parts.fetch(`${parts.meinPostfachOrigin}${path}`, {
      method: 'PUT',
      headers: {
        authorization: `Bearer ${await parts.token.get()}`,
        ...(type === undefined ? {} : { 'content-type': type }),
      },
      body,
      redirect: 'error',
      signal: AbortSignal.timeout(parts.timeout),
    });
    await response.body?.cancel();
    switch (response.status) {
      case 200:
      case 201:
      // It is there already: the process died before that was written down, and a PDF is another one now.
      case 409:
        return;
      case 401:
        parts.token.forget();
        throw new NotTaken('401');
      case 403:
      case 422:
        throw new PermanentFailure(`Mein Postfach answered ${response.status}`);
      default:
        throw new NotTaken(`Mein Postfach answered ${response.status}`);
    }
  },
});
