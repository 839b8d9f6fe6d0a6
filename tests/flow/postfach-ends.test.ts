import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { createRemoteJWKSet, jwtVerify, type JWTPayload } from 'jose';
import { resetClock, shiftClock } from '../support/clock.ts';
import { erika, max } from '../support/journey.ts';
import { declared, letterTo, newId, startPostfach, type PostfachWorld, type TestSender } from '../support/postfach.ts';

const day = 86_400_000;

let world: PostfachWorld;
let sender: TestSender;
let server: Server;
/** What the sender's webhook got, each checked against the published keys. */
const events: JWTPayload[] = [];
/** How the webhook answers from now on. */
let webhook = 204;

beforeAll(async () => {
  server = createServer((request, response) => {
    void (async () => {
      const body = await text(request);
      const keys = createRemoteJWKSet(new URL(`${world.app.postfach}/api/jwks.json`));
      const { payload } = await jwtVerify(body, keys, {
        issuer: world.app.postfach,
        audience: 'amt',
        typ: 'postfach-event+jwt',
      });
      events.push(payload);
      response.writeHead(webhook).end();
    })();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  world = await startPostfach();
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  sender = await world.sender('amt', { file: { webhook_uri: address } });
});
afterAll(async () => {
  await world.stop();
  server.closeAllConnections();
  server.close();
});
afterEach(() => resetClock());

const until = async (holds: () => boolean | Promise<boolean>): Promise<void> => {
  while (!(await holds())) await new Promise((resolve) => setImmediate(resolve));
};

const files = (): string[] => {
  const folder = join(world.app.data, 'data', 'mein-postfach-attachments');
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) =>
    entry.isFile() ? [entry.name] : [],
  );
};

const file = { name: 'a.txt', type: 'text/plain', content: Buffer.from('Text') };

test('a sender is told, by a signed token, that a letter was opened and answered, once each', async () => {
  const id = newId();
  const { body } = await sender.deliver(id, letterTo(await sender.handleOf(erika), { reply: { allowed: true } }));
  const mailbox = await world.mailboxOf(erika.login);
  const { letters, replies } = world.postfach.records;
  await letters.open(mailbox, 'high', String(body['letter']));
  await letters.open(mailbox, 'high', String(body['letter']));
  await replies.send(mailbox, 'high', String(body['letter']), 'Danke');
  world.postfach.wake();
  await until(() => events.length >= 2);
  expect(events.map(({ event, message_id: message }) => `${String(event)} ${String(message)}`).sort()).toEqual([
    `letter_opened ${id}`,
    `letter_replied ${id}`,
  ]);
  expect(JSON.stringify(events)).not.toMatch(/Danke|erika|Hundesteuer/i);
});

test('the trash gives a letter back for 30 days, then it goes with its files and leaves its state', async () => {
  const id = newId();
  const attachments = declared([file]);
  const { body } = await sender.deliver(id, letterTo(await sender.handleOf(erika), { attachments }), [file]);
  const letterId = String(body['letter']);
  const mailbox = await world.mailboxOf(erika.login);
  const { letters, search, journal } = world.postfach.records;
  expect(files()).toHaveLength(1);
  await letters.move(mailbox, [letterId], 'archive');
  await letters.trash(mailbox, [letterId]);
  shiftClock(29 * day);
  await world.postfach.runJobs();
  expect(await letters.undelete(mailbox, [letterId])).toBe(1);
  expect((await letters.summaries(mailbox, 'high', [letterId]))[0]?.folder).toBe('archive');
  await letters.trash(mailbox, [letterId]);
  shiftClock(31 * day);
  await world.postfach.runJobs();
  resetClock();
  expect(await letters.undelete(mailbox, [letterId])).toBe(0);
  expect(await letters.open(mailbox, 'high', letterId)).toBeUndefined();
  expect(files()).toEqual([]);
  const { changes } = await search.since(mailbox, 0, 1000);
  expect(changes.find((one) => one.letterId === letterId)?.terms).toBeUndefined();
  expect((await journal.ofLetter(mailbox, letterId)).map(({ type }) => type)).toContain('deleted');
  expect((await sender.call('GET', `/api/letters/${id}`)).body).toMatchObject({ deleted_by_citizen: true });
  const again = await sender.deliver(id, letterTo(await sender.handleOf(erika), { attachments }), [file]);
  expect([again.status, again.body['letter']]).toEqual([200, letterId]);
});

test('MB-10: a letter that needs more than the login is not removed by it', async () => {
  const { body } = await sender.deliver(newId(), letterTo(await sender.handleOf(erika), { level: 'high' }));
  const mailbox = await world.mailboxOf(erika.login);
  const { letters } = world.postfach.records;
  await letters.trash(mailbox, [String(body['letter'])]);
  expect(await letters.purge(mailbox, 'low', [String(body['letter'])])).toBe(0);
  expect(await letters.purge(mailbox, 'high', [String(body['letter'])])).toBe(1);
});

test('files of deliveries that broke off go after a day, never sooner', async () => {
  const folder = join(world.app.data, 'data', 'mein-postfach-attachments');
  const { createFolderStore } = await import('../../src/portal/mein-postfach/attachments/folder.ts');
  const orphan = newId();
  await createFolderStore(folder).write(
    orphan,
    (async function* () {
      yield Buffer.from('left');
    })(),
  );
  await world.postfach.runJobs();
  expect(files()).toContain(orphan);
  shiftClock(2 * day);
  await world.postfach.runJobs();
  expect(files()).not.toContain(orphan);
});

test('an account that ends takes the key of its mailbox along; its senders are told, and nothing is left', async () => {
  const id = newId();
  const handle = await sender.handleOf(max);
  const letter = letterTo(handle, { attachments: declared([file]) });
  await sender.deliver(id, letter, [file]);
  const mailbox = await world.mailboxOf(max.login);
  const { 'bayern/mein-postfach': subject = '' } = await world.app.subjects(max.login);
  const { app } = world.app;
  const account = (await world.app.citizen(max.login))?.account;
  if (!app.id || !account) throw new Error('there is no account');
  events.length = 0;
  await app.id.lifecycle.planDeletion(account, Date.now() - 1, []);
  await app.id.runAccountJobs();
  await app.id.poll();
  const { records } = world.postfach;
  await until(async () => (await records.mailboxes.of(subject)) === undefined);
  await until(() => events.length > 0);
  expect(events).toMatchObject([{ event: 'account_deleted', message_ids: [id] }]);
  expect((await sender.call('GET', `/api/letters/${id}`)).status).toBe(404);
  expect((await sender.deliver(newId(), letter, [file])).body['code']).toBe('mailbox_unknown');
  expect((await sender.deliver(id, letter, [file])).body['code']).toBe('mailbox_unknown');
  await world.postfach.runJobs();
  expect(files()).toEqual([]);
  expect((await records.letters.list(mailbox, 'high', { folder: 'inbox', limit: 10 })).letters).toEqual([]);
  expect(await records.mailboxes.purge(subject, ['amt'])).toBe(false);
});
