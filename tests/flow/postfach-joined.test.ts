import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createPerson, textOf } from '../support/browse.ts';
import { agree, newAccountByCard, proveBoth } from '../support/joining.ts';
import { erika } from '../support/journey.ts';
import { declared, letterTo, newId, startPostfach, type PostfachWorld, type TestSender } from '../support/postfach.ts';

let world: PostfachWorld;
let sender: TestSender;
beforeAll(async () => {
  world = await startPostfach();
  sender = await world.sender('amt');
});
afterAll(() => world.stop());

test('MB-10: letters of an account that ends in another one move there, and whoever writes to it reaches the other', async () => {
  const { app } = world;
  const own = await sender.handleOf(erika);
  await sender.deliver(newId(), letterTo(own, { subject: 'An das Konto, das bleibt' }));
  // The wrong click: the same person once more, by her card alone, with a mailbox of its own.
  const browser = createPerson();
  const { service } = sender;
  const asked = await service.ask(browser, { scope: 'openid postfach' });
  const { access_token: access } = await service.redeem(await newAccountByCard(app, browser, asked, 'erika'));
  const told = await fetch(`${app.issuer}/me`, { headers: { authorization: `Bearer ${access}` } });
  const { postfach: former = '' } = (await told.json()) as { postfach?: string };
  const file = { name: 'a.txt', type: 'text/plain', content: Buffer.from('Anlage') };
  const moved = newId();
  const letter = letterTo(former, { subject: 'An das Konto, das endet', attachments: declared([file]) });
  const { body: receipt } = await sender.deliver(moved, letter, [file]);
  const before = await browser.visit(`${app.postfach}/postfach`);
  expect(textOf(before)).toContain('An das Konto, das endet');

  const person = createPerson();
  const review = await proveBoth(app, person, erika, { card: 'erika' });
  expect(textOf(review)).toContain('Ihre Briefe ziehen um');
  expect(textOf(await agree(person, review))).toContain('Ihre Konten sind zusammengelegt');
  await app.outboxEmpty();
  await world.postfach.runJobs();

  const inbox = textOf(await person.visit(`${app.postfach}/postfach`));
  expect(inbox).toContain('An das Konto, das endet');
  expect(inbox).toContain('An das Konto, das bleibt');
  const opened = await person.visit(`${app.postfach}/postfach/${String(receipt['letter'])}`);
  const link = /href="(\/postfach\/[^"]*\/anlage[^"]*)"/.exec(opened.body)?.[1] ?? '';
  expect((await person.visit(`${app.postfach}${link}`)).body).toBe('Anlage');
  // For the sender nothing has happened.
  expect((await sender.deliver(moved, letter, [file])).body).toEqual(receipt);
  expect((await sender.call('GET', `/api/letters/${moved}`)).body).toMatchObject({ deleted_by_citizen: false });
  for (const [i, handle] of [own, former].entries())
    expect((await sender.deliver(newId(), letterTo(handle, { subject: `Danach ${i}` }))).status).toBe(201);
  const later = textOf(await person.visit(`${app.postfach}/postfach`));
  expect(later).toContain('Danach 0');
  expect(later).toContain('Danach 1');
  // Nothing opens for the login of the account that ended.
  expect(textOf(await browser.visit(`${app.postfach}/postfach`))).not.toContain('An das Konto');
});
