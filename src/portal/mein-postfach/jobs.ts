import type { PolledTask } from '../../web/polling.ts';
import type { FileStore } from './attachments/store.ts';
import { before } from './letters/retention.ts';
import type { PostfachRecords } from './records/records.ts';
import type { MeinPostfachSettings } from './settings.ts';

/** How many rows go in one transaction. */
const batch = 100;

/** Moves what is left of mailboxes whose accounts became one with others. */
export const moveJoined = async ({ joined }: Pick<PostfachRecords, 'joined'>): Promise<void> => {
  for (;;) {
    const boxes = await joined.waiting(batch);
    for (const id of boxes) while (await joined.moveSome(id, batch));
    if (boxes.length < batch) return;
  }
};

/** A file that belongs to no letter after this time (ms) was left by a delivery that broke off. */
const orphanAge = 24 * 3600_000;

/**
 * What is done every hour: ends what is over. Each step may run on several nodes at once and as often as one likes.
 *
 * @returns tasks that do not keep each other from their work.
 */
export const postfachJobs = (
  records: PostfachRecords,
  store: FileStore,
  retention: MeinPostfachSettings['retention'],
): PolledTask[] => {
  const emptyTrash = async (): Promise<void> => {
    const over = before(Date.now(), retention.trash);
    while ((await records.letters.purgeTrash(over, batch)) === batch);
  };

  const clearPurged = async (): Promise<void> => {
    for (;;) {
      const boxes = await records.mailboxes.purged(batch);
      for (const id of boxes) await records.mailboxes.removeRows(id);
      if (boxes.length < batch) return;
    }
  };

  const removeFiles = async (): Promise<void> => {
    for (;;) {
      const ids = await records.attachments.removals(batch);
      for (const id of ids) await store.remove(id);
      await records.attachments.removed(ids);
      if (ids.length < batch) return;
    }
  };

  const removeOrphans = async (): Promise<void> => {
    const check = async (ids: readonly string[]): Promise<void> => {
      const known = await records.attachments.known(ids);
      for (const id of ids) if (!known.has(id)) await store.remove(id);
    };
    let waiting: string[] = [];
    for await (const { id, writtenAt } of store.list()) {
      if (writtenAt > Date.now() - orphanAge) continue;
      waiting.push(id);
      if (waiting.length === batch) {
        await check(waiting);
        waiting = [];
      }
    }
    await check(waiting);
  };

  return [
    async () => {
      await emptyTrash();
      await clearPurged();
      // Files go after their rows, never before.
      await removeFiles();
      await removeOrphans();
    },
    () => records.replies.purge(before(Date.now(), retention.replies)),
    () => records.journal.purge(before(Date.now(), retention.journal)),
  ];
};
