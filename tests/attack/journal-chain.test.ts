import { mkdtempSync, readFileSync, rmSync, truncateSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { IdTables } from '../../src/id/persistence.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { createPerson } from '../support/browse.ts';
import { resetClock, shiftClock } from '../support/clock.ts';
import { loginAtPortal } from '../support/journey.ts';
import { operate, poll } from '../support/operate.ts';

let app: TestApp;
const folder = mkdtempSync(join(tmpdir(), 'bayern-id-journal-'));
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(async () => {
  resetClock();
  await app.stop();
  rmSync(folder, { recursive: true });
});

const records = () => {
  const found = app.app.id?.stores.records;
  if (!found) throw new Error('Bayern-ID does not run');
  return found;
};

/** Somebody logs in, and a node looks after the journal. */
const happens = async (): Promise<void> => {
  await loginAtPortal(app, createPerson());
  await app.app.id?.journal.settled();
  await poll(app);
};

const verify = (...given: string[]): Promise<{ code: number; output: string }> =>
  operate(app, 'audit', 'verify', ...given);

const eventAt = async (seq: number): Promise<string> =>
  (await records().query.selectFrom('audit_chain').select('event_id').where('seq', '=', seq).executeTakeFirstOrThrow())
    .event_id;

describe('RL-16: the journal is as it was written', () => {
  beforeAll(async () => {
    for (let time = 0; time < 3; time += 1) await happens();
  });

  test('every event gets a link, and the chain holds', async () => {
    const events = await records().query.selectFrom('audit_events').select('id').execute();
    expect(events.length).toBeGreaterThan(5);
    expect(await verify()).toEqual({
      code: 0,
      output: expect.stringMatching(new RegExp(`^${events.length} links, all as they were written; head `)),
    });
  });

  test('several nodes that link at once link everything once', async () => {
    await loginAtPortal(app, createPerson());
    await app.app.id?.journal.settled();
    await Promise.all(Array.from({ length: 5 }, () => poll(app)));
    await poll(app);
    const { code, output } = await verify();
    const events = await records().query.selectFrom('audit_events').select('id').execute();
    expect([code, output]).toEqual([0, expect.stringContaining(`${events.length} links`)]);
  });

  /** Does something to the records that the program would never do, looks, and undoes it. */
  const tampered = async (
    change: (query: ReturnType<typeof records>['query']) => Promise<unknown>,
  ): Promise<{ code: number; output: string }> => {
    const before = {
      events: await records().query.selectFrom('audit_events').selectAll().execute(),
      links: await records().query.selectFrom('audit_chain').selectAll().execute(),
    };
    await change(records().query);
    const found = await verify();
    await records().query.deleteFrom('audit_events').execute();
    await records().query.deleteFrom('audit_chain').execute();
    await records().query.insertInto('audit_events').values(before.events).execute();
    await records().query.insertInto('audit_chain').values(before.links).execute();
    expect((await verify()).code).toBe(0);
    return found;
  };

  test.each(['type', 'detail', 'account_id', 'client_id', 'reference_id', 'at'] as const)(
    'a changed %s is found',
    async (column) => {
      const id = await eventAt(2);
      const value: Partial<IdTables['audit_events']> = column === 'at' ? { at: 1 } : { [column]: '{"by":"x"}' };
      const found = await tampered((query) =>
        query.updateTable('audit_events').set(value).where('id', '=', id).execute(),
      );
      expect([found.code, found.output]).toEqual([1, expect.stringContaining(`2: event ${id} was changed`)]);
    },
  );

  test('a missing event is found', async () => {
    const id = await eventAt(3);
    const found = await tampered((query) => query.deleteFrom('audit_events').where('id', '=', id).execute());
    expect([found.code, found.output]).toEqual([1, expect.stringContaining(`3: event ${id} is missing`)]);
  });

  test('an event that is missing together with its link is found', async () => {
    const id = await eventAt(3);
    const found = await tampered(async (query) => {
      await query.deleteFrom('audit_events').where('id', '=', id).execute();
      await query.deleteFrom('audit_chain').where('seq', '=', 3).execute();
      await query
        .updateTable('audit_chain')
        .set(({ eb }) => ({ seq: eb('seq', '-', 1) }))
        .where('seq', '>', 3)
        .execute();
    });
    expect([found.code, found.output]).toEqual([1, expect.stringContaining('3: does not follow')]);
  });

  test('two that changed places are found', async () => {
    const [second, third] = [await eventAt(2), await eventAt(3)];
    const found = await tampered(async (query) => {
      const place = (event_id: string, seq: number) =>
        query.updateTable('audit_chain').set({ event_id }).where('seq', '=', seq).execute();
      await place('aside', 2);
      await place(second, 3);
      await place(third, 2);
    });
    expect([found.code, found.output]).toEqual([1, expect.stringContaining('2: does not follow')]);
  });

  test('one that was put in past the program is found', async () => {
    const [event] = await records().query.selectFrom('audit_events').selectAll().limit(1).execute();
    if (!event) throw new Error('there is no event');
    const forged = { ...event, id: event.id.replace(/.{5}$/, 'zzzzz') };
    shiftClock(11 * 60_000);
    const found = await tampered((query) => query.insertInto('audit_events').values(forged).execute());
    expect([found.code, found.output]).toEqual([1, expect.stringContaining(`event ${forged.id} is in no link`)]);
  });

  test('an end that was cut off is found by whoever noted a link', async () => {
    const { output: head } = await operate(app, 'audit', 'head');
    const seq = Number(head.split(':')[0]);
    expect((await verify(head)).code).toBe(0);
    const cut = { code: 0, output: '' };
    await tampered(async (query) => {
      const id = await eventAt(seq);
      await query.deleteFrom('audit_chain').where('seq', '=', seq).execute();
      await query.deleteFrom('audit_events').where('id', '=', id).execute();
      Object.assign(cut, await verify(head));
    });
    expect([cut.code, cut.output]).toEqual([1, expect.stringContaining(`${seq}: the noted link is not in the chain`)]);
  });
});

describe('RL-16: the journal leaves the machine', () => {
  const linesOf = (file: string): { seq: number; type: string }[] =>
    readFileSync(file, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { seq: number; type: string });

  test('into a file, which the next export goes on with, also after an interruption', async () => {
    const file = join(folder, 'journal.jsonl');
    await operate(app, 'audit', 'export', file);
    const first = linesOf(file);
    expect(first.map(({ seq }) => seq)).toEqual(first.map((_, index) => index + 1));
    expect(statSync(file).mode & 0o777).toBe(0o600);
    // Half of the last line is there.
    truncateSync(file, statSync(file).size - 40);
    await happens();
    const { output } = await operate(app, 'audit', 'export', file);
    const all = linesOf(file);
    expect(all.slice(0, first.length)).toEqual(first);
    expect(all.length).toBeGreaterThan(first.length);
    expect(output).toContain(`up to ${all.length}`);
    expect((await operate(app, 'audit', 'export', file)).output).toMatch(/^0 events/);
  });

  test('to a syslog server, a message for each, which no content can break', async () => {
    let received = Buffer.alloc(0);
    const server = createServer((socket) =>
      socket.on('data', (chunk: Buffer) => (received = Buffer.concat([received, chunk]))),
    );
    const port = await new Promise<number>((resolve) =>
      server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port)),
    );
    const ended = new Promise<void>((resolve) => server.once('connection', (socket) => socket.once('end', resolve)));
    const { output } = await operate(app, 'audit', 'export', `syslog://127.0.0.1:${port}`, '2');
    await ended;
    server.close();
    const messages: string[] = [];
    for (let rest = received; rest.length > 0;) {
      const space = rest.indexOf(' ');
      const end = space + 1 + Number(rest.subarray(0, space).toString());
      messages.push(rest.subarray(space + 1, end).toString());
      rest = rest.subarray(end);
    }
    expect(messages[0]).toMatch(/^<110>1 \d{4}-\d\d-\d\dT[\d:.]+Z \S+ bayern-id - [\w.-]+ - \{"seq":3,/);
    expect(output).toContain(`${messages.length} events sent, up to ${messages.length + 2}`);
  });

  test('holds no personal data', async () => {
    const file = join(folder, 'journal.jsonl');
    const text = readFileSync(file, 'utf8');
    for (const name of ['Erika', 'Mustermann', '@post.test', 'erika', '127.0.0.1']) expect(text).not.toContain(name);
  });
});
