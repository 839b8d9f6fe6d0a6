import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { SenderEvent } from '../../src/portal/mein-postfach/records/context.ts';
import { newLetterId, type Delivery } from '../../src/portal/mein-postfach/records/deliveries.ts';
import type { Mailbox } from '../../src/portal/mein-postfach/records/mailboxes.ts';
import { postfachMigrations } from '../../src/portal/mein-postfach/records/migrations.ts';
import { createRecords, type PostfachRecords } from '../../src/portal/mein-postfach/records/records.ts';
import type { PostfachTables } from '../../src/portal/mein-postfach/records/tables.ts';
import { searchTerms } from '../../src/portal/mein-postfach/letters/search-terms.ts';
import type { Database } from '../../src/storage/database.ts';

const office = { id: 'amt', authority: 'bayern', name: { de: 'Amt für Grün', en: 'Office of green' } };

export const deliveryOf = (more: Partial<Delivery> = {}): Delivery => ({
  letterId: newLetterId(Date.now()),
  sender: office,
  messageId: randomUUID(),
  level: 'low',
  service: 'Grünflächen',
  subject: 'Ihr Antrag',
  content: { type: 'html', body: '<p>Die Gebühr beträgt 5&nbsp;€.</p>' },
  reply: { allowed: true },
  attachments: [],
  deemedDelivery: { rule: 'none', days: 0 },
  providedAt: Date.now(),
  sha512: randomBytes(64).toString('hex'),
  receipt: { content: { letter: 'x' }, jws: 'a.b.c' },
  ...more,
});

/** What Mein Postfach's records do on every store. */
export const describeRecords = (
  start: () => Promise<{ open(): Promise<Database<PostfachTables>>; stop(): Promise<void> }>,
): void => {
  let stop: () => Promise<void>;
  let database: Database<PostfachTables>;
  let records: PostfachRecords;
  const told: SenderEvent[] = [];
  beforeAll(async () => {
    const place = await start();
    database = await place.open();
    stop = async () => {
      await database.close();
      await place.stop();
    };
    await database.migrate(postfachMigrations);
    records = createRecords(database, randomBytes(32), async (_trx, event) => void told.push(event));
  });
  afterAll(() => stop());

  const newMailbox = async (): Promise<Mailbox> => {
    const mailbox = await records.mailboxes.of(randomUUID());
    if (!mailbox) throw new Error('there is no mailbox');
    return mailbox;
  };
  const provide = async (mailbox: Mailbox, more: Partial<Delivery> = {}): Promise<string> => {
    const delivery = deliveryOf(more);
    expect(await records.deliveries.provide(mailbox, delivery)).toBe('provided');
    return delivery.letterId;
  };

  test('a mailbox is made once for a subject, whoever comes first', async () => {
    const subject = randomUUID();
    const boxes = await Promise.all(Array.from({ length: 5 }, () => records.mailboxes.of(subject)));
    expect(new Set(boxes.map((box) => box?.id)).size).toBe(1);
  });

  test('pages of a list hold every letter once, also of the same moment', async () => {
    const mailbox = await newMailbox();
    const ids = [];
    for (let i = 0; i < 7; i++) ids.push(await provide(mailbox, { providedAt: 1000 + Math.floor(i / 3) }));
    const seen: string[] = [];
    let after: string | undefined;
    do {
      const page = await records.letters.list(mailbox, 'high', {
        folder: 'inbox',
        limit: 2,
        ...(after === undefined ? {} : { after }),
      });
      seen.push(...page.letters.map(({ id }) => id));
      after = page.next;
    } while (after !== undefined);
    expect([...seen].sort()).toEqual([...ids].sort());
    const none = await records.letters.list(mailbox, 'high', { folder: 'inbox', limit: 2, after: "1' or 1=1" });
    expect(none.letters).toHaveLength(2);
  });

  test('marks, folders and counts', async () => {
    const mailbox = await newMailbox();
    const [one, two, three] = [await provide(mailbox), await provide(mailbox), await provide(mailbox)];
    await records.letters.open(mailbox, 'high', one);
    await records.letters.mark(mailbox, [two], { flagged: true });
    await records.letters.move(mailbox, [two], 'archive');
    await records.letters.trash(mailbox, [three]);
    await records.letters.move(mailbox, [three], 'archive');
    expect(await records.letters.counts(mailbox)).toEqual({ inbox: 1, archive: 1, trash: 1, unread: 0 });
    await records.letters.mark(mailbox, [one], { unread: true });
    expect((await records.letters.counts(mailbox)).unread).toBe(1);
    const flagged = await records.letters.list(mailbox, 'high', { folder: 'archive', flagged: true, limit: 10 });
    expect(flagged.letters.map(({ id }) => id)).toEqual([two]);
    expect(await records.letters.senders(mailbox)).toEqual([office]);
    expect(
      (await records.letters.list(mailbox, 'high', { folder: 'inbox', sender: 'other', limit: 9 })).letters,
    ).toEqual([]);
    expect(await records.letters.levelOf(one)).toBe('low');
  });

  test('one message id is one letter, and a letter is opened for the first time once', async () => {
    const mailbox = await newMailbox();
    const delivery = deliveryOf();
    const outcomes = await Promise.all(
      Array.from({ length: 5 }, () =>
        records.deliveries.provide(mailbox, { ...delivery, letterId: newLetterId(Date.now()) }),
      ),
    );
    expect(outcomes.sort()).toEqual(['provided', 'taken', 'taken', 'taken', 'taken']);
    expect(await records.deliveries.earlier('amt', delivery.messageId, delivery.sha512)).toMatchObject({
      same: true,
      receipt: delivery.receipt,
    });
    expect(await records.deliveries.earlier('amt', delivery.messageId, 'other')).toEqual({ same: false });
    expect(await records.deliveries.earlier('anderes', delivery.messageId, delivery.sha512)).toBeUndefined();
    const { letters } = await records.letters.list(mailbox, 'high', { folder: 'inbox', limit: 10 });
    const [{ id } = { id: '' }] = letters;
    await Promise.all(Array.from({ length: 5 }, () => records.letters.open(mailbox, 'low', id)));
    const types = (await records.journal.ofLetter(mailbox, id)).map(({ type }) => type);
    expect(types.filter((type) => type === 'opened')).toHaveLength(1);
  });

  test('the journal takes no change, of nobody', async () => {
    await provide(await newMailbox());
    await expect(database.query.updateTable('journal').set({ at: 0 }).execute()).rejects.toThrow(/append-only/);
  });

  test('consents are separate, and one of a kind is in force', async () => {
    const mailbox = await newMailbox();
    const given = await Promise.all(
      Array.from({ length: 3 }, () => records.consents.give(mailbox, 'bekanntgabe', '1')),
    );
    expect(given.filter((one) => one)).toHaveLength(1);
    expect(await records.consents.withdraw(mailbox, 'zustellung')).toBe(false);
    const withConsent = await provide(mailbox, {
      deemedDelivery: { rule: 'baydig_24', days: 3 },
      providedAt: Date.now(),
    });
    expect(await records.consents.withdraw(mailbox, 'bekanntgabe')).toBe(true);
    expect(await records.consents.give(mailbox, 'bekanntgabe', '2')).toBe(true);
    expect((await records.consents.all(mailbox)).map(({ wording }) => wording).sort()).toEqual(['1', '2']);
    expect((await records.journal.ofConsents(mailbox)).map(({ type }) => type)).toEqual([
      'consent_given',
      'consent_withdrawn',
      'consent_given',
    ]);
    await records.deliveries.noticeDispatched(withConsent, Date.UTC(2026, 10, 20, 12));
    await records.deliveries.noticeDispatched(withConsent, Date.UTC(2026, 10, 25, 12));
    expect(await records.letters.open(mailbox, 'high', withConsent)).toMatchObject({
      deemedDelivery: { rule: 'baydig_24', date: '2026-11-23', from: 'notice' },
    });
  });

  test('the search follows what comes and goes, and a snapshot never goes back', async () => {
    const mailbox = await newMailbox();
    const [one, two] = [await provide(mailbox), await provide(mailbox)];
    const first = await records.search.since(mailbox, 0, 10);
    expect(first.changes.map(({ letterId }) => letterId)).toEqual([one, two]);
    expect(first.changes[0]?.terms?.text).toEqual(expect.arrayContaining(searchTerms('Gebuehr', 'Antrag')));
    expect(first.changes[0]?.terms?.sender).toEqual(expect.arrayContaining(searchTerms('grün')));
    await records.letters.trash(mailbox, [one]);
    await records.letters.purge(mailbox, 'high', [one]);
    const later = await records.search.since(mailbox, first.version, 10);
    expect(later.changes).toEqual([{ letterId: one, terms: undefined }]);
    await records.search.saveSnapshot(mailbox, later.version, Buffer.from('new'));
    await records.search.saveSnapshot(mailbox, first.version, Buffer.from('old'));
    expect(await records.search.snapshot(mailbox)).toEqual({ version: later.version, index: Buffer.from('new') });
  });

  const moveAll = async (): Promise<void> => {
    for (const id of await records.joined.waiting(100)) while (await records.joined.moveSome(id, 2));
  };

  test('mailboxes that become one: everything moves, sealed anew, and keeps what it meant', async () => {
    const [closedSubject, keptSubject] = [randomUUID(), randomUUID()];
    const [closed, kept] = [await records.mailboxes.of(closedSubject), await records.mailboxes.of(keptSubject)];
    if (!closed || !kept) throw new Error('there are no mailboxes');
    const rude = { ...office, id: 'laut' };
    await records.consents.give(closed, 'bekanntgabe', 'v1');
    const file = { id: randomUUID(), key: randomBytes(32), name: 'a.pdf', type: 'application/pdf', length: 3 };
    const attachments = [{ ...file, sha512: '0'.repeat(128) }];
    const deemedDelivery = { rule: 'baydig_24', days: 3 } as const;
    const applicationId = randomUUID();
    const first = deliveryOf({ attachments, deemedDelivery, applicationId });
    expect(await records.deliveries.provide(closed, first)).toBe('provided');
    const more = [
      await provide(closed),
      await provide(closed, { sender: rude }),
      await provide(closed),
      await provide(closed),
    ];
    const own = await provide(kept, { deemedDelivery });
    await records.letters.open(closed, 'high', first.letterId);
    await records.replies.send(closed, 'high', first.letterId, 'Danke');
    const [gone = ''] = more;
    await records.letters.trash(closed, [gone]);
    await records.letters.purge(closed, 'high', [gone]);
    await records.blockedSenders.block(closed, 'laut');
    await records.consents.withdraw(closed, 'bekanntgabe');
    const status = { level: 'low', publicServiceName: 'Grün', senderName: 'Amt' } as const;
    const of = (statusId: string) => ({ sender: office, applicationId, statusId });
    const addStatus: PostfachRecords['applications']['addStatus'] = (...given) =>
      records.applications.addStatus(...given);
    await addStatus(closed, of('1'), { ...status, status: 'RECEIVED', createdAt: 1 }, 'h1');
    await addStatus(closed, of('3'), { ...status, status: 'COMPLETED', createdAt: 3 }, 'h3');
    await addStatus(kept, of('2'), { ...status, status: 'PROCESSING', createdAt: 2 }, 'h2');
    const elsewhere = { sender: office, applicationId: randomUUID(), statusId: '9' };
    await addStatus(closed, elsewhere, { ...status, status: 'RECEIVED', createdAt: 9 }, 'h9');

    const before = told.length;
    expect(await records.joined.join(closedSubject, keptSubject)).toBe('joined');
    expect(await records.joined.join(closedSubject, keptSubject)).toBe('nothing');
    expect(await records.mailboxes.of(closedSubject)).toBeUndefined();
    expect(await records.deliveries.provide(closed, deliveryOf())).toBe('moved');
    expect(await records.deliveries.provide(kept, deliveryOf({ sender: rude }))).toBe('gone');
    // Two nodes at the same time, in pieces.
    await Promise.all([moveAll(), moveAll()]);
    await moveAll();
    expect(told.slice(before)).toEqual([]);

    const { letters } = await records.letters.list(kept, 'high', { folder: 'inbox', limit: 50 });
    expect(new Set(letters.map(({ id }) => id))).toEqual(new Set([first.letterId, own, ...more.slice(1)]));
    const letter = await records.letters.open(kept, 'high', first.letterId);
    expect(letter).toMatchObject({
      content: first.content,
      files: [{ id: file.id, name: 'a.pdf' }],
      replies: [{ text: 'Danke' }],
      deemedDelivery: { rule: 'baydig_24', from: 'retrieval' },
    });
    expect(await records.letters.open(kept, 'high', own)).toMatchObject({ deemedDelivery: { rule: 'baydig_24' } });
    expect(
      ((await records.letters.open(kept, 'high', own)) as { deemedDelivery: object }).deemedDelivery,
    ).not.toHaveProperty('date');
    expect((await records.attachments.find(kept, 'high', first.letterId, file.id))?.key.equals(file.key)).toBe(true);
    expect((await records.journal.ofLetter(kept, first.letterId)).map(({ type }) => type)).toEqual(
      expect.arrayContaining(['provided', 'opened', 'replied']),
    );
    expect(await records.journal.ofLetter(closed, first.letterId)).toEqual([]);
    const { changes } = await records.search.since(kept, 0, 100);
    expect(changes.filter(({ terms }) => terms !== undefined)).toHaveLength(5);
    const list = await records.applications.list(kept, 'high', 10);
    expect(list.map((one) => one.applicationId).sort()).toEqual([applicationId, elsewhere.applicationId].sort());
    const id = (await records.applications.idOf(kept, 'bayern', applicationId)) ?? '';
    expect((await records.applications.find(kept, 'high', id))?.statuses.map((one) => one.createdAt)).toEqual([
      1, 2, 3,
    ]);
    expect((await addStatus(kept, of('1'), { ...status, status: 'RECEIVED', createdAt: 1 }, 'h1')).outcome).toBe(
      'repeated',
    );
    const withApplication = { folder: 'inbox', application: { authority: 'bayern', applicationId }, limit: 9 } as const;
    expect((await records.letters.list(kept, 'high', withApplication)).letters).toHaveLength(1);
    expect(
      (await records.letters.list(kept, 'high', { folder: 'inbox', sender: 'laut', limit: 9 })).letters,
    ).toHaveLength(1);
    // Its sender sees nothing of it: same receipt, same state, also of the one that was removed.
    expect(await records.deliveries.earlier('amt', first.messageId, first.sha512)).toEqual({
      same: true,
      receipt: first.receipt,
    });
    expect(await records.deliveries.state('amt', first.messageId)).toMatchObject({ deletedByCitizen: false });

    const row = await database.query.selectFrom('mailboxes').selectAll().where('id', '=', closed.id).executeTakeFirst();
    expect(row).toMatchObject({ data_key: null, joined_into: kept.id });
    for (const table of [
      'letters',
      'attachments',
      'replies',
      'search_entries',
      'mailbox_senders',
      'consents',
      'applications',
      'application_statuses',
    ] as const)
      expect(
        await database.query.selectFrom(table).select('mailbox_id').where('mailbox_id', '=', closed.id).execute(),
      ).toEqual([]);
  });

  test('mailboxes that become one after the other end up in the last; one that ended meanwhile takes them along', async () => {
    const subjects = [randomUUID(), randomUUID(), randomUUID()] as const;
    const [one, two, three] = [
      await records.mailboxes.of(subjects[0]),
      await records.mailboxes.of(subjects[1]),
      await records.mailboxes.of(subjects[2]),
    ];
    if (!one || !two || !three) throw new Error('there are no mailboxes');
    const ids = [await provide(one), await provide(two), await provide(three)];
    // Told in the other order.
    expect(await records.joined.join(subjects[1], subjects[2])).toBe('joined');
    expect(await records.joined.join(subjects[0], subjects[1])).toBe('joined');
    expect(await records.joined.join(subjects[2], subjects[0])).toBe('nothing');
    await moveAll();
    const { letters } = await records.letters.list(three, 'high', { folder: 'inbox', limit: 9 });
    expect(letters.map(({ id }) => id).sort()).toEqual([...ids].sort());
    const late = randomUUID();
    const last = await records.mailboxes.of(late);
    if (!last) throw new Error('there is no mailbox');
    const lost = await provide(last);
    expect(await records.joined.join(late, subjects[2])).toBe('joined');
    await records.mailboxes.purge(subjects[2], []);
    await moveAll();
    expect(await records.mailboxes.of(late)).toBeUndefined();
    expect(await records.mailboxes.purged(100)).toContain(last.id);
    await records.mailboxes.removeRows(last.id);
    expect(await records.letters.open(last, 'high', lost)).toBeUndefined();
    expect(await records.joined.join(randomUUID(), subjects[2])).toBe('nothing');
    const another = randomUUID();
    await records.mailboxes.of(another);
    expect(await records.joined.join(another, subjects[2])).toBe('gone');
  });

  test('the letters of the first of three find the last, also when those of the second have moved already', async () => {
    const subjects = [randomUUID(), randomUUID(), randomUUID()] as const;
    const boxes = [];
    for (const subject of subjects) boxes.push(await records.mailboxes.of(subject));
    const [one, two, three] = boxes;
    if (!one || !two || !three) throw new Error('there are no mailboxes');
    const ids = [await provide(one), await provide(two), await provide(three)];
    expect(await records.joined.join(subjects[0], subjects[1])).toBe('joined');
    expect(await records.joined.join(subjects[1], subjects[2])).toBe('joined');
    expect(await records.joined.join(subjects[2], subjects[0])).toBe('nothing');
    for (const id of [two.id, one.id]) while (await records.joined.moveSome(id, 1));
    const { letters } = await records.letters.list(three, 'high', { folder: 'inbox', limit: 9 });
    expect(letters.map(({ id }) => id).sort()).toEqual([...ids].sort());
    expect(await records.joined.waiting(100)).not.toContain(one.id);
  });

  test('an account that ends while letters move to it takes those along, and their senders are told', async () => {
    const subjects = [randomUUID(), randomUUID(), randomUUID()] as const;
    const boxes = [];
    for (const subject of subjects) boxes.push(await records.mailboxes.of(subject));
    const [one, two, three] = boxes;
    if (!one || !two || !three) throw new Error('there are no mailboxes');
    const deliveries = [deliveryOf(), deliveryOf(), deliveryOf()] as const;
    await records.deliveries.provide(one, deliveries[0]);
    await records.deliveries.provide(two, deliveries[1]);
    await records.deliveries.provide(three, deliveries[2]);
    expect(await records.joined.join(subjects[0], subjects[1])).toBe('joined');
    expect(await records.joined.join(subjects[1], subjects[2])).toBe('joined');
    while (await records.joined.moveSome(two.id, 9));
    told.length = 0;
    expect(await records.mailboxes.purge(subjects[2], ['amt'])).toBe(true);
    expect(told).toHaveLength(1);
    const { messageIds } = told[0] as { messageIds: readonly string[] };
    expect([...messageIds].sort()).toEqual(deliveries.map(({ messageId }) => messageId).sort());
    const keys = await database.query
      .selectFrom('mailboxes')
      .select('data_key')
      .where('id', 'in', [one.id, two.id, three.id])
      .execute();
    expect(keys.map((row) => row.data_key)).toEqual([null, null, null]);
    expect(await records.joined.moveSome(one.id, 9)).toBe(false);
    expect(await records.mailboxes.purged(100)).toContain(one.id);
  });

  test('one status that is told at the same moment is stored once; a blocked sender, a closed and a purged mailbox get none', async () => {
    const [subject, other] = [randomUUID(), randomUUID()];
    const [mailbox, kept] = [await records.mailboxes.of(subject), await records.mailboxes.of(other)];
    if (!mailbox || !kept) throw new Error('there are no mailboxes');
    const given = {
      level: 'low',
      publicServiceName: 'Grün',
      senderName: 'Amt',
      status: 'RECEIVED',
      createdAt: 1,
    } as const;
    const add = async (statusId: string, to = mailbox) => {
      const of = { sender: office, applicationId: randomUUID(), statusId };
      return (await records.applications.addStatus(to, of, given, 'h')).outcome;
    };
    const of = { sender: office, applicationId: randomUUID(), statusId: '1' };
    const outcomes = await Promise.all(
      Array.from({ length: 6 }, async () => (await records.applications.addStatus(mailbox, of, given, 'h')).outcome),
    );
    expect(outcomes.sort()).toEqual(['repeated', 'repeated', 'repeated', 'repeated', 'repeated', 'stored']);
    // Another one of the same application, from two nodes.
    const pair = await Promise.all(
      ['2', '3'].map(
        async (statusId) => (await records.applications.addStatus(kept, { ...of, statusId }, given, 'h')).outcome,
      ),
    );
    expect(pair).toEqual(['stored', 'stored']);
    expect(await records.applications.list(kept, 'high', 9)).toHaveLength(1);
    await provide(mailbox);
    await records.blockedSenders.block(mailbox, 'amt');
    expect(await add('4')).toBe('gone');
    await records.blockedSenders.unblock(mailbox, 'amt');
    expect(await add('5')).toBe('stored');
    await records.joined.join(subject, other);
    expect(await add('6')).toBe('moved');
    await records.mailboxes.purge(other, []);
    expect(await add('7', kept)).toBe('gone');
    // It never had a letter: its rows go all the same.
    expect(await records.mailboxes.purged(100)).toContain(kept.id);
    await records.mailboxes.removeRows(kept.id);
    expect(await records.mailboxes.purged(100)).not.toContain(kept.id);
    for (const table of ['applications', 'application_statuses', 'mailbox_senders'] as const)
      expect(
        await database.query.selectFrom(table).select('mailbox_id').where('mailbox_id', '=', kept.id).execute(),
      ).toEqual([]);
  });

  test('a purged mailbox opens to nobody, takes no letter and leaves no row but its name', async () => {
    const subject = randomUUID();
    const mailbox = await records.mailboxes.of(subject);
    if (!mailbox) throw new Error('there is no mailbox');
    const attachment = {
      id: randomUUID(),
      name: 'a.txt',
      type: 'text/plain',
      length: 1,
      sha512: '0',
      key: randomBytes(32),
    };
    const id = await provide(mailbox, { attachments: [attachment] });
    await records.replies.send(mailbox, 'high', id, 'Danke');
    told.length = 0;
    expect(await records.mailboxes.purge(subject, ['amt', 'anderes'])).toBe(true);
    expect(told).toMatchObject([{ type: 'account_deleted', senderId: 'amt' }]);
    expect(await records.mailboxes.of(subject)).toBeUndefined();
    expect(await records.deliveries.provide(mailbox, deliveryOf())).toBe('gone');
    expect(await records.mailboxes.purged(100)).toContain(mailbox.id);
    await records.mailboxes.removeRows(mailbox.id);
    expect(await records.mailboxes.purged(100)).not.toContain(mailbox.id);
    expect(await records.attachments.removals(100)).toContain(attachment.id);
    for (const table of ['letters', 'attachments', 'search_entries', 'mailbox_senders'] as const)
      expect(
        await database.query.selectFrom(table).select('mailbox_id').where('mailbox_id', '=', mailbox.id).execute(),
      ).toEqual([]);
    const { replies } = await records.replies.waiting('amt', undefined, 100);
    expect(replies.map(({ text }) => text)).toContain('Danke');
    expect(await records.mailboxes.of(subject)).toBeUndefined();
  });
};
