import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { MailAddress } from '../../src/mail/address.ts';
import { createPostBox, type PostBox } from '../../src/mail/post-box.ts';
import type { Stores } from '../../src/storage/open.ts';
import { describeIf, need } from '../support/lack.ts';
import { inPostgres, inRedis, inSqlite, type ExpiringStore } from './stores.ts';

interface Note {
  readonly type: string;
}

/** The developers' post box as two nodes have it. */
const describePostBox = (start: () => Promise<ExpiringStore>): void => {
  let store: ExpiringStore;
  let handles: Stores<unknown>[];
  let boxes: PostBox<Note>[];
  beforeAll(async () => {
    store = await start();
  });
  afterAll(() => store.stop());
  const open = async (): Promise<void> => {
    handles = await Promise.all([store.open(), store.open()]);
    boxes = handles.map(({ artifacts }) => createPostBox<Note>(artifacts));
  };
  afterEach(() => Promise.all(handles.map((handle) => handle.close())));

  const post = async (box: number, id: string): Promise<void> =>
    boxes[box]?.send(
      { to: `${id}@post.test` as MailAddress, locale: 'de', message: { type: id } },
      { id, attempt: 1, signal: new AbortController().signal },
    );
  const listed = async (box: number): Promise<string[] | undefined> => (await boxes[box]?.list())?.map(({ id }) => id);

  test('keeps every mail that two nodes send at once, the last fifty of them, and each once', async () => {
    await open();
    expect(await listed(0)).toEqual([]);
    const ids = Array.from({ length: 40 }, (_, i) => `mail-${i}`);
    await Promise.all(ids.map((id, i) => post(i % 2, id)));
    expect((await listed(0))?.toSorted()).toEqual(ids.toSorted());
    expect(await listed(1)).toEqual(await listed(0));

    await post(0, 'mail-after-a-crash');
    await post(1, 'mail-after-a-crash');
    const later = Array.from({ length: 30 }, (_, i) => `later-${i}`);
    for (const [i, id] of later.entries()) await post(i % 2, id);
    const newest = await listed(0);
    expect(newest?.slice(0, 31)).toEqual([...later.toReversed(), 'mail-after-a-crash']);
    expect(newest?.slice(31).every((id) => ids.includes(id))).toBe(true);
    expect(newest?.length).toBe(49);
  });
};

describe('the post box in SQLite', () => describePostBox(inSqlite));

describeIf(need('postgres'), 'the post box in PostgreSQL', () => describePostBox(inPostgres));

describeIf(need('redis-server'), 'the post box in Redis', () => describePostBox(inRedis));
