import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createFolderStore } from '../../src/portal/mein-postfach/attachments/folder.ts';
import { openFile } from '../../src/portal/mein-postfach/attachments/sealed-stream.ts';
import { createRecords } from '../../src/portal/mein-postfach/records/records.ts';
import type { PostfachTables } from '../../src/portal/mein-postfach/records/tables.ts';
import { openDatabase } from '../../src/storage/database.ts';
import { erika } from '../support/journey.ts';
import {
  declared,
  letterTo,
  newId,
  sha512,
  startPostfach,
  type PostfachWorld,
  type TestFile,
  type TestSender,
} from '../support/postfach.ts';
import { endAll, freshCheckout, run, type Run } from '../support/process.ts';

let checkout: ReturnType<typeof freshCheckout>;
let world: PostfachWorld;
let sender: TestSender;
let running: Run;
const runs: Run[] = [];

const start = async ({ data, env }: Pick<PostfachWorld['app'], 'data' | 'env'>): Promise<void> => {
  const cli = join(checkout.directory, 'dist', 'cli.js');
  const args = ['--disable-warning=ExperimentalWarning', cli, 'serve', 'mein-postfach'];
  running = run(process.execPath, args, { cwd: data, env: { ...env, NODE_ENV: undefined } });
  runs.push(running);
  await running.says('started');
};

beforeAll(async () => {
  checkout = freshCheckout();
  const build = run('npm', ['exec', '--', 'tsc', '--noCheck'], { cwd: checkout.directory });
  runs.push(build);
  expect(await build.ended).toBe(0);
  world = await startPostfach({ without: ['mein-postfach'] }, start);
  sender = await world.sender('amt');
});
afterAll(async () => {
  await endAll(runs);
  await world.stop();
  checkout.remove();
});

interface Sent {
  readonly id: string;
  readonly letter: Record<string, unknown>;
  readonly file: TestFile;
}

test('RL-04: kill -9 in the middle of deliveries: every receipt has its letter with its attachment, and none stands twice', async () => {
  const handle = await sender.handleOf(erika);
  const make = (): Sent => {
    const content = Buffer.from(randomBytes(60_000).toString('base64'));
    const file = { name: 'a.txt', type: 'text/plain', content };
    return { id: newId(), letter: letterTo(handle, { attachments: declared([file]) }), file };
  };
  const receipts = new Map<string, string>();
  const sent: Sent[] = [];
  const send = async (one: Sent): Promise<boolean> => {
    const answer = await sender.deliver(one.id, one.letter, [one.file]).catch(() => undefined);
    if (answer === undefined || answer.status > 201) return false;
    const letter = String(answer.body['letter']);
    expect([one.id, receipts.get(one.id) ?? letter]).toEqual([one.id, letter]);
    receipts.set(one.id, letter);
    return true;
  };
  // The file of the sender comes into force while the server runs.
  const first = make();
  sent.push(first);
  while (!(await send(first)));

  for (let round = 0; round < 5; round++) {
    const enough = receipts.size + 12 + round;
    let killed = false;
    const worker = async (): Promise<void> => {
      while (!killed) {
        const one = make();
        sent.push(one);
        await send(one);
        if (receipts.size >= enough && !killed) {
          killed = true;
          running.child.kill('SIGKILL');
        }
      }
    };
    await Promise.all(Array.from({ length: 6 }, worker));
    await running.ended;
    await start(world.app);
  }
  const unanswered = sent.filter(({ id }) => !receipts.has(id));
  // Whoever got no answer sends again, as the API asks.
  for (const one of [...unanswered, ...sent.slice(0, 20)]) expect(await send(one)).toBe(true);
  running.child.kill('SIGTERM');
  await running.ended;

  const folder = join(world.app.data, 'data');
  const key = Buffer.from(readFileSync(join(folder, 'secrets', 'mein-postfach.key'), 'utf8').trim(), 'base64url');
  const database = await openDatabase<PostfachTables>({ file: join(folder, 'mein-postfach.sqlite') });
  const records = createRecords(database, key, async () => {});
  const store = createFolderStore(join(folder, 'mein-postfach-attachments'));
  const { 'bayern/mein-postfach': subject = '' } = await world.app.subjects(erika.login);
  const mailbox = await records.mailboxes.of(subject);
  if (!mailbox) throw new Error('there is no mailbox');
  const { letters } = await records.letters.list(mailbox, 'high', { folder: 'inbox', limit: 10_000 });
  expect(letters.map(({ id }) => id).sort()).toEqual([...receipts.values()].sort());
  expect(receipts.size).toBe(sent.length);
  const byLetter = new Map(sent.map((one) => [receipts.get(one.id), one]));
  for (const { id } of letters) {
    const opened = await records.letters.open(mailbox, 'high', id);
    if (opened === undefined || opened === 'above') throw new Error('the letter does not open');
    const [attachment] = opened.files;
    const file = await records.attachments.find(mailbox, 'high', id, attachment?.id ?? '');
    if (!file) throw new Error('the attachment is not there');
    const opening = openFile(store, { id: file.attachment.id, key: file.key, length: file.attachment.length });
    expect(sha512(await buffer(Readable.from(opening.content())))).toBe(
      sha512(byLetter.get(id)?.file.content ?? Buffer.alloc(0)),
    );
  }
  await database.close();
  // A kill that met nothing in flight would prove nothing.
  expect(unanswered.length).toBeGreaterThan(0);
});
