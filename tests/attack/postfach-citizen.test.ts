import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { attachmentDisposition } from '../../src/web/send-file.ts';
import { treeOf } from '../../src/portal/mein-postfach/citizen/letter-tree.ts';
import { startCitizenScene, town, words, type CitizenScene, type Visitor } from '../support/citizen-mailbox.ts';
import { resetClock, shiftClock } from '../support/clock.ts';

const minutes = 60_000;
const secret = Buffer.from('Kontostand 1234');
const file = { name: 'Kontoauszug.pdf', type: 'application/pdf', content: secret };
const applicationId = 'b7b8bd2f-9c1a-4a52-9a2b-0b4d4b9f6a01';

let world: CitizenScene;
let victim: string;
let people = 0;

beforeAll(async () => {
  world = await startCitizenScene();
});
afterAll(() => world.close());
beforeEach(() => {
  people += 1;
  victim = `victim-${people}`;
  world.level('basic');
});
afterEach(resetClock);

const attachmentOf = async (browser: Visitor, id: string): Promise<string> =>
  /href="\/postfach\/[^"]+\/anlagen\/([^"]+)"/.exec((await browser.opens(`/postfach/${id}`)).body)?.[1] ?? '';

/** The victim's letter with everything that hangs on it, and the addresses of all of it. */
const victimsLetter = async (level: 'basic' | 'high' = 'basic') => {
  const id = await world.provide(victim, {
    level,
    applicationId,
    subject: 'Pfändung des Kontos',
    service: 'Vollstreckung',
    reference: 'GEHEIM-77',
    content: { type: 'text', body: 'Sie schulden uns eine Summe.' },
    reply: { allowed: true },
    files: [file],
  });
  const mailbox = await world.mailbox(victim);
  const [found] = await world.postfach.records.letters.summaries(mailbox, 'high', [id]);
  if (found === undefined) throw new Error('no letter');
  const letter = await world.postfach.records.letters.open(mailbox, 'high', id);
  if (letter === undefined || letter === 'above') throw new Error('no letter');
  const [attachment] = letter.files;
  return { id, attachment: attachment?.id ?? '' };
};

const secrets = /Pfändung|Vollstreckung|GEHEIM|schulden|Kontoauszug|Kontostand/;

describe('MB-01: what belongs to somebody else is not there', () => {
  test('no address of another’s letter says anything but what an address of none says', async () => {
    const { id, attachment } = await victimsLetter();
    const thief = world.visitor('thief');
    const own = await world.provide('thief', { files: [{ ...file, content: Buffer.from('own') }] });
    const absent = 'AZ4XgibtEsNichtAbCdEfGhI';
    // Tokens, the reference and the page's own address in the switches are different each time.
    const shape = (body: string): string => body.replaceAll(/value="[^"]*"|zurueck=[^"]*|<code>[^<]*<\/code>/g, '');
    for (const [theirs, none] of [
      [`/postfach/${id}`, `/postfach/${absent}`],
      [`/postfach/${id}/brief.pdf`, `/postfach/${absent}/brief.pdf`],
      [`/postfach/${id}/antwort`, `/postfach/${absent}/antwort`],
      [`/postfach/${id}/anlagen/${attachment}`, `/postfach/${absent}/anlagen/${attachment}`],
      [`/postfach/${own}/anlagen/${attachment}`, `/postfach/${own}/anlagen/${absent}`],
    ] as const) {
      const page = await thief.opens(theirs);
      expect(page.status).toBe(404);
      expect(page.body).not.toMatch(secrets);
      expect(shape(page.body)).toBe(shape((await thief.opens(none)).body));
    }
  });

  test('nothing can be done with another’s letter, singly or among one’s own', async () => {
    const { id } = await victimsLetter();
    const thief = world.visitor('thief');
    const own = await world.provide('thief');
    for (const action of ['archivieren', 'papierkorb', 'wiederherstellen', 'gelesen', 'loeschen']) {
      const fields: [string, string][] = [
        ['aktion', action],
        ['bestaetigt', '1'],
        ['brief', id],
        ['brief', own],
      ];
      await thief.sends('/postfach', '/postfach', fields);
      expect((await thief.sends('/postfach', `/postfach/${id}`, { aktion: action })).status).toBe(404);
    }
    expect((await thief.sends('/postfach', `/postfach/${id}/antwort/${'a'.repeat(43)}`, {})).status).toBe(404);
    const mailbox = await world.mailbox(victim);
    expect(await world.postfach.records.letters.counts(mailbox)).toMatchObject({ inbox: 1, archive: 0, trash: 0 });
  });

  test('neither filter, cursor, search nor application reaches into another mailbox', async () => {
    const { id } = await victimsLetter();
    const mailbox = await world.mailbox(victim);
    const status = {
      level: 'basic',
      status: 'RECEIVED',
      publicServiceName: 'Pfändung',
      senderName: 'x',
      createdAt: 1,
    } as const;
    const of = { sender: town, applicationId, statusId: 's' };
    await world.postfach.records.applications.addStatus(mailbox, of, status, 'h');
    const application = await world.postfach.records.applications.idOf(mailbox, town.authority, applicationId);
    const thief = world.visitor('other-thief');
    for (const path of [
      '/postfach?suche=pf%C3%A4ndung',
      '/postfach?suche=musterstadt',
      `/postfach?vorgang=${application}`,
      `/postfach?absender=${town.id}`,
      `/postfach?ab=${Date.now() + 1000}.${id}`,
      '/vorgaenge',
      `/vorgaenge/${application}`,
    ])
      expect((await thief.opens(path)).body.replaceAll(/„.*?“|value="[^"]*"/g, '')).not.toMatch(/Pfändung|Musterstadt/);
  });

  test('a draft of another person, or of another letter, is none', async () => {
    const { id } = await victimsLetter();
    const owner = world.visitor(victim);
    const form = `/postfach/${id}/antwort`;
    const draft =
      (await owner.sends(form, form, { antwort: 'Streng vertraulich' })).url.pathname.split('/').at(-1) ?? '';
    const thief = world.visitor('thief');
    const own = await world.provide('thief', { reply: { allowed: true } });
    const page = await thief.opens(`/postfach/${own}/antwort/${draft}`);
    expect(page.status).toBe(410);
    expect((await thief.opens(`/postfach/${own}/antwort?entwurf=${draft}`)).body).not.toContain('vertraulich');
    expect(page.body).not.toContain('vertraulich');
  });
});

describe('MB-02: a weak login for a letter that needs more', () => {
  test('learns nothing but sender and date from any page, and is asked for the level', async () => {
    const { id, attachment } = await victimsLetter('high');
    const browser = world.visitor(victim);
    for (const path of [
      '/postfach',
      '/postfach?suche=schulden',
      '/postfach?suche=geheim',
      '/postfach?suche=musterstadt',
      '/vorgaenge',
      '/postfach/einstellungen',
    ])
      expect((await browser.opens(path)).body.replaceAll(/„.*?“|value="[^"]*"/g, '')).not.toMatch(
        /Pfändung|Vollstreckung|GEHEIM|Kontoauszug/,
      );
    const provider = world.scene.provider.issuer;
    for (const path of [
      `/postfach/${id}`,
      `/postfach/${id}/brief.pdf`,
      `/postfach/${id}/antwort`,
      `/postfach/${id}/anlagen/${attachment}`,
    ]) {
      const page = await browser.visit(`${world.origin}${path}`, { until: (url) => url.href.startsWith(provider) });
      expect(page.body).not.toMatch(secrets);
      const sent = new URL(page.trail.at(-1) ?? '');
      expect(sent.searchParams.get('claims')).toContain('LoA/high');
    }
    const mailbox = await world.mailbox(victim);
    const before = await world.postfach.records.replies.send(mailbox, 'basic', id, 'x');
    expect(before).toBe('above');
  });

  test('a level that has run out opens nothing any more', async () => {
    const { id } = await victimsLetter('high');
    world.level('high');
    const browser = world.visitor(victim);
    expect((await browser.opens(`/postfach/${id}`)).body).toMatch(secrets);
    shiftClock(10 * minutes);
    const page = await browser.visit(`${world.origin}/postfach/${id}`, {
      until: (url) => url.href.startsWith(world.scene.provider.issuer),
    });
    expect(page.status).toBe(303);
    expect(page.body).not.toMatch(secrets);
    expect((await browser.opens('/postfach')).body).not.toMatch(/Pfändung/);
  });

  test('a provider that answers with less than was asked opens nothing', async () => {
    const { id } = await victimsLetter('high');
    const page = await world.visitor(victim).opens(`/postfach/${id}`);
    expect(page.status).toBe(403);
    expect(page.body).not.toMatch(secrets);
  });
});

describe('MB-03, MB-04: what would run is text', () => {
  const script = '<script>alert(1)</script><img src=x onerror=alert(1)>';

  test('in subject, service, text, reference, sender and name of a file', async () => {
    const id = await world.provide(victim, {
      subject: script,
      service: script,
      reference: script,
      content: { type: 'text', body: `${script}\n\n"><svg onload=alert(1)>` },
      sender: { ...town, name: { de: script, en: script } },
      files: [{ ...file, name: `${script}.pdf` }],
      reply: { allowed: true },
    });
    const browser = world.visitor(victim);
    const form = `/postfach/${id}/antwort`;
    const draft = await browser.sends(form, form, { antwort: `${script} '"` });
    const query = encodeURIComponent(script);
    const pages = [
      draft,
      await browser.opens('/postfach'),
      await browser.opens(`/postfach/${id}`),
      await browser.opens(`/postfach?suche=${query}&absender=${query}&ab=${query}&ordner=${query}&getan=${query}`),
      await browser.opens('/postfach/einstellungen'),
    ];
    for (const { body, headers } of pages) {
      expect(body).not.toMatch(/<script>|<img|<svg onload/);
      expect(headers.get('content-security-policy')).toContain("script-src 'self'");
    }
    expect(words(pages[2] ?? draft)).toContain('&lt;script>alert(1)&lt;/script>');
  });

  test.each([
    ['page.svg', 'image/svg+xml'],
    ['page.html', 'text/html'],
    ['page.xhtml', 'application/xhtml+xml; charset=x\r\nset-cookie: a=b'],
    ['page.txt', 'text/plain'],
  ])('%s is saved and never shown', async (name, type) => {
    const id = await world.provide(victim, { files: [{ name, type, content: Buffer.from(`<html>${script}</html>`) }] });
    const browser = world.visitor(victim);
    const page = await browser.opens(`/postfach/${id}/anlagen/${await attachmentOf(browser, id)}`);
    expect(page.headers.get('content-disposition')).toMatch(/^attachment;/);
    expect(page.headers.get('x-content-type-options')).toBe('nosniff');
    expect(page.headers.get('content-security-policy')).toBe("default-src 'none'; sandbox");
    expect(page.headers.get('content-type')).toBe(type === 'text/plain' ? 'text/plain' : 'application/octet-stream');
    expect(page.headers.get('set-cookie')).toBeNull();
  });

  test('HTML that an older rule let in is shown as text', () => {
    const body = `<p>a</p>${script}<a href="javascript:alert(1)">x</a>`;
    expect(treeOf({ type: 'html', body })).toEqual([{ element: 'p', children: [{ text: body }] }]);
  });

  test('what another site posts is refused, and so is a form without the session’s token', async () => {
    const id = await world.provide(victim, { reply: { allowed: true } });
    const browser = world.visitor(victim);
    const page = await browser.opens('/postfach');
    const csrf = / name="csrf" value="([^"]+)"/.exec(page.body)?.[1] ?? '';
    const stranger = world.visitor('stranger');
    const foreign =
      / name="csrf" value="([^"]+)"/.exec((await stranger.opens('/postfach/einstellungen')).body)?.[1] ?? '';
    for (const [path, form] of [
      ['/postfach', { aktion: 'papierkorb', brief: id }],
      [`/postfach/${id}`, { aktion: 'papierkorb' }],
      [`/postfach/${id}/antwort`, { antwort: 'x' }],
      [`/postfach/${id}/antwort/${'a'.repeat(43)}`, {}],
      ['/postfach/einstellungen', { aktion: 'hinweise-aus' }],
    ] as const)
      for (const token of ['', foreign, `${csrf.slice(0, -2)}AA`])
        expect((await browser.visit(`${world.origin}${path}`, { form: { csrf: token, ...form } })).status).toBe(403);
    const crossSite = { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' };
    const sent = await browser.visit(`${world.origin}/postfach`, {
      form: { csrf, aktion: 'papierkorb', brief: id },
      headers: crossSite,
    });
    expect(sent.status).toBe(403);
    expect(await world.postfach.records.letters.counts(await world.mailbox(victim))).toMatchObject({ inbox: 1 });
    expect((await world.mailbox(victim)).notices).toBe(true);
  });
});

describe('MB-11: search, addresses, headers', () => {
  test('no address makes the inbox fail or grow', async () => {
    for (let i = 0; i < 25; i += 1) await world.provide(victim, { subject: `Brief ${i}` });
    const browser = world.visitor(victim);
    await browser.opens('/postfach');
    for (const query of [
      `suche=${'a'.repeat(4000)}`,
      `suche=${encodeURIComponent("' OR 1=1 --")}`,
      'suche=%25&suche=_',
      'suche=%00%0d%0aset-cookie:x',
      'suche=brief&seite=99999',
      'suche=brief&seite=-1',
      'suche=%F0%9F%98%80',
      `suche=${Array.from({ length: 60 }, (_, i) => `w${i}`).join('+')}`,
      'ab=1.%27%22',
      'ab=999999999999999.x',
      'zeitraum=2099&ungelesen=2',
      'zeitraum=d99999999',
      'ordner=removed',
      'vorgang=../../x&absender=..',
      'getan=%3Cb%3E',
      'limit=100000&pageSize=100000',
    ]) {
      const page = await browser.opens(`/postfach?${query}`);
      expect([query, page.status]).toEqual([query, 200]);
      expect((page.body.match(/class="bid-row bid-letter[ "]/g) ?? []).length).toBeLessThanOrEqual(20);
      expect(page.headers.get('set-cookie')).toBeNull();
    }
  });

  test('a search for what begins everything finds no removed and no foreign letter', async () => {
    await world.provide(victim);
    const found = await world.visitor(victim).opens('/postfach?suche=w');
    expect(words(found)).toContain('1 Brief gefunden');
  });

  test.each([
    ['a\r\nset-cookie: x=1.pdf', 'a_set-cookie_ x=1.pdf'],
    ['../../etc/passwd', '_.._etc_passwd'],
    ['C:\\Windows\\x.pdf', 'C_Windows_x.pdf'],
    ['"; filename=evil.exe; x="', '_; filename=evil.exe; x=_'],
    ['\u202efdp.exe', '_fdp.exe'],
    ['...', 'anlage'],
    ['Ελένη.pdf', '.pdf'],
  ])('the name %j cannot break its header', (name, plain) => {
    const header = attachmentDisposition(name);
    expect(header).toMatch(/^attachment; filename="[ !#-[\]-~]+"; filename\*=UTF-8''[\w.!#$&+^`|~%-]+$/);
    expect(header).toContain(`filename="${plain}"`);
  });

  test('a return address of another site is not followed', async () => {
    const id = await world.provide(victim);
    const browser = world.visitor(victim);
    for (const zurueck of ['https://evil.example/', '//evil.example', '/\\evil.example']) {
      const fields = { aktion: 'archivieren', brief: id, zurueck };
      expect((await browser.sends('/postfach', '/postfach', fields)).url.origin).toBe(world.origin);
    }
  });
});

describe('MB-12: after the logout', () => {
  test('neither pages nor attachments come again, and nothing may be kept', async () => {
    const { id } = await victimsLetter();
    const browser = world.visitor(victim);
    const link = `/postfach/${id}/anlagen/${await attachmentOf(browser, id)}`;
    const paths = ['/postfach', '/postfach?suche=schulden', `/postfach/${id}`, `/postfach/${id}/brief.pdf`, link];
    for (const path of paths) {
      const page = await browser.opens(path);
      expect(page.status).toBe(200);
      expect(page.headers.get('cache-control')).toBe('no-store');
    }
    const csrf = / name="csrf" value="([^"]+)"/.exec((await browser.opens('/postfach')).body)?.[1] ?? '';
    await browser.visit(`${world.origin}/abmelden`, { form: { csrf }, until: (url) => url.origin !== world.origin });
    for (const path of paths) {
      const page = await browser.visit(`${world.origin}${path}`, {
        until: (url) => url.href.startsWith(world.scene.provider.issuer),
      });
      expect(page.status).toBe(303);
      expect(page.body).not.toMatch(secrets);
      expect(page.headers.get('cache-control')).toBe('no-store');
    }
  });
});
