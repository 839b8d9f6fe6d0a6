import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { auditMigrations, type AuditTables } from '../../src/id/audit/journal.ts';
import type { AuditEvent } from '../../src/id/audit/events.ts';
import type { Citizen } from '../../src/id/identity/citizen.ts';
import { CardTaken, LoginNameTaken, type CitizenRepository, type ReadCard } from '../../src/id/identity/repository.ts';
import { createCitizenRepository } from '../../src/id/records/repository.ts';
import { citizenMigrations, type CitizenTables } from '../../src/id/records/tables.ts';
import { createEventWriter } from '../../src/id/records/write-events.ts';
import type { Database } from '../../src/storage/database.ts';
import { createSealer } from '../../src/storage/sealing.ts';
import { createAccountSealers } from '../../src/id/records/account-sealing.ts';

type Tables = CitizenTables & AuditTables;

export interface CitizenDatabase {
  open(): Promise<Database<Tables>>;
  stop(): Promise<void>;
}

const wrapping = createSealer([{ id: '1', key: Buffer.alloc(32, 1) }]);
const keys = { accounts: createAccountSealers(wrapping), index: Buffer.alloc(32, 2) };
const twenty = Array.from({ length: 20 }, (_, i) => i);
const at = Date.UTC(2026, 10, 23);

let cards = 0;
const newCard = (): ReadCard => ({
  restrictedId: `AB${String(cards++).padStart(62, '0')}`,
  documentType: 'ID',
  validUntil: at,
  assured: 'high',
  asked: ['given_name', 'address'],
  attributes: { given_name: { value: 'ERIKA', source: 'card', level: 'high', at } },
});
const linked: AuditEvent = { type: 'card.linked' };
/** Sessions and mails have contracts of their own. */
const writer = createEventWriter(() => Promise.resolve());
const nobodyIsTold = (): Promise<void> => Promise.resolve();

/** What holds for accounts on every database, with two nodes at work. */
export function describeCitizens(start: () => Promise<CitizenDatabase>): void {
  let store: CitizenDatabase;
  let one: Database<Tables>;
  let other: Database<Tables>;
  let here: CitizenRepository;
  let there: CitizenRepository;
  const node = (i: number): CitizenRepository => (i % 2 === 0 ? here : there);

  beforeAll(async () => {
    store = await start();
    [one, other] = await Promise.all([store.open(), store.open()]);
    const migrations = { ...citizenMigrations, ...auditMigrations };
    await Promise.all([one.migrate(migrations), other.migrate(migrations)]);
    here = createCitizenRepository(one, keys, nobodyIsTold, writer);
    there = createCitizenRepository(other, keys, nobodyIsTold, writer);
  }, 60_000);
  afterAll(async () => {
    await one.close();
    await other.close();
    await store.stop();
  });

  const newAccount = (): Promise<Citizen> =>
    here.create({ loginName: randomUUID(), passwordHash: 'hash', ceiling: 'basic' }, [
      { type: 'account.created', by: 'seed' },
    ]);
  const eventsOf = async ({ account }: Citizen): Promise<string[]> =>
    (await one.query.selectFrom('audit_events').select('type').where('account_id', '=', account.id).execute()).map(
      ({ type }) => type,
    );
  const link = async (citizen: Citizen, card: ReadCard, from: CitizenRepository = here) =>
    from.linkCard(citizen.account, card, { ceiling: 'high', confirm: [] }, [linked]);

  describe('accounts', () => {
    test('what was written is found by name, in whatever form, by card, and by id, on every node', async () => {
      const card = newCard();
      const name = randomUUID();
      const made = await here.create({ loginName: name, passwordHash: 'hash', card, ceiling: 'high' }, [linked]);
      const byName = await there.findByLoginName(` ${name.toUpperCase()}`);
      expect(byName?.citizen).toEqual(made);
      expect(byName?.password).toMatchObject({ hash: 'hash', ceiling: 'high' });
      const byCard = await there.findByCard({ restrictedId: card.restrictedId.toLowerCase() });
      expect(byCard).toEqual(made);
      expect(await there.find(made.account.id)).toEqual(made);
      expect(made.card?.attributes).toEqual(card.attributes);
      expect(await there.find(randomUUID())).toBeUndefined();
      expect(await there.standing(made.account.id)).toEqual({ epoch: 1, state: 'active' });
      expect(await there.standing(randomUUID())).toBeUndefined();
    });

    test('one name at 20 registrations at once: one account, one event', async () => {
      const loginName = randomUUID();
      const outcomes = await Promise.allSettled(
        twenty.map((i) => node(i).create({ loginName, ceiling: 'basic' }, [{ type: 'account.created', by: 'seed' }])),
      );
      const won = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
      expect(won).toHaveLength(1);
      for (const outcome of outcomes)
        if (outcome.status === 'rejected') expect(outcome.reason).toBeInstanceOf(LoginNameTaken);
      expect(won[0] && (await eventsOf(won[0]))).toEqual(['account.created']);
    });

    test('one card at 20 registrations at once: one account, one event', async () => {
      const card = newCard();
      const outcomes = await Promise.allSettled(twenty.map((i) => node(i).create({ card, ceiling: 'high' }, [linked])));
      const won = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
      expect(won).toHaveLength(1);
      for (const outcome of outcomes)
        if (outcome.status === 'rejected') expect(outcome.reason).toBeInstanceOf(CardTaken);
      expect(await here.findByCard(card)).toEqual(won[0]);
      expect(won[0] && (await eventsOf(won[0]))).toEqual(['card.linked']);
    });
  });

  describe('adding a card', () => {
    test('MG-10: one card, linked to two accounts at once, 20 times: one has it, the other has nothing of it', async () => {
      for (const round of twenty) {
        const card = newCard();
        const [mine, yours] = [await newAccount(), await newAccount()];
        const outcomes = await Promise.all([link(mine, card, node(round)), link(yours, card, node(round + 1))]);
        expect(outcomes.map(({ kind }) => kind).sort()).toEqual(['linked', 'taken']);
        const [winner, loser] = outcomes[0].kind === 'linked' ? [mine, yours] : [yours, mine];
        expect((await there.findByCard(card))?.account.id).toBe(winner.account.id);
        expect((await here.find(loser.account.id))?.card).toBeUndefined();
        expect(await eventsOf(loser)).toEqual(['account.created']);
        expect((await eventsOf(winner)).sort()).toEqual(['account.created', 'card.linked']);
      }
    });

    test('two cards, linked to one account at once: it has one', async () => {
      const citizen = await newAccount();
      const two = [newCard(), newCard()];
      const outcomes = await Promise.all(two.map((card, i) => link(citizen, card, node(i))));
      expect(outcomes.filter(({ kind }) => kind === 'linked')).toHaveLength(1);
      expect((await Promise.all(two.map((card) => here.findByCard(card)))).filter(Boolean)).toHaveLength(1);
      expect((await eventsOf(citizen)).sort()).toEqual(['account.created', 'card.linked']);
    });

    test('a second card is refused, and an account of another epoch is stale', async () => {
      const citizen = await newAccount();
      expect((await link(citizen, newCard())).kind).toBe('linked');
      expect((await link(citizen, newCard())).kind).toBe('otherCardLinked');
      const changed = await newAccount();
      await one.query.updateTable('accounts').set({ epoch: 2 }).where('id', '=', changed.account.id).execute();
      expect((await link(changed, newCard())).kind).toBe('stale');
    });

    test('it lifts the credentials that were used; where one of them is gone, nothing is written at all', async () => {
      const card = newCard();
      const citizen = await newAccount();
      const { id = '' } = (await here.passwordOf(citizen.account.id)) ?? {};
      const stale = await here.linkCard(citizen.account, card, { ceiling: 'high', confirm: [id, 'gone'] }, [linked]);
      expect(stale.kind).toBe('stale');
      expect(await here.findByCard(card)).toBeUndefined();
      expect((await here.passwordOf(citizen.account.id))?.ceiling).toBe('basic');
      expect(await eventsOf(citizen)).toEqual(['account.created']);
      await here.linkCard(citizen.account, card, { ceiling: 'high', confirm: [id] }, [linked]);
      expect((await there.passwordOf(citizen.account.id))?.ceiling).toBe('high');
      expect((await there.passwordOf(citizen.account.id))?.hash).toBe('hash');
    });

    const given = (value: string) => ({ given_name: { value, source: 'card', level: 'high', at } }) as const;
    const place = { address: { value: { locality: 'KÖLN' }, source: 'card', level: 'high', at } } as const;
    const moved: AuditEvent = { type: 'card.moved' };
    const quiet = { always: [], moved: [moved] };

    test('read again, it takes over what it says now; what it was not asked stays', async () => {
      const card = { ...newCard(), attributes: { ...given('ERIKA'), ...place } };
      const citizen = await here.create({ card, ceiling: 'high' }, []);
      await here.refreshFromCard(
        citizen.account.id,
        { ...card, asked: ['given_name', 'title'], attributes: given('ERIKA MARIA') },
        { always: [{ type: 'card.updated', attributes: ['given_name'] }], moved: [moved] },
      );
      const after = (await there.find(citizen.account.id))?.card;
      expect(after?.attributes).toEqual({ ...given('ERIKA MARIA'), ...place });
      expect(after?.asked).toEqual(['given_name', 'address', 'title']);
      expect(await eventsOf(citizen)).toEqual(['card.updated']);
      await here.refreshFromCard(citizen.account.id, { ...card, asked: ['address'], attributes: {} }, quiet);
      expect((await there.find(citizen.account.id))?.card?.attributes).toEqual(given('ERIKA MARIA'));
    });

    describe('ID2: while the sector key changes, the link follows the card', () => {
      const owner = async (restrictedId: string, restrictedId2?: string): Promise<string | undefined> =>
        (await there.findByCard({ restrictedId, ...(restrictedId2 === undefined ? {} : { restrictedId2 }) }))?.account
          .id;

      test('old, then both, then new alone: one account throughout', async () => {
        const [card, { restrictedId: next }] = [newCard(), newCard()];
        const citizen = await here.create({ card, ceiling: 'high' }, []);
        const { id } = citizen.account;
        expect(await owner(next)).toBeUndefined();
        expect(await owner(card.restrictedId, next)).toBe(id);
        await here.refreshFromCard(id, { ...card, restrictedId2: next }, quiet);
        expect(await owner(next)).toBe(id);
        await here.refreshFromCard(id, { ...card, restrictedId: next }, quiet);
        expect(await owner(next)).toBe(id);
        expect(await eventsOf(citizen)).toEqual(['card.moved']);
        // And once more, when the key changes again: what is two changes old leads nowhere.
        const { restrictedId: third } = newCard();
        await here.refreshFromCard(id, { ...card, restrictedId: third, restrictedId2: next }, quiet);
        expect([await owner(third), await owner(next), await owner(card.restrictedId)]).toEqual([id, id, undefined]);
      });

      test('answers that arrive in another order than they were read lose nothing', async () => {
        const [card, { restrictedId: next }] = [newCard(), newCard()];
        const { account } = await here.create({ card, ceiling: 'high' }, []);
        await here.refreshFromCard(account.id, { ...card, restrictedId2: next }, quiet);
        await here.refreshFromCard(account.id, card, quiet);
        expect(await owner(next)).toBe(account.id);
        await here.refreshFromCard(account.id, { ...card, restrictedId: next }, quiet);
        await here.refreshFromCard(account.id, card, quiet);
        expect([await owner(next), await owner(card.restrictedId)]).toEqual([account.id, account.id]);
      });

      test('six logins at once on two nodes, with the old, both and the new one: nothing is lost, and it is told once', async () => {
        const [card, { restrictedId: next }] = [newCard(), newCard()];
        const citizen = await here.create({ card, ceiling: 'high' }, []);
        const { id } = citizen.account;
        const both: ReadCard = { ...card, restrictedId2: next };
        const forms: ReadCard[] = [card, both, { ...card, restrictedId: next, restrictedId2: card.restrictedId }];
        await Promise.all(
          twenty.slice(0, 6).map((i) => node(i).refreshFromCard(id, forms[i % forms.length] ?? card, quiet)),
        );
        expect([await owner(next), await owner(card.restrictedId)]).toEqual([id, id]);
        expect(await eventsOf(citizen)).toEqual(['card.moved']);
      });

      test('20 first uses at once, half with the old and both, half with the new and both: one account', async () => {
        const [card, { restrictedId: next }] = [newCard(), newCard()];
        const forms: ReadCard[] = [
          { ...card, restrictedId2: next },
          { ...card, restrictedId: next, restrictedId2: card.restrictedId },
        ];
        const made = await Promise.allSettled(
          twenty.map((i) => node(i).create({ card: forms[i % 2] ?? card, ceiling: 'high' }, [])),
        );
        expect(made.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
        for (const one of made) if (one.status === 'rejected') expect(one.reason).toBeInstanceOf(CardTaken);
      });

      test('the card of two accounts: the pseudonym that it comes with says whose it is, and neither is robbed', async () => {
        const [old, next] = [newCard(), newCard()];
        const first = await here.create({ card: old, ceiling: 'high' }, []);
        const second = await here.create({ card: next, ceiling: 'high' }, []);
        const both: ReadCard = { ...old, restrictedId2: next.restrictedId };
        expect(await owner(both.restrictedId, both.restrictedId2)).toBe(first.account.id);
        await here.refreshFromCard(first.account.id, both, quiet);
        expect(await owner(next.restrictedId)).toBe(second.account.id);
        expect(await owner(next.restrictedId, old.restrictedId)).toBe(second.account.id);
      });
    });
  });

  describe('a new card for the old one', () => {
    const person = { birthdate: '19640812', given_name: 'ERIKA', family_name: 'MUSTERMANN' };
    const cardOf = (values: Partial<typeof person> = {}): ReadCard => ({
      ...newCard(),
      attributes: Object.fromEntries(
        Object.entries({ ...person, ...values }).map(([name, value]) => [
          name,
          { value, source: 'card', level: 'high', at },
        ]),
      ),
    });
    const replaced: AuditEvent = { type: 'card.replaced', by: 'login' };
    const replace = (citizen: Citizen, card: ReadCard, i = 0, options: { transferCode?: string } = {}) =>
      node(i).replaceCard(citizen.account, card, { ceiling: 'high', confirm: [], ...options }, [replaced]);
    const linkedTo = async (card: ReadCard): Promise<Citizen> => {
      const outcome = await link(await newAccount(), card);
      if (outcome.kind !== 'linked') throw new Error(outcome.kind);
      return outcome.citizen;
    };

    test('20 at once for one account, with one code and without: one is linked, and the old one finds nobody', async () => {
      for (const code of [undefined, 'CODE']) {
        const old = cardOf();
        const citizen = await linkedTo(old);
        if (code !== undefined) await here.setTransferCode(citizen.account, code, Date.now() + 60_000, []);
        const cards = twenty.map(() => cardOf());
        const outcomes = await Promise.all(
          cards.map((card, i) => replace(citizen, card, i, code === undefined ? {} : { transferCode: code })),
        );
        expect(outcomes.filter(({ kind }) => kind === 'linked')).toHaveLength(1);
        expect(outcomes.filter(({ kind }) => kind === 'stale')).toHaveLength(19);
        expect(await there.findByCard(old)).toBeUndefined();
        const found = await Promise.all(cards.map((card) => there.findByCard(card)));
        expect(found.filter(Boolean)).toHaveLength(1);
        expect(found.find(Boolean)?.account).toMatchObject({ id: citizen.account.id, epoch: 2 });
        expect((await eventsOf(citizen)).filter((type) => type === 'card.replaced')).toHaveLength(1);
        expect(await there.transferCodeOf(citizen.account.id)).toBeUndefined();
      }
    });

    test('one new card for two accounts of namesakes at once: one has it', async () => {
      const [mine, yours] = [await linkedTo(cardOf()), await linkedTo(cardOf())];
      const card = cardOf();
      const outcomes = await Promise.all([replace(mine, card, 0), replace(yours, card, 1)]);
      expect(outcomes.map(({ kind }) => kind).sort()).toEqual(['linked', 'taken']);
    });

    test('of another person it is none, whatever code is shown', async () => {
      const citizen = await linkedTo(cardOf());
      await here.setTransferCode(citizen.account, 'OTHER', Date.now() + 60_000, []);
      for (const wrong of [{ birthdate: '19640813' }, { given_name: 'ERIKA MARIA' }, { family_name: 'GABLER' }])
        expect((await replace(citizen, cardOf(wrong), 0, { transferCode: 'OTHER' })).kind).toBe('otherCardLinked');
      expect(await here.transferCodeOf(citizen.account.id)).toBeGreaterThan(Date.now());
      expect((await here.findByTransferCode('OTHER'))?.account.id).toBe(citizen.account.id);
      expect((await replace(citizen, cardOf(), 0, { transferCode: 'WRONG' })).kind).toBe('stale');
    });

    test('taken away, it leaves nothing; together with the password one of both stays', async () => {
      const card = cardOf();
      const citizen = await linkedTo(card);
      const outcomes = await Promise.all(
        twenty.map((i) => node(i).unlinkCard(citizen.account, [{ type: 'card.removed' }])),
      );
      expect(outcomes.filter(({ kind }) => kind === 'removed')).toEqual([{ kind: 'removed', epoch: 2 }]);
      expect(outcomes.filter(({ kind }) => kind === 'stale')).toHaveLength(19);
      expect(await there.findByCard(card)).toBeUndefined();
      const without = await there.find(citizen.account.id);
      expect(without?.card).toBeUndefined();
      // What sessions proved with it must not count again beside another card.
      expect(without?.account.epoch).toBe(2);
      // The same card can come back, as one that nobody has.
      expect(without && (await link(without, card)).kind).toBe('linked');
      const alone = await here.create({ card: cardOf(), ceiling: 'high' }, []);
      expect(await here.unlinkCard(alone.account, [{ type: 'card.removed' }])).toEqual({ kind: 'last' });
      expect(await eventsOf(alone)).toEqual([]);
    });
  });

  describe('what services get', () => {
    test('20 first calls for a subject at once give one value, another in each sector and for each account', async () => {
      const [mine, yours] = [await newAccount(), await newAccount()];
      const of = async ({ account }: Citizen, sector: string): Promise<string> => {
        const all = await Promise.all(twenty.map((i) => node(i).subject(account.id, sector)));
        expect(new Set(all).size).toBe(1);
        return all[0] ?? '';
      };
      const all = [await of(mine, 'a'), await of(mine, 'b'), await of(yours, 'a')];
      expect(new Set(all).size).toBe(3);
      for (const subject of all) expect(subject).toMatch(/^[\w-]{32}$/);
      expect(await there.subject(mine.account.id, 'a')).toBe(all[0]);
      expect(await there.find(mine.account.id, 'b')).toEqual({ ...mine, subject: { sector: 'b', value: all[1] } });
      expect(await there.find(mine.account.id, 'c')).toEqual(mine);
      expect(await there.find(randomUUID(), 'a')).toBeUndefined();
    });

    test('20 consents at once leave one valid, that names everything', async () => {
      const { account } = await newAccount();
      await Promise.all(
        twenty.map((i) =>
          node(i).giveConsent(
            account.id,
            { clientId: 'service', claims: [`claim ${i}`], refused: [], scopes: ['openid'], at },
            [{ type: 'consent.given', claims: [] }],
          ),
        ),
      );
      const consent = await here.consent(account.id, 'service');
      expect([...(consent?.claims ?? [])].sort()).toEqual(twenty.map((i) => `claim ${i}`).sort());
      expect(await here.consent(account.id, 'another')).toBeUndefined();
    });
  });
}
