import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { maximumLengths } from '../../src/portal/mein-postfach/letters/letter.ts';
import { startCitizenScene, town, words, type CitizenScene, type Visitor } from '../support/citizen-mailbox.ts';
import { resetClock, shiftClock } from '../support/clock.ts';

const minutes = 60_000;
const day = 86_400_000;
const county = { id: 'landratsamt', authority: 'landkreis', name: { de: 'Landratsamt', en: 'District office' } };

let world: CitizenScene;
/** A new person for each test: nobody's letters are in the way. */
let name: string;
let citizen: Visitor;
let people = 0;

beforeAll(async () => {
  world = await startCitizenScene();
});
afterAll(() => world.close());
beforeEach(() => {
  people += 1;
  name = `person-${people}`;
  citizen = world.visitor(name);
  world.level('basic');
  world.scene.provider.requests.length = 0;
});
afterEach(resetClock);

/** The levels that the provider was asked for, one for each login. */
const asked = (): (string | undefined)[] =>
  world.scene.provider.requests.map((request) => {
    const claims = JSON.parse(request.get('claims') ?? '{}') as { id_token?: { acr?: { values?: string[] } } };
    return claims.id_token?.acr?.values?.[0]?.replace(/.*\//, '');
  });

describe('the folders', () => {
  test('the inbox shows who wrote what and when; the first page leads to it', async () => {
    await world.provide(name, { files: [{ name: 'a.txt', type: 'text/plain', content: Buffer.from('a') }] });
    const page = await citizen.opens('/');
    expect(page.url.pathname).toBe('/postfach');
    for (const word of ['Stadt Musterstadt', 'Ihr Antrag auf Wohngeld', 'Neu', '1 Anlage', '1 neuer Brief'])
      expect(words(page)).toContain(word);
    expect(page.headers.get('cache-control')).toBe('no-store');
  });

  test('an empty mailbox says how letters come into it, in English as well', async () => {
    expect(words(await citizen.opens('/postfach'))).toContain('Noch keine Briefe');
    const english = await citizen.opens('/postfach', { 'accept-language': 'en' });
    expect(words(english)).toContain('No letters yet');
  });

  test('above the level there is sender and date, a lock and the way to open it, and nothing else', async () => {
    const id = await world.provide(name, { level: 'high', subject: 'Geheimsache', service: 'Geheimdienst' });
    const page = await citizen.opens('/postfach');
    expect(words(page)).toContain('Stadt Musterstadt');
    expect(words(page)).toContain('Mit Online-Ausweis öffnen');
    expect(words(page)).toContain('Gesperrt: Niveau „hoch“ nötig');
    expect(page.body).not.toMatch(/Geheim/);
    world.level('high');
    const opened = await citizen.opens(`/postfach/${id}`);
    expect(asked()).toEqual([undefined, 'high']);
    expect(opened.url.pathname).toBe(`/postfach/${id}`);
    expect(words(opened)).toContain('Geheimsache');
  });

  test('several letters are filed at once, and come back from archive and trash', async () => {
    const ids = [await world.provide(name, { subject: 'Eins' }), await world.provide(name, { subject: 'Zwei' })];
    const several = (action: string): [string, string][] => [
      ['aktion', action],
      ...ids.map((id): [string, string] => ['brief', id]),
    ];
    const archived = await citizen.sends('/postfach', '/postfach', several('archivieren'));
    expect(words(archived)).toContain('Ins Archiv gelegt.');
    expect(words(archived)).toContain('Noch keine Briefe');
    expect(words(await citizen.opens('/postfach?ordner=archiv'))).toMatch(/Zwei.*Eins/);
    await citizen.sends('/postfach?ordner=archiv', '/postfach', several('papierkorb'));
    const trash = await citizen.opens('/postfach?ordner=papierkorb');
    expect(words(trash)).toMatch(/Zwei.*Eins/);
    expect(words(trash)).toMatch(/wird am .* gelöscht/);
    await citizen.sends('/postfach?ordner=papierkorb', '/postfach', several('wiederherstellen'));
    expect(words(await citizen.opens('/postfach?ordner=archiv'))).toMatch(/Zwei.*Eins/);
    await citizen.sends('/postfach?ordner=archiv', '/postfach', several('gelesen'));
    expect((await citizen.opens('/postfach?ordner=archiv')).body).not.toContain('bid-letter--unread');
  });

  test('a form without a chosen letter says so', async () => {
    await world.provide(name);
    const page = await citizen.sends('/postfach', '/postfach', { aktion: 'archivieren' });
    expect(words(page)).toContain('Sie haben keinen Brief ausgewählt');
  });

  test('removing for good asks once more, and spares what this login may not read', async () => {
    const open = await world.provide(name, { subject: 'Offen' });
    const locked = await world.provide(name, { subject: 'Verborgen', level: 'high' });
    const both: [string, string][] = [
      ['brief', open],
      ['brief', locked],
    ];
    await citizen.sends('/postfach', '/postfach', [['aktion', 'papierkorb'], ...both]);
    const question = await citizen.sends('/postfach', '/postfach', [['aktion', 'loeschen'], ...both]);
    expect(words(question)).toContain('Endgültig löschen?');
    expect((await world.postfach.records.letters.counts(await world.mailbox(name))).trash).toBe(2);
    const done = await citizen.sends('/postfach', '/postfach', [['aktion', 'loeschen'], ['bestaetigt', '1'], ...both]);
    expect(words(done)).toContain('Nicht alle Briefe wurden gelöscht');
    expect((await world.postfach.records.letters.counts(await world.mailbox(name))).trash).toBe(1);
    expect((await citizen.opens(`/postfach/${open}`)).status).toBe(404);
  });

  test('filters for unread, sender, period and application; twenty on a page', async () => {
    const applicationId = 'b7b8bd2f-9c1a-4a52-9a2b-0b4d4b9f6a01';
    await world.provide(name, { subject: 'Uralt', providedAt: Date.now() - 400 * day });
    await world.provide(name, { subject: 'Vom Kreis', sender: county });
    await world.provide(name, { subject: 'Zum Vorgang', applicationId });
    const read = await world.provide(name, { subject: 'Gelesen' });
    await citizen.opens(`/postfach/${read}`);
    for (let i = 0; i < 19; i += 1)
      await world.provide(name, { subject: `Masse ${i}`, providedAt: Date.now() - 50 * day });

    expect(words(await citizen.opens('/postfach?absender=landratsamt'))).not.toContain('Masse');
    expect(words(await citizen.opens('/postfach?absender=landratsamt'))).toContain('Vom Kreis');
    expect(words(await citizen.opens('/postfach?ungelesen=1'))).not.toContain('Gelesen');
    const month = words(await citizen.opens('/postfach?zeitraum=d30'));
    expect(month).toContain('Zum Vorgang');
    expect(month).not.toMatch(/Masse|Uralt/);

    const status = {
      level: 'basic',
      status: 'PROCESSING',
      publicServiceName: 'Wohngeld',
      senderName: 'Amt',
      createdAt: Date.now(),
    } as const;
    await world.postfach.records.applications.addStatus(
      await world.mailbox(name),
      { sender: town, applicationId, statusId: 's1' },
      status,
      'hash',
    );
    const mailbox = await world.mailbox(name);
    const application = await world.postfach.records.applications.idOf(mailbox, town.authority, applicationId);
    const ofApplication = words(await citizen.opens(`/postfach?vorgang=${application}`));
    expect(ofApplication).toContain('Zum Vorgang');
    expect(ofApplication).not.toContain('Vom Kreis');

    const first = await citizen.opens('/postfach');
    expect(words(first)).not.toContain('Uralt');
    const next = /href="(\/postfach\?ab=[^"]+)"/.exec(first.body)?.[1] ?? '';
    const second = words(await citizen.opens(next.replaceAll('&amp;', '&')));
    expect(second).toContain('Uralt');
    expect(second).not.toContain('Vom Kreis');
  });
});

describe('the search', () => {
  test('finds the beginning of any word in all folders, umlauts however they are written', async () => {
    const id = await world.provide(name, { content: { type: 'html', body: '<p>Die <b>Gebühren</b>ordnung</p>' } });
    await world.provide(name, { subject: 'Etwas anderes', content: { type: 'text', body: 'nichts' } });
    await citizen.sends('/postfach', '/postfach', { aktion: 'archivieren', brief: id });
    for (const query of ['gebuehr', 'Gebühren', 'gebuhr wohng', 'musterst gebühr']) {
      const page = await citizen.opens(`/postfach?suche=${encodeURIComponent(query)}`);
      expect(words(page)).toContain(`1 Brief gefunden zu „${query}“`);
      expect(words(page)).toContain('im Archiv');
    }
    expect(words(await citizen.opens('/postfach?suche=xylophon'))).toContain('Nichts gefunden');
  });

  test('finds letters above the level by their sender only', async () => {
    const id = await world.provide(name, { level: 'high', subject: 'Pfändung', sender: county });
    expect(words(await citizen.opens('/postfach?suche=pfändung'))).toContain('Nichts gefunden');
    const bySender = await citizen.opens('/postfach?suche=landratsamt');
    expect(words(bySender)).toContain('1 Brief gefunden');
    expect(words(bySender).replace(/„.*?“/g, '')).not.toContain('Pfändung');
    world.level('high');
    await citizen.opens(`/postfach/${id}`);
    expect(words(await citizen.opens('/postfach?suche=pfändung'))).toContain('1 Brief gefunden');
  });

  test('knows what came and what went since it was asked last', async () => {
    const first = await world.provide(name, { subject: 'Laterne' });
    expect(words(await citizen.opens('/postfach?suche=laterne'))).toContain('1 Brief gefunden');
    await world.provide(name, { subject: 'Laternen' });
    expect(words(await citizen.opens('/postfach?suche=laterne'))).toContain('2 Briefe gefunden');
    const gone: [string, string][] = [
      ['brief', first],
      ['bestaetigt', '1'],
    ];
    await citizen.sends('/postfach', '/postfach', [['aktion', 'papierkorb'], ...gone]);
    await citizen.sends('/postfach', '/postfach', [['aktion', 'loeschen'], ...gone]);
    expect(words(await citizen.opens('/postfach?suche=laterne'))).toContain('1 Brief gefunden');
  });
});

describe('a letter', () => {
  test('is read, and its first opening noted once', async () => {
    const id = await world.provide(name, {
      reference: 'WG-1',
      deemedDelivery: { rule: 'ozg_9', days: 4 },
      providedAt: Date.UTC(2026, 10, 20, 12),
    });
    const page = await citizen.opens(`/postfach/${id}`);
    for (const text of ['es fehlt die Mietbescheinigung', 'Absender geprüft', 'WG-1', '24. November 2026', '§ 9 OZG'])
      expect(words(page)).toContain(text);
    await citizen.opens(`/postfach/${id}`);
    const journal = await world.postfach.records.journal.ofLetter(await world.mailbox(name), id);
    expect(journal.filter(({ type }) => type === 'opened')).toHaveLength(1);
    expect(words(await citizen.opens('/postfach'))).not.toContain('Neu');
  });

  test('what a browser fetches before anybody asks for it does not count as opened', async () => {
    const id = await world.provide(name);
    await citizen.opens('/postfach');
    for (const path of ['', '/brief.pdf', '/antwort'])
      expect((await citizen.opens(`/postfach/${id}${path}`, { 'sec-purpose': 'prefetch;prerender' })).status).toBe(204);
    const journal = await world.postfach.records.journal.ofLetter(await world.mailbox(name), id);
    expect(journal.map(({ type }) => type)).toEqual(['provided']);
  });

  test('its link asks for the letter’s own level when nobody is logged in, for an unknown one for the highest', async () => {
    const id = await world.provide(name, { level: 'substantial' });
    world.level('substantial');
    expect(words(await citizen.opens(`/postfach/${id}`))).toContain('Mietbescheinigung');
    world.level('high');
    expect((await world.visitor(name).opens('/postfach/AZ4XgibtEsNicht')).status).toBe(404);
    world.level('basic');
    await world.visitor(name).opens(`/postfach/${await world.provide(name)}`);
    expect(asked()).toEqual(['substantial', 'high', undefined]);
  });

  test('HTML is built anew: links show their host and open elsewhere', async () => {
    const body = '<h2>Oben</h2><ul><li>Punkt</li></ul><p><a href="https://amt.example/weg?a=1&amp;b=2">hier</a></p>';
    const page = await citizen.opens(`/postfach/${await world.provide(name, { content: { type: 'html', body } })}`);
    expect(page.body).toContain(
      '<a class="bid-lettertext__link" href="https://amt.example/weg?a=1&amp;b=2" target="_blank" rel="noopener noreferrer">',
    );
    expect(words(page)).toContain('Dieser Brief enthält Links zu anderen Seiten');
    expect(words(page)).toContain('(amt.example, öffnet ein neues Fenster)');
  });

  test('is filed from its own page, marked and restored', async () => {
    const id = await world.provide(name);
    const path = `/postfach/${id}`;
    expect(words(await citizen.sends(path, path, { aktion: 'wichtig' }))).toContain('Als wichtig markiert.');
    expect(words(await citizen.sends(path, path, { aktion: 'papierkorb' }))).toContain('In den Papierkorb gelegt');
    expect(words(await citizen.opens(path))).toContain('Dieser Brief liegt im Papierkorb');
    expect(words(await citizen.sends(path, path, { aktion: 'wiederherstellen' }))).toContain('Wiederhergestellt.');
    expect(words(await citizen.sends(path, path, { aktion: 'ungelesen' }))).toMatch(/Neu.*Wichtig/);
  });

  test('that was taken out of the trash in another tab is not removed from the first', async () => {
    const id = await world.provide(name);
    const path = `/postfach/${id}`;
    await citizen.sends(path, path, { aktion: 'papierkorb' });
    const mailbox = await world.mailbox(name);
    await world.postfach.records.letters.undelete(mailbox, [id]);
    const page = await citizen.sends(path, path, { aktion: 'loeschen' });
    expect(words(page)).toContain('Was möchten Sie mit dem Brief tun?');
    expect((await world.postfach.records.letters.counts(mailbox)).inbox).toBe(1);
  });

  test('is saved as a tagged PDF with title and language', async () => {
    const id = await world.provide(name, { subject: 'Bescheid für Żaneta Łęcka' });
    const page = await citizen.opens(`/postfach/${id}/brief.pdf`);
    expect(page.headers.get('content-type')).toBe('application/pdf');
    expect(page.headers.get('content-disposition')).toContain("filename*=UTF-8''Bescheid%20f%C3%BCr%20%C5%BBaneta");
    expect(page.body.slice(0, 8)).toBe('%PDF-1.7');
    for (const part of ['/MarkInfo', '/StructTreeRoot', '/Lang (de-DE)', '/DisplayDocTitle true'])
      expect(page.body).toContain(part);
  });
});

describe('attachments', () => {
  const file = {
    name: 'Bescheid für 2026.pdf',
    type: 'application/pdf',
    content: Buffer.from('%PDF-1.7 '.repeat(9000)),
  };

  const linkOf = async (id: string): Promise<string> =>
    /href="(\/postfach\/[^"]+\/anlagen\/[^"]+)"/.exec((await citizen.opens(`/postfach/${id}`)).body)?.[1] ?? '';

  test('are saved under their name, never shown in the page’s origin', async () => {
    const id = await world.provide(name, { files: [file] });
    const page = await citizen.opens(await linkOf(id));
    expect(page.status).toBe(200);
    expect(Buffer.from(page.body)).toEqual(file.content);
    expect(page.headers.get('content-disposition')).toBe(
      `attachment; filename="Bescheid fur 2026.pdf"; filename*=UTF-8''Bescheid%20f%C3%BCr%202026.pdf`,
    );
    expect(page.headers.get('content-security-policy')).toBe("default-src 'none'; sandbox");
    expect(page.headers.get('x-content-type-options')).toBe('nosniff');
    expect(page.headers.get('cache-control')).toBe('no-store');
    expect(page.headers.get('content-length')).toBe(String(file.content.length));
  });

  test('one that was changed on disk is not given out, not even its sound beginning', async () => {
    const id = await world.provide(name, { files: [file] });
    const link = await linkOf(id);
    const before = new Set(
      readdirSync(world.attachments, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()),
    );
    const changed = [...before]
      .map(({ parentPath, name: entry }) => join(parentPath, entry))
      .find((path) => path.endsWith(link.split('/').at(-1) ?? '-'));
    const bytes = readFileSync(changed ?? '');
    bytes[bytes.length - 20] = (bytes[bytes.length - 20] ?? 0) ^ 1;
    writeFileSync(changed ?? '', bytes);
    const page = await citizen.opens(link);
    expect(page.status).toBe(500);
    expect(words(page)).toContain('Diese Anlage ist beschädigt');
    expect(page.body).not.toContain('%PDF');
  });

  test('above the level the letter asks for it; a download never ends in the middle of a login', async () => {
    const id = await world.provide(name, { level: 'high', files: [file] });
    world.level('high');
    const link = await linkOf(id);
    shiftClock(10 * minutes);
    const page = await citizen.opens(link);
    expect(page.url.pathname).toBe(`/postfach/${id}`);
  });
});

describe('a reply', () => {
  const reply = { allowed: true };

  test('is written, looked at, and sent once, however often the button is pressed', async () => {
    const id = await world.provide(name, { reply });
    const form = `/postfach/${id}/antwort`;
    const preview = await citizen.sends(form, form, { antwort: '  Anbei\r\ndie Bescheinigung. <b>Gruß</b>\u0007 ' });
    expect(words(preview)).toContain('Antwort prüfen und senden');
    expect(preview.body).toContain('Anbei\ndie Bescheinigung. &lt;b>Gruß&lt;/b>');
    const path = preview.url.pathname;
    expect((await citizen.opens(`${form}?entwurf=${path.split('/').at(-1)}`)).body).toContain('Bescheinigung');
    const [one, two] = await Promise.all([citizen.sends(path, path, {}), citizen.sends(path, path, {})]);
    expect([one.status, two.status]).toEqual([200, 200]);
    expect(words(one)).toContain('Ihre Antwort ist gesendet.');
    expect(words(await citizen.sends(`/postfach/${id}`, path, {}))).toContain('Ihre Antwort ist gesendet.');
    const { replies } = await world.postfach.records.replies.waiting(town.id, undefined, 1000);
    expect(replies.filter(({ text }) => text.startsWith('Anbei'))).toHaveLength(1);
  });

  test('an empty one and one that is too long come back with what was written', async () => {
    const id = await world.provide(name, { reply });
    const form = `/postfach/${id}/antwort`;
    const empty = await citizen.sends(form, form, { antwort: ' \n ' });
    expect(empty.status).toBe(422);
    expect(words(empty)).toContain('Schreiben Sie Ihre Antwort.');
    const long = await citizen.sends(form, form, { antwort: `ä${'b'.repeat(maximumLengths.reply)}` });
    expect(long.status).toBe(422);
    expect(words(long)).toContain('um 1 Zeichen zu lang');
    expect(long.body).toContain('äbbb');
  });

  test('may be as long in any writing', async () => {
    const id = await world.provide(name, { reply });
    const form = `/postfach/${id}/antwort`;
    const preview = await citizen.sends(form, form, { antwort: '語'.repeat(maximumLengths.reply) });
    expect(words(preview)).toContain('Antwort prüfen und senden');
    const long = await citizen.sends(form, form, { antwort: '語'.repeat(maximumLengths.reply + 5000) });
    expect([long.status, words(long).includes('um 5.000 Zeichen zu lang')]).toEqual([422, true]);
  });

  test('survives that the level runs out while it is written', async () => {
    const id = await world.provide(name, { reply, level: 'high' });
    world.level('high');
    const form = `/postfach/${id}/antwort`;
    const csrf = / name="csrf" value="([^"]+)"/.exec((await citizen.opens(form)).body)?.[1] ?? '';
    shiftClock(10 * minutes);
    const preview = await citizen.visit(`${world.origin}${form}`, { form: { csrf, antwort: 'Lange überlegt' } });
    expect(asked()).toEqual(['high', 'high']);
    expect(words(preview)).toContain('Antwort prüfen und senden');
    expect(words(preview)).toContain('Lange überlegt');
  });

  test('is not taken where none is wanted, and after its time the text is not lost', async () => {
    const closed = await world.provide(name);
    expect((await citizen.opens(`/postfach/${closed}/antwort`)).url.pathname).toBe(`/postfach/${closed}`);
    const until = Date.now() + 10 * minutes;
    const id = await world.provide(name, { reply: { allowed: true, until } });
    const form = `/postfach/${id}/antwort`;
    const preview = await citizen.sends(form, form, { antwort: 'Zu spät gesendet' });
    const csrf = / name="csrf" value="([^"]+)"/.exec(preview.body)?.[1] ?? '';
    shiftClock(11 * minutes);
    const late = await citizen.visit(preview.url.href, { form: { csrf } });
    expect(late.status).toBe(409);
    expect(words(late)).toContain('Ihre Antwort wurde nicht gesendet');
    expect(words(late)).toContain('Zu spät gesendet');
    expect(words(await citizen.opens(`/postfach/${id}`))).toContain('Die Zeit für eine Antwort war');
  });
});

test('Meine Vorgänge: how far an application has got, as a history with its letters', async () => {
  const mailbox = await world.mailbox(name);
  const applicationId = 'f3d0a3a2-7d0a-4b55-8e2e-1c0de50bb001';
  const base = { level: 'basic', publicServiceName: 'Wohngeld', senderName: 'Stadt Musterstadt' } as const;
  const statuses = ['RECEIVED', 'PROCESSING', 'ACTION_REQUIRED'] as const;
  for (const [i, status] of statuses.entries())
    await world.postfach.records.applications.addStatus(
      mailbox,
      { sender: town, applicationId, statusId: `s${i}` },
      { ...base, status, createdAt: Date.now() - (3 - i) * day, statusDetails: `Schritt ${i}` },
      `hash ${i}`,
    );
  await world.provide(name, { applicationId, subject: 'Zum Vorgang' });
  await world.provide(name, { applicationId, subject: 'Verborgen', level: 'high' });
  const list = await citizen.opens('/vorgaenge');
  expect(words(list)).toContain('Sie müssen etwas tun');
  const path = /href="(\/vorgaenge\/[^"]+)"/.exec(list.body)?.[1] ?? '';
  const one = words(await citizen.opens(path));
  expect(one).toMatch(/Schritt 2.*Schritt 1.*Schritt 0/);
  expect(one).toContain('Zum Vorgang');
  expect(one).not.toContain('Verborgen');
  expect((await citizen.opens('/vorgaenge/gibt-es-nicht')).status).toBe(404);
});

test('a status above the level shows its authority and its date; opening the application steps up and comes back to it', async () => {
  const mailbox = await world.mailbox('vorgang-gesperrt');
  const [low, secret] = ['f3d0a3a2-7d0a-4b55-8e2e-1c0de50bb002', 'f3d0a3a2-7d0a-4b55-8e2e-1c0de50bb003'];
  const add = (applicationId: string, statusId: string, level: 'basic' | 'high', service: string) =>
    world.postfach.records.applications.addStatus(
      mailbox,
      { sender: town, applicationId, statusId },
      {
        level,
        status: 'PROCESSING',
        publicServiceName: service,
        senderName: 'Stadt Musterstadt',
        createdAt: Date.now() - (statusId === '1' ? 2 : 1) * day,
        statusDetails: `Einzelheit ${service}`,
      },
      `${applicationId} ${statusId}`,
    );
  await add(low, '1', 'high', 'Sozialhilfe');
  await add(low, '2', 'basic', 'Wohngeld');
  await add(secret, '1', 'high', 'Pfändung');
  world.level('basic');
  const person = world.visitor('vorgang-gesperrt');
  const list = await person.opens('/vorgaenge');
  expect(words(list)).toContain('Stand und Angaben zu diesem Vorgang sind noch verborgen.');
  expect(list.body).not.toMatch(/Pfändung|Sozialhilfe/);
  expect((await person.opens('/postfach')).body).not.toMatch(/Pfändung|Sozialhilfe/);
  const ids = await Promise.all(
    [low, secret].map((id) => world.postfach.records.applications.idOf(mailbox, town.authority, id)),
  );
  const half = words(await person.opens(`/vorgaenge/${ids[0]}`));
  expect(half).toContain('Einzelheit Wohngeld');
  expect(half).toContain('Gesperrt: Niveau „hoch“ nötig');
  expect(half).not.toContain('Sozialhilfe');
  world.level('high');
  const opened = await person.opens(`/vorgaenge/${ids[1]}`);
  expect(opened.url.pathname).toBe(`/vorgaenge/${ids[1]}`);
  expect(words(opened)).toContain('Einzelheit Pfändung');
  world.level('basic');
});

describe('the settings', () => {
  const path = '/postfach/einstellungen';

  test('notices can be turned off and on', async () => {
    expect(words(await citizen.sends(path, path, { aktion: 'hinweise-aus' }))).toContain('ausgeschaltet');
    expect((await world.mailbox(name)).notices).toBe(false);
    await citizen.sends(path, path, { aktion: 'hinweise-an' });
    expect((await world.mailbox(name)).notices).toBe(true);
  });

  test('each consent needs its own tick, and goes by itself', async () => {
    const inForce = async (): Promise<string[]> =>
      (await world.postfach.records.consents.all(await world.mailbox(name))).flatMap(({ kind, withdrawnAt }) =>
        withdrawnAt === undefined ? [kind] : [],
      );
    const without = await citizen.sends(path, path, { aktion: 'einwilligen', art: 'zustellung' });
    expect(without.status).toBe(422);
    expect(words(without)).toContain('Setzen Sie den Haken');
    expect(await inForce()).toEqual([]);
    await citizen.sends(path, path, { aktion: 'einwilligen', art: 'zustellung', verstanden: '1' });
    await citizen.sends(path, path, { aktion: 'einwilligen', art: 'bekanntgabe', verstanden: '1' });
    expect((await inForce()).toSorted()).toEqual(['bekanntgabe', 'zustellung']);
    const after = await citizen.sends(path, path, { aktion: 'widerrufen', art: 'zustellung' });
    expect(await inForce()).toEqual(['bekanntgabe']);
    expect(words(after)).toMatch(/Zustellung: widerrufen.*Zustellung: eingewilligt/);
    expect((await citizen.sends(path, path, { aktion: 'einwilligen', art: 'alles', verstanden: '1' })).status).toBe(
      400,
    );
  });

  test('a blocked sender gets nothing in, until it may again; others do', async () => {
    await world.provide(name);
    expect(words(await citizen.sends(path, path, { aktion: 'sperren', absender: town.id }))).toContain('gesperrt seit');
    await expect(world.provide(name)).rejects.toThrow('gone');
    await world.provide(name, { sender: county });
    await citizen.sends(path, path, { aktion: 'zulassen', absender: town.id });
    await world.provide(name);
    expect((await citizen.sends(path, path, { aktion: 'sperren', absender: 'fremd' })).status).toBe(404);
  });
});

test('the mailbox of an account that was joined to another one says that its letters have moved', async () => {
  await world.provide(name);
  await citizen.opens('/postfach');
  await world.mailbox(`${name}-bleibt`);
  await world.postfach.records.joined.join(name, `${name}-bleibt`);
  const page = await citizen.opens('/postfach');
  expect([page.status, words(page).includes('Keiner ist verloren')]).toEqual([410, true]);
  await world.postfach.runJobs();
  expect(words(await citizen.opens('/vorgaenge'))).toContain('Ihre Briefe sind umgezogen');
});

test('the mailbox of a deleted account is closed for good', async () => {
  const id = await world.provide(name);
  await citizen.opens('/postfach');
  await world.postfach.records.mailboxes.purge(name, []);
  for (const path of ['/postfach', `/postfach/${id}`, '/vorgaenge', '/postfach/einstellungen']) {
    const page = await citizen.opens(path);
    expect(page.status).toBe(410);
    expect(words(page)).toContain('Dieses Postfach gibt es nicht mehr');
  }
});
