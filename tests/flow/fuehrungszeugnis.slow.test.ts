import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { textOf, createPerson, type Person } from '../support/browse.ts';
import { refreshOf } from '../support/bezahlsystem.ts';
import { loginAtPortal, max } from '../support/journey.ts';
import {
  payAddressOf,
  somePdf,
  startApplications,
  upload,
  type ApplicationWorld,
} from '../support/fuehrungszeugnis.ts';

let world: ApplicationWorld;

beforeAll(async () => {
  world = await startApplications();
});
afterAll(() => world.stop());

const idIn = (url: URL): string => url.pathname.split('/').at(-1) ?? '';

describe('an application that is paid', () => {
  let erika: Person;
  let id: string;

  test('is filled in, checked, paid and sent', async () => {
    erika = createPerson();
    const check = await world.fillsIn(erika);
    expect(check.url.pathname).toBe('/fuehrungszeugnis/pruefen');
    for (const words of ['MUSTERMANN', 'GABLER', 'BERLIN', '51147 KÖLN', 'Belegart N', 'Muster', 'Mein Postfach'])
      expect(textOf(check)).toContain(words);
    const paying = await world.sends(erika, check);
    expect(paying.url.pathname).toBe('/fuehrungszeugnis/zahlung');
    expect(textOf(paying)).toContain('13,00 €');
    const sent = await world.paysFee(erika, paying, 'success');
    expect(sent.url.pathname).toMatch(/^\/fuehrungszeugnis\/antraege\/[\w-]{36}$/);
    expect(textOf(sent)).toMatch(/Aktenzeichen: FZ-20\d\d-\d{10}/);
    id = idIn(sent.url);
  });

  test('is confirmed on paper and by a letter, with its state', async () => {
    const pdf = await erika.visit(`${world.app.fz}/fuehrungszeugnis/antraege/${id}/bestaetigung.pdf`);
    expect(pdf.headers.get('content-type')).toBe('application/pdf');
    await world.lettersSent();
    const inbox = await erika.visit(`${world.app.postfach}/postfach`);
    expect(textOf(inbox)).toContain('Ihr Antrag auf ein Führungszeugnis ist eingegangen');
    const application = await erika.follow(await erika.visit(`${world.app.postfach}/vorgaenge`), '/vorgaenge/');
    expect(textOf(application)).toContain('Antrag eingegangen');
  });

  test('is answered, and the answer is a letter', async () => {
    const { applications } = world.fuehrungszeugnis.records;
    expect(await applications.takeUp(id)).toBe(true);
    expect(await applications.answer(id, { outcome: 'issued', text: 'Alles Gute.', by: 'amt' })).toBe(true);
    expect(await applications.answer(id, { outcome: 'refused', text: '', by: 'amt' })).toBe(false);
    await world.lettersSent();
    expect(textOf(await erika.visit(`${world.app.postfach}/postfach`))).toContain(
      'Ihr Führungszeugnis ist ausgestellt',
    );
    const page = await erika.visit(`${world.app.fz}/fuehrungszeugnis/antraege/${id}`);
    expect(textOf(page)).toContain('ausgestellt und verschickt');
    expect(textOf(page)).toContain('Alles Gute.');
  });

  test('is counted, not named, for her own weaker login at the portal', async () => {
    const portal = textOf(await loginAtPortal(world.app, createPerson()));
    const tile = portal.slice(portal.indexOf('Ihre Anträge'), portal.indexOf('Offene Zahlungen'));
    expect(tile).toContain('1 geschützter Vorgang');
    expect(tile).not.toMatch(/Führungszeugnis|Registerbehörde|Abgeschlossen|Eingegangen/);
  });

  test('is there for nobody else', async () => {
    const other = createPerson();
    await loginAtPortal(world.app, other, max);
    for (const path of ['', '/bestaetigung.pdf']) {
      const page = await world.goes(other, `/fuehrungszeugnis/antraege/${id}${path}`, 'max');
      expect([page.url.pathname, page.status]).toEqual([`/fuehrungszeugnis/antraege/${id}${path}`, 404]);
    }
  });
});

describe('an application for an authority, extended and free', () => {
  test('names the authority, proves what it says and is sent without payment', async () => {
    const erika = createPerson();
    let page = await world.fillsIn(erika);
    page = await erika.submit(await erika.visit(`${world.app.fz}/fuehrungszeugnis/art`), '/art', {
      form: 'O',
      extended: '1',
    });
    expect(page.url.pathname).toBe('/fuehrungszeugnis/empfaenger');
    const authority = {
      name: 'Jugendamt Musterstadt',
      street_address: 'Rathausplatz 1',
      locality: 'Musterstadt',
      reference: 'JA 4711',
    };
    page = await erika.submit(page, '/empfaenger', { ...authority, postal_code: '9' });
    expect([page.status, textOf(page)]).toEqual([422, expect.stringContaining('fünf Ziffern')]);
    page = await erika.submit(page, '/empfaenger', { ...authority, postal_code: '90000' });
    page = await erika.submit(await erika.visit(`${world.app.fz}/fuehrungszeugnis/gebuehr`), '/gebuehr', {
      fee: 'volunteer',
    });
    expect(page.url.pathname).toBe('/fuehrungszeugnis/nachweise');
    page = await upload(erika, page, { name: 'programm.pdf', content: Buffer.from('MZ not a paper') });
    expect(page.status).toBe(422);
    page = await upload(erika, page, {
      content: Buffer.concat([somePdf, Buffer.from('<< /OpenAction 1 0 R /JS (app.alert(1)) >>')]),
    });
    expect(page.status).toBe(422);
    page = await upload(erika, page, {});
    const check = await erika.visit(`${world.app.fz}/fuehrungszeugnis/pruefen`);
    expect(textOf(check)).toContain('Es fehlt noch etwas');
    page = await upload(erika, page, { zweck: 'exemption', name: 'verein.pdf' });
    page = await erika.follow(page, '/pruefen');
    for (const words of ['Belegart O', '§ 30a', 'Jugendamt Musterstadt', 'JA 4711', 'aufforderung.pdf', 'verein.pdf'])
      expect(textOf(page)).toContain(words);
    page = await erika.submit(page, '/pruefen', {});
    expect([page.status, textOf(page)]).toEqual([422, expect.stringContaining('für sich selbst stellen')]);
    page = await world.sends(erika, page);
    expect(page.url.pathname).toMatch(/^\/fuehrungszeugnis\/antraege\//);
    const documents = await world.fuehrungszeugnis.records.documents.of(idIn(page.url));
    expect(documents.map(({ purpose, name }) => [purpose, name])).toEqual([
      ['demand', 'aufforderung.pdf'],
      ['exemption', 'verein.pdf'],
    ]);
  });
});

describe('a payment', () => {
  test('that was declined and ended gives the draft back, and the next one counts', async () => {
    const erika = createPerson();
    let page = await world.sends(erika, await world.fillsIn(erika));
    const payAt = payAddressOf(page);
    const stopped = await erika.submit(await erika.visit(`${payAt}/abbrechen`), '/abbrechen');
    expect(stopped.status).toBe(200);
    page = await erika.visit(`${world.app.fz}/fuehrungszeugnis/zahlung`);
    expect([page.url.pathname, textOf(page)]).toEqual([
      '/fuehrungszeugnis/pruefen',
      expect.stringContaining('Die Zahlung ist nicht zustande gekommen'),
    ]);
    page = await world.sends(erika, page);
    expect(payAddressOf(page)).not.toBe(payAt);
    page = await world.paysFee(erika, page, 'success');
    expect(page.url.pathname).toMatch(/^\/fuehrungszeugnis\/antraege\//);
  });

  test('PA-13 that nobody came back from is found out, and the application sent', async () => {
    const erika = createPerson();
    const page = await world.sends(erika, await world.fillsIn(erika));
    const { applications } = world.fuehrungszeugnis.records;
    const sub = (await world.app.subjects('erika'))['bayern/fuehrungszeugnis'] ?? '';
    const before = (await applications.sentOf(sub)).length;
    const choosing = await erika.submit(await erika.visit(payAddressOf(page)), new URL(payAddressOf(page)).pathname, {
      method: 'CREDITCARD',
    });
    expect(refreshOf(choosing)).not.toBe('');
    await world.pays({ transactionRedirectUrl: payAddressOf(page) } as never, 'success', erika);
    const waiting = await applications.openOf(sub);
    expect(waiting?.state).toBe('paying');
    await applications.claimCheck({ id: waiting?.id ?? '', checks: waiting?.checks ?? 0 }, 0);
    await world.fuehrungszeugnis.runJobs();
    expect(await applications.openOf(sub)).toBeUndefined();
    expect(await applications.sentOf(sub)).toHaveLength(before + 1);
  });
});

test('a draft outlives logout and a restart', async () => {
  const data = mkdtempSync(join(tmpdir(), 'bayern-id-applications-'));
  try {
    const before = await startApplications({ data });
    const erika = createPerson();
    const check = await before.fillsIn(erika);
    await erika.submit(check, '/abmelden');
    await before.stop();

    const after = await startApplications({ data });
    const again = createPerson();
    const page = await after.goes(again, '/fuehrungszeugnis/pruefen');
    expect([page.url.pathname, page.status]).toEqual(['/fuehrungszeugnis/pruefen', 200]);
    expect(textOf(page)).toContain('MUSTERMANN');
    const paying = await after.sends(again, page);
    expect(paying.url.pathname).toBe('/fuehrungszeugnis/zahlung');
    await after.stop();
  } finally {
    rmSync(data, { recursive: true, force: true });
  }
});
