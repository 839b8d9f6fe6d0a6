import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startTestApp, type TestApp } from '../support/app.ts';
import { createPerson, textOf } from '../support/browse.ts';
import { tcTokenUrlOf } from '../support/journey.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp({
    set: {
      ID__EID__CLIENT__DESKTOP: 'http://127.0.0.1:24727/eID-Client',
      ID__EID__CLIENT__MOBILE: 'eid://127.0.0.1:24727/eID-Client',
      ID__EID__CLIENT__SIMULATED: 'false',
    },
  });
});
afterAll(() => app.stop());

describe('EI-20: any app may catch the link; what can be done against it is done', () => {
  test('before the card is used the page says for whom and what for, and warns of links from others', async () => {
    const person = createPerson();
    const page = await person.submit(await person.visit(`${app.fz}/fuehrungszeugnis/daten`), '/eid');
    const text = textOf(page);
    expect(text).toContain('Führungszeugnis');
    expect(text).toContain('Diese Daten lesen wir aus Ihrem Ausweis');
    expect(text).toContain('Folgen Sie nie einem Link, den Ihnen jemand geschickt hat');
    expect(text).not.toContain('Test-PKI');
  });

  test('both links are there, for every device, with the same address and nothing else in it', async () => {
    for (const agent of ['Mozilla/5.0 (X11; Linux x86_64)', 'Mozilla/5.0 (Linux; Android 16) Mobile']) {
      const person = createPerson();
      const begun = await person.submit(await person.visit(`${app.portal}/login`), '/eid');
      const page = await person.visit(begun.url.href, { headers: { 'user-agent': agent } });
      const links = [...page.body.matchAll(/href="((?:http|eid):\/\/127\.0\.0\.1:24727[^"]*)"/g)].map(
        ([, link]) => new URL(link ?? ''),
      );
      expect(links.map(({ protocol }) => protocol).sort()).toEqual(['eid:', 'http:']);
      expect(links[0]?.protocol).toBe(agent.includes('Android') ? 'eid:' : 'http:');
      for (const link of links) expect([...link.searchParams.keys()]).toEqual(['tcTokenURL']);
    }
  });

  test('nothing asks the device whether a client is there', async () => {
    const person = createPerson();
    const page = await person.submit(await person.visit(`${app.portal}/login`), '/eid');
    expect(page.body).not.toMatch(/Status|fetch\(|<iframe|<img[^>]*24727/);
    expect(page.headers.get('content-security-policy')).toMatch(
      /connect-src 'self'|default-src 'none'|default-src 'self'/,
    );
    const script = await (await fetch(`${app.issuer}/assets/site.js`)).text().catch(() => '');
    expect(script).not.toContain('24727');
  });
});

describe('EI-27: the addresses of a use of the card hold opaque ids and nothing that leads elsewhere', () => {
  test.each(['zurueck', 'returnTo', 'relay', 'RelayState', 'redirect', 'next', 'url'])(
    'a parameter %s changes no way back',
    async (name) => {
      const person = createPerson();
      const evil = `${name}=${encodeURIComponent('https://evil.example/')}`;
      const begun = await person.submit(await person.visit(`${app.portal}/login`), '/eid');
      const page = await person.visit(`${begun.url.href}?${evil}`);
      const tcTokenUrl = tcTokenUrlOf(page);
      expect(new URL(tcTokenUrl).href).toMatch(new RegExp(`^${app.issuer}/eid/tctoken/[\\w-]{43}$`));
      const token = await (await fetch(`${tcTokenUrl}?${evil}`)).text();
      const addresses = [...token.matchAll(/<(RefreshAddress|CommunicationErrorAddress)>([^<]*)</g)].map(
        ([, , one]) => one ?? '',
      );
      expect(addresses).toHaveLength(2);
      for (const address of addresses) {
        expect(address.startsWith(`${app.issuer}/anmelden/`)).toBe(true);
        expect(address).not.toContain('evil');
      }
      const back = await person.visit(`${addresses[1]}?${evil}`);
      expect([back.url.origin, back.body.includes('evil.example')]).toEqual([app.issuer, false]);
    },
  );
});
