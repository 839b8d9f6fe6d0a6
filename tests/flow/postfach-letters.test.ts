import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createRemoteJWKSet, compactVerify, decodeProtectedHeader } from 'jose';
import type { Level } from '../../src/assurance/levels.ts';
import type { Mailbox } from '../../src/portal/mein-postfach/records/mailboxes.ts';
import type { PostfachRecords } from '../../src/portal/mein-postfach/records/records.ts';
import { buffer } from 'node:stream/consumers';
import { erika, max } from '../support/journey.ts';
import {
  declared,
  letterTo,
  newId,
  sha512,
  startPostfach,
  type PostfachWorld,
  type TestSender,
} from '../support/postfach.ts';

let world: PostfachWorld;
let sender: TestSender;
let handle: string;
let records: PostfachRecords;

beforeAll(async () => {
  world = await startPostfach();
  sender = await world.sender('steueramt', { file: { deemed_delivery: { rule: 'ozg_9' } } });
  handle = await sender.handleOf(erika);
  await world.giveEmail(erika.login);
  records = world.postfach.records;
});
afterAll(() => world.stop());

const mailboxOf = ({ login }: { login: string }): Promise<Mailbox> => world.mailboxOf(login);

const inbox = async (present: Level = 'high') =>
  (await records.letters.list(await mailboxOf(erika), present, { folder: 'inbox', limit: 100 })).letters;

const pdf = Buffer.from('%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF\n');

describe('a letter', () => {
  test('is provided with its attachments, and the receipt is signed', async () => {
    const files = [
      { name: 'Bescheid.pdf', type: 'application/pdf', content: pdf },
      { name: 'Hinweise.txt', type: 'text/plain', content: Buffer.from('Grüße\n') },
    ];
    const id = newId();
    const letter = letterTo(handle, { attachments: declared(files), level: 'substantial' });
    const { status, body } = await sender.deliver(id, letter, files);
    expect([status, body['message_id']]).toEqual([201, id]);
    const keys = createRemoteJWKSet(new URL(`${world.app.postfach}/api/jwks.json`));
    const { receipt_jws: jws, ...content } = body as { receipt_jws: string };
    const { payload } = await compactVerify(jws, keys);
    expect(JSON.parse(Buffer.from(payload).toString())).toEqual(content);
    expect(decodeProtectedHeader(jws).typ).toBe('postfach-receipt+jwt');
    expect(content).toMatchObject({
      iss: world.app.postfach,
      sha512: sha512(Buffer.from(JSON.stringify(letter))),
      attachments: declared(files),
      deemed_delivery: { rule: 'ozg_9', days: 4, date: expect.stringMatching(/^\d{4}-\d\d-\d\d$/) },
    });

    const letterId = String(body['letter']);
    const mailbox = await mailboxOf(erika);
    expect(await records.letters.open(mailbox, 'low', letterId)).toBe('above');
    const opened = await records.letters.open(mailbox, 'substantial', letterId);
    if (opened === undefined || opened === 'above') throw new Error('the letter does not open');
    expect(opened).toMatchObject({ subject: letter['subject'], content: letter['content'] });
    expect(opened.files.map(({ name }) => name)).toEqual(['Bescheid.pdf', 'Hinweise.txt']);
    const [first] = opened.files;
    expect(await records.attachments.find(mailbox, 'low', letterId, first?.id ?? '')).toBeUndefined();
    const file = await records.attachments.find(mailbox, 'high', letterId, first?.id ?? '');
    if (!file) throw new Error('the file is not there');
    expect(await buffer(world.postfach.readAttachment(file))).toEqual(pdf);
  });

  test('above the present level shows sender and date and nothing else, in list and search', async () => {
    const { body } = await sender.deliver(newId(), letterTo(handle, { level: 'high', subject: 'Geheimsache' }));
    const [shown] = await inbox('low');
    expect(shown).toMatchObject({ id: body['letter'], locked: true, sender: { name: { de: 'Amt steueramt' } } });
    expect(JSON.stringify(await inbox('low'))).not.toContain('Geheimsache');
    const [found] = await records.letters.summaries(await mailboxOf(erika), 'low', [String(body['letter'])]);
    expect(JSON.stringify(found)).not.toContain('Geheimsache');
  });

  test.each([undefined, 'unheard-of', 'constructor', '__proto__', 7, null, {}])(
    'with the level %j asks for the highest',
    async (level) => {
      const { body } = await sender.deliver(newId(), letterTo(handle, { level }));
      expect((await inbox()).find(({ id }) => id === body['letter'])?.level).toBe('high');
    },
  );

  test('is delivered once however often it is sent, also at the same moment', async () => {
    const id = newId();
    const letter = letterTo(handle, { subject: `Einmal ${id}` });
    const answers = await Promise.all(Array.from({ length: 6 }, () => sender.deliver(id, letter)));
    expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([200, 200, 200, 200, 200, 201]);
    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    expect((await inbox()).filter((one) => !one.locked && one.subject === letter['subject'])).toHaveLength(1);
    const other = await sender.deliver(id, { ...letter, subject: 'Etwas anderes' });
    expect([other.status, other.body['code']]).toEqual([409, 'message_exists']);
  });

  test('is told about by a mail without content, whose dispatch is noted; opening is noted once', async () => {
    const id = newId();
    const { body } = await sender.deliver(id, letterTo(handle, { subject: 'Nichts davon in der Mail' }));
    const letterId = String(body['letter']);
    const state = async () => (await sender.call('GET', `/api/letters/${id}`)).body;
    expect(await state()).toMatchObject({ first_opened_at: null, replied_at: null, deleted_by_citizen: false });
    while ((await state())['notice_sent_at'] === null) await new Promise((resolve) => setImmediate(resolve));
    const posted = (await (await fetch(`${world.app.postfach}/entwickler/post?format=json`)).json()) as object[];
    const mail = JSON.stringify(posted.find((one) => JSON.stringify(one).includes(letterId)));
    expect(mail).toContain(`${world.app.postfach}/postfach/${letterId}`);
    expect(mail).not.toMatch(/Nichts davon|Hundesteuer|steueramt/);

    const mailbox = await mailboxOf(erika);
    await records.letters.open(mailbox, 'high', letterId);
    const first = (await state())['first_opened_at'];
    await records.letters.open(mailbox, 'high', letterId);
    expect((await state())['first_opened_at']).toBe(first);
    const types = (await records.journal.ofLetter(mailbox, letterId)).map(({ type }) => type);
    expect(types.sort()).toEqual(['notice_dispatched', 'notice_enqueued', 'opened', 'provided']);
  });

  test('of a person without notices or consent is told nothing about by mail', async () => {
    const mailbox = await mailboxOf(erika);
    await records.mailboxes.setNotices(mailbox, false);
    const { body } = await sender.deliver(newId(), letterTo(handle));
    await records.mailboxes.setNotices(mailbox, true);
    const types = (await records.journal.ofLetter(mailbox, String(body['letter']))).map(({ type }) => type);
    expect(types).toEqual(['provided']);
  });
});

describe('what stands in the way of a letter', () => {
  const codeOf = async (letter: Record<string, unknown>): Promise<unknown> =>
    (await sender.deliver(newId(), letter)).body['code'];

  test.each<[string, Record<string, unknown>, string]>([
    ['script', { content: { type: 'html', body: '<p>Hallo</p><script>alert(1)</script>' } }, 'content_not_allowed'],
    ['an event handler', { content: { type: 'html', body: '<p onclick="x()">Hallo</p>' } }, 'content_not_allowed'],
    ['a link without https', { content: { type: 'html', body: '<a href="http://a.de">a</a>' } }, 'content_not_allowed'],
    ['a script link', { content: { type: 'html', body: '<a href="javascript:x()">a</a>' } }, 'content_not_allowed'],
    ['an image', { content: { type: 'html', body: '<img src="https://a.de/x.png">' } }, 'content_not_allowed'],
    ['control characters', { content: { type: 'text', body: 'a\u202eb' } }, 'content_not_allowed'],
    ['two lines in the subject', { subject: 'a\nb' }, 'schema_invalid'],
    ['a subject without anything to see', { subject: '\u200b\u00ad' }, 'schema_invalid'],
    ['a character that is none', { content: { type: 'html', body: 'A &constructor; B' } }, 'content_not_allowed'],
    ['a tag that never ends', { content: { type: 'html', body: `<p${' '.repeat(199_000)}` } }, 'content_not_allowed'],
    ['an unknown key', { priority: 1 }, 'schema_invalid'],
    [
      'an attachment that did not come',
      { attachments: [{ name: 'a.txt', type: 'text/plain', length: 1, sha512: '0'.repeat(128) }] },
      'attachment_mismatch',
    ],
  ])('%s', async (_name, more, code) => expect(await codeOf(letterTo(handle, more))).toBe(code));

  test('allowed HTML goes through', async () =>
    expect(
      (
        await sender.deliver(
          newId(),
          letterTo(handle, {
            content: { type: 'html', body: '<h2>A &amp; B</h2><p><a href="https://a.de/?a=1&amp;b=2">Link</a></p>' },
          }),
        )
      ).status,
    ).toBe(201));

  test('a service that is not the sender’s', async () => {
    const narrow = await world.sender('nur-hunde', { file: { services: ['Hundesteuer'] } });
    const { status, body } = await narrow.deliver(
      newId(),
      letterTo(await narrow.handleOf(erika), { service: 'Parkausweis' }),
    );
    expect([status, body['code']]).toEqual([403, 'sender_not_allowed']);
  });
});

describe('an application', () => {
  test.each<[unknown, string]>([
    [undefined, 'high'],
    ['unheard-of', 'high'],
    [null, 'high'],
    ['substantial', 'substantial'],
    [2, 'low'],
  ])('a status with the level %j needs %s', async (level, needed) => {
    const status = {
      recipient: handle,
      status: 'PROCESSING',
      publicServiceName: 'Geheime Sache',
      senderName: 'Steueramt',
      createdDate: '2026-11-20T08:00:00Z',
      level,
    };
    const application = newId();
    const { status: taken } = await sender.call('PUT', `/api/applications/${application}/statuses/1`, status);
    expect(taken).toBe(201);
    const mailbox = await mailboxOf(erika);
    const id = (await records.applications.idOf(mailbox, 'bayern', application)) ?? '';
    const { levels } = await import('../../src/assurance/levels.ts');
    for (const present of levels) {
      const enough = levels.indexOf(present) >= levels.indexOf(needed as (typeof levels)[number]);
      const listed = (await records.applications.list(mailbox, present, 50)).find((one) => one.id === id);
      const found = await records.applications.find(mailbox, present, id);
      for (const shown of [listed?.latest, ...(found?.statuses ?? [])]) expect(shown?.locked).toBe(!enough);
      if (!enough) expect(JSON.stringify([listed, found])).not.toMatch(/Geheime|PROCESSING/);
    }
  });

  test('has statuses, each once', async () => {
    const application = newId();
    const status = {
      recipient: handle,
      status: 'RECEIVED',
      level: 'basic',
      publicServiceName: 'Hundesteuer',
      senderName: 'Steueramt',
      createdDate: '2026-11-20T08:00:00Z',
      statusDetails: 'Eingegangen',
    };
    const put = (id: string, more: object = {}) =>
      sender.call('PUT', `/api/applications/${application}/statuses/${id}`, { ...status, ...more });
    expect((await put('1')).status).toBe(201);
    expect((await put('1')).status).toBe(200);
    expect((await put('1', { status: 'COMPLETED' })).body['code']).toBe('status_exists');
    expect((await put('2', { status: 'PROCESSING', createdDate: '2026-11-21T08:00:00Z' })).status).toBe(201);
    expect((await put('3', { status: 'INITIATED', createdDate: '2026-11-19T08:00:00Z' })).status).toBe(201);
    expect((await put('4', { status: 'LOST' })).body['code']).toBe('schema_invalid');
    const mailbox = await mailboxOf(erika);
    const [latest] = await records.applications.list(mailbox, 'basic', 10);
    expect(latest).toMatchObject({ applicationId: application, latest: { status: 'PROCESSING' } });
    const whole = await records.applications.find(mailbox, 'basic', latest?.id ?? '');
    expect(whole?.statuses.map((one) => (one.locked ? 'locked' : one.status))).toEqual([
      'INITIATED',
      'RECEIVED',
      'PROCESSING',
    ]);
    const { body } = await sender.deliver(newId(), letterTo(handle, { application_id: application.toUpperCase() }));
    const { letters } = await records.letters.list(mailbox, 'high', {
      folder: 'inbox',
      limit: 10,
      application: { authority: 'bayern', applicationId: application },
    });
    expect(letters.map(({ id }) => id)).toEqual([body['letter']]);
  });
});

describe('a reply', () => {
  test('waits for its sender, who takes it; a closed letter takes none', async () => {
    const id = newId();
    const { body } = await sender.deliver(id, letterTo(handle, { reply: { allowed: true }, reference: 'AZ 7' }));
    const closed = await sender.deliver(newId(), letterTo(handle));
    const mailbox = await mailboxOf(erika);
    expect(await records.replies.send(mailbox, 'high', String(closed.body['letter']), 'Hallo')).toBe('closed');
    expect(await records.replies.send(mailbox, 'high', String(body['letter']), 'Vielen Dank')).toBe('sent');
    const other = await mailboxOf2();
    expect(await records.replies.send(other, 'high', String(body['letter']), 'Fremd')).toBeUndefined();
    const { body: page } = await sender.call('GET', '/api/replies?limit=10');
    const [reply] = page['replies'] as { id: string }[];
    expect(reply).toMatchObject({ message_id: id, reference: 'AZ 7', text: 'Vielen Dank' });
    const neighbour = await world.sender('nachbar');
    expect((await neighbour.call('GET', '/api/replies')).body['replies']).toEqual([]);
    expect((await neighbour.call('DELETE', `/api/replies/${reply?.id}`)).status).toBe(404);
    expect((await sender.call('DELETE', `/api/replies/${reply?.id}`)).status).toBe(204);
    expect((await sender.call('DELETE', `/api/replies/${reply?.id}`)).status).toBe(204);
    expect((await sender.call('GET', '/api/replies')).body['replies']).toEqual([]);
    expect((await sender.call('GET', `/api/letters/${id}`)).body['replied_at']).not.toBeNull();
    const opened = await records.letters.open(mailbox, 'high', String(body['letter']));
    expect(opened).toMatchObject({ replies: [{ text: 'Vielen Dank', takenAt: expect.any(Number) }] });
  });

  const mailboxOf2 = async (): Promise<Mailbox> => {
    await sender.deliver(newId(), letterTo(await sender.handleOf(max)));
    return mailboxOf(max);
  };
});
