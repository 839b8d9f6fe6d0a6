import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Content } from '../../src/portal/fuehrungszeugnis/application/content.ts';
import type { Application } from '../../src/portal/fuehrungszeugnis/records/applications.ts';
import { fuehrungszeugnisMigrations } from '../../src/portal/fuehrungszeugnis/records/migrations.ts';
import { createRecords, type FuehrungszeugnisRecords } from '../../src/portal/fuehrungszeugnis/records/records.ts';
import type { FuehrungszeugnisTables } from '../../src/portal/fuehrungszeugnis/records/tables.ts';
import { openDatabase, type Database } from '../../src/storage/database.ts';
import { describeIf, need } from '../support/lack.ts';
import { startPostgres } from '../support/servers.ts';

interface Place {
  open(): Promise<Database<FuehrungszeugnisTables>>;
  stop(): Promise<void>;
}

const content: Content = { locale: 'de', kind: { form: 'N', extended: false }, postfach: 'GEHEIM' };

/** What two nodes do with applications, on every store. */
const describeRecords = (start: () => Promise<Place>): void => {
  let place: Place;
  let databases: Database<FuehrungszeugnisTables>[];
  let nodes: FuehrungszeugnisRecords[];
  let told: string[];

  beforeAll(async () => {
    place = await start();
    databases = [await place.open(), await place.open()];
    await databases[0]?.migrate(fuehrungszeugnisMigrations);
    const key = randomBytes(32);
    told = [];
    nodes = databases.map((database) =>
      createRecords(database, key, async (_trx, { applicationId, what }) => {
        database.afterCommit(() => told.push(`${applicationId} ${what}`));
      }),
    );
  });
  afterAll(async () => {
    for (const database of databases) await database.close();
    await place.stop();
  });

  const node = (number = 0): FuehrungszeugnisRecords => {
    const found = nodes[number % nodes.length];
    if (!found) throw new Error('there is no node');
    return found;
  };
  const many = <Result>(work: (number: number) => Promise<Result>): Promise<Result[]> =>
    Promise.all(Array.from({ length: 8 }, (_, number) => work(number)));
  const draft = async (subject: string = randomUUID()): Promise<Application & { readonly subject: string }> => {
    const made = await node().applications.edit(subject, () => content);
    if (made === undefined) throw new Error('there is no draft');
    return { ...made, subject };
  };
  const paying = async (): Promise<Application & { readonly subject: string; readonly requestId: string }> => {
    const made = await draft();
    expect(await node().applications.beginPayment(made.id, made)).toBe(true);
    const found = await node().applications.byId(made.id);
    return { ...made, ...found, requestId: found?.requestId ?? '' };
  };
  const toldOf = (id: string): string[] => told.filter((line) => line.startsWith(id)).map((line) => line.slice(37));

  test('a person has one open application, whatever her tabs do at once', async () => {
    const subject = randomUUID();
    const made = await many((number) => node(number).applications.edit(subject, () => content));
    expect(new Set(made.flatMap((one) => one?.id ?? [])).size).toBe(1);
    expect((await node(1).applications.openOf(subject))?.content).toEqual(content);
    expect(await node(1).applications.openOf(randomUUID())).toBeUndefined();
  });

  test('what is being paid does not change, and nothing that was changed since is sent', async () => {
    const seen = await draft();
    await node(1).applications.edit(seen.subject, (before) => ({ ...(before ?? content), locale: 'en' }));
    expect(await node().applications.beginPayment(seen.id, seen)).toBe(false);
    expect(await node().applications.file(seen.id, { exempt: seen })).toBe(false);
    const fixed = await paying();
    expect(await node().applications.edit(fixed.subject, () => ({ locale: 'en' }))).toBeUndefined();
    expect(await node().applications.discard(fixed.subject)).toBe(false);
    expect(
      await node().documents.add(fixed.id, { name: 'a', type: 'b', purpose: 'demand', content: Buffer.from('x') }, 5),
    ).toBe('closed');
    expect((await node().applications.openOf(fixed.subject))?.content).toEqual(content);
  });

  test('what is proved by documents is not sent with others than those that were seen', async () => {
    const seen = await draft();
    const file = { name: 'a', type: 'b', purpose: 'demand', content: Buffer.from('x') } as const;
    expect(await node(1).documents.add(seen.id, file, 5)).toBe('added');
    expect(await node().applications.beginPayment(seen.id, seen)).toBe(false);
    const later = (await node().applications.byId(seen.id)) ?? seen;
    const [added] = await node().documents.of(seen.id);
    expect(await node(1).documents.remove(seen.id, added?.id ?? '')).toBe(true);
    expect(await node().applications.file(seen.id, { exempt: later })).toBe(false);
    expect(await node().documents.remove(seen.id, added?.id ?? '')).toBe(false);
    expect(await node().applications.beginPayment(seen.id, (await node().applications.byId(seen.id)) ?? seen)).toBe(
      true,
    );
  });

  test('it is paid once and sent once, by whoever reads it first', async () => {
    const made = await draft();
    const begun = await many((number) => node(number).applications.beginPayment(made.id, made));
    expect(begun.filter(Boolean)).toHaveLength(1);
    const requestId = (await node().applications.byId(made.id))?.requestId ?? '';
    expect(await node().applications.file(made.id, { paid: randomUUID() })).toBe(false);
    const filed = await many((number) => node(number).applications.file(made.id, { paid: requestId }));
    expect(filed.filter(Boolean)).toHaveLength(1);
    expect(await node().applications.endPayment(made.id, requestId, 'FAILED')).toBe(false);
    expect(toldOf(made.id)).toEqual(['filed']);
    expect(await node().applications.sentOf(made.subject)).toMatchObject([{ id: made.id, state: 'filed' }]);
  });

  test('a payment that failed gives the draft back, and its late success sends nothing of a newer one', async () => {
    const made = await paying();
    expect(await node().applications.endPayment(made.id, made.requestId, 'CANCELED')).toBe(true);
    const again = await node().applications.openOf(made.subject);
    expect([again?.state, again?.paymentFailure]).toEqual(['draft', 'CANCELED']);
    expect(await node().applications.file(made.id, { paid: made.requestId })).toBe(false);
    expect(await node().applications.beginPayment(made.id, { updatedAt: again?.updatedAt ?? 0 })).toBe(true);
    expect(await node().applications.file(made.id, { paid: made.requestId })).toBe(false);
  });

  test('it is answered once, and everything is told once', async () => {
    const made = await draft();
    await node().applications.file(made.id, { exempt: made });
    const taken = await many((number) => node(number).applications.takeUp(made.id));
    expect(taken.filter(Boolean)).toHaveLength(1);
    const answered = await many((number) =>
      node(number).applications.answer(made.id, { outcome: 'issued', text: `Nr. ${number}`, by: 'amt' }),
    );
    expect(answered.filter(Boolean)).toHaveLength(1);
    expect(await node().applications.takeUp(made.id)).toBe(false);
    expect(toldOf(made.id)).toEqual(['filed', 'processing', 'answered']);
    expect((await node().applications.sentById(made.subject, made.id))?.answer?.text).toBe(
      `Nr. ${answered.indexOf(true)}`,
    );
    expect(await node().applications.sentById(randomUUID(), made.id)).toBeUndefined();
  });

  test('documents are bounded, sealed and of one application', async () => {
    const [made, other] = [await draft(), await draft()];
    const file = {
      name: 'GEHEIM.pdf',
      type: 'application/pdf',
      purpose: 'demand' as const,
      content: Buffer.from('GEHEIM'),
    };
    const added = await many((number) => node(number).documents.add(made.id, file, 3));
    expect(added.filter((outcome) => outcome === 'added').length).toBe(3);
    const [first] = await node().documents.of(made.id);
    expect(first).toMatchObject({ name: 'GEHEIM.pdf', size: 6 });
    const id = first?.id ?? '';
    expect((await node(1).documents.read(made.id, id))?.content.toString()).toBe('GEHEIM');
    expect(await node().documents.read(other.id, id)).toBeUndefined();
    expect(await node().documents.remove(other.id, id)).toBe(false);
    const [database] = databases;
    const rows = [
      ...((await database?.query.selectFrom('applications').selectAll().execute()) ?? []),
      ...((await database?.query.selectFrom('documents').selectAll().execute()) ?? []),
    ];
    const stored = rows
      .flatMap((row) => Object.values(row))
      .map((value) => (value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : String(value)));
    expect(stored.filter((text) => text.includes('GEHEIM') || text.includes(made.subject))).toEqual([]);
    // A row that was moved to another application opens no more.
    await database?.query.updateTable('documents').set({ application_id: other.id }).where('id', '=', id).execute();
    await expect(node().documents.read(other.id, id)).rejects.toThrow('could not be opened');
  });

  test('of the files held beside a draft there is the latest, sealed, until it is taken once', async () => {
    const [made, sent] = [await draft(), await draft()];
    await node().applications.file(sent.id, { exempt: sent });
    const file = { name: 'GEHEIM.pdf', purpose: 'demand' as const, content: Buffer.from('GEHEIM') };
    const end = Date.now() + 60_000;
    await many((number) => node(number).heldUploads.hold(made.id, { ...file, name: 'zuerst.pdf' }, end));
    await node(1).heldUploads.hold(made.id, file, end);
    await node().heldUploads.hold(sent.id, file, end);
    expect(await node().heldUploads.of(sent.id)).toBeUndefined();
    expect(await node().heldUploads.of(made.id)).toEqual({ purpose: 'demand', name: 'GEHEIM.pdf' });
    expect(await node().heldUploads.read(made.id)).toEqual(file);
    const rows = (await databases[0]?.query.selectFrom('held_uploads').selectAll().execute()) ?? [];
    expect(rows).toHaveLength(1);
    for (const { sealed, content: bytes } of rows)
      for (const box of [sealed, bytes]) expect(Buffer.from(box).toString('latin1')).not.toContain('GEHEIM');
    const document = { ...file, type: 'application/pdf' };
    const taken = await many((number) => node(number).documents.add(made.id, document, 20, 'held'));
    expect(taken.filter((outcome) => outcome === 'added')).toHaveLength(1);
    expect(await node().documents.of(made.id)).toHaveLength(1);
    await node().heldUploads.hold(made.id, file, end);
    expect(await node().applications.discard(made.subject)).toBe(true);
    expect(await databases[0]?.query.selectFrom('held_uploads').selectAll().execute()).toEqual([]);
  });

  test('what nobody needs any more goes, and with an account what was not sent', async () => {
    const old = await draft();
    const sent = await draft();
    await node().applications.file(sent.id, { exempt: sent });
    const kept = await paying();
    const later = Date.now() + 1000;
    while ((await node().applications.purge({ drafts: later, answered: 0 }, 10)) > 0);
    expect(await node().applications.byId(old.id)).toBeUndefined();
    expect((await node().applications.byId(kept.id))?.state).toBe('paying');
    const leaving = await draft(sent.subject);
    await node().applications.forget(sent.subject);
    expect(await node().applications.byId(leaving.id)).toBeUndefined();
    expect((await node().applications.byId(sent.id))?.state).toBe('filed');
    expect(await node().applications.sentOf(sent.subject)).toEqual([]);
  });

  test('the role is bound to whoever comes first', async () => {
    const address = `${randomUUID()}@post.test`;
    const came = await many((number) => node(number).caseworkers.holds(address, `sub ${address} ${number}`));
    expect(came.filter(Boolean)).toHaveLength(1);
  });
};

describe('applications in SQLite', () => {
  describeRecords(async () => {
    const folder = mkdtempSync(join(tmpdir(), 'bayern-id-applications-'));
    return {
      open: () => openDatabase<FuehrungszeugnisTables>({ file: join(folder, 'fuehrungszeugnis.sqlite') }),
      stop: async () => rmSync(folder, { recursive: true, force: true }),
    };
  });
});

describeIf(need('postgres'), 'applications in PostgreSQL', () => {
  describeRecords(async () => {
    const server = await startPostgres();
    return {
      open: () => openDatabase<FuehrungszeugnisTables>({ url: server.url, schema: 'fuehrungszeugnis' }),
      stop: () => server.stop(),
    };
  });
});
