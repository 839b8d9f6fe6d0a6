import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';

/** Asks one server by a connection of its own, once. */
export const asking = async <Answer>(
  { url }: { readonly url: string },
  ask: (client: Redis) => Promise<Answer>,
): Promise<Answer> => {
  const client = new Redis(url, { maxRetriesPerRequest: 0, retryStrategy: () => null, lazyConnect: true });
  client.on('error', () => {});
  try {
    await client.connect();
    return await ask(client);
  } finally {
    client.disconnect();
  }
};

/** Resolves when it holds; that nobody answers is not yet. */
export const until = async (holds: () => Promise<boolean>): Promise<void> => {
  while (!(await holds().catch(() => false))) await pause(50);
};
