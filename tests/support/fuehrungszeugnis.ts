import type { Fuehrungszeugnis } from '../../src/portal/fuehrungszeugnis/app.ts';
import type { CardId } from '../../src/simulators/payment-provider/cards.ts';
import type { TestAppOptions } from './app.ts';
import { startBezahlsystem, type BezahlWorld, type Information } from './bezahlsystem.ts';
import { formsOf, type Person } from './browse.ts';
import type { Page } from './cookie-browser.ts';
import { loginAtPortal, useCard } from './journey.ts';

/** The whole of Bayern-ID with the Führungszeugnis, and somebody who applies. */
export interface ApplicationWorld extends BezahlWorld {
  readonly fuehrungszeugnis: Fuehrungszeugnis;
  /** The page of a path, with the card as often as it is asked for. */
  goes(person: Person, path: string, card?: string): Promise<Page>;
  /** Fills in all steps of an application for herself; ends at the page to check it. */
  fillsIn(person: Person, card?: string): Promise<Page>;
  /** Sends what is on the page to check. @returns the page after it */
  sends(person: Person, page: Page): Promise<Page>;
  /** From the page that asks for the payment to the end. @returns where the payment page leads back to */
  paysFee(person: Person, page: Page, card: CardId): Promise<Page>;
  /** Everything that waits to be sent is sent. */
  lettersSent(): Promise<void>;
}

/** Address of the page to pay at, on the page that asks for the payment. */
export const payAddressOf = (page: Page): string => {
  const href = /href="([^"]*\/bezahlen\/[\w-]+)"/.exec(page.body)?.[1];
  if (href === undefined) throw new Error(`no way to pay on ${page.url.href} (${page.status})`);
  return href;
};

/** A small file that begins like a PDF. */
export const somePdf = Buffer.from('%PDF-1.7\n1 0 obj << >> endobj\n%%EOF\n');

/** Sends the form with a file that is on the page. */
export const upload = (
  person: Person,
  page: Page,
  fields: { readonly zweck?: string; readonly name?: string; readonly content?: Buffer; readonly type?: string },
): Promise<Page> => {
  const form = formsOf(page).find(({ fields: known }) => 'datei' in known);
  if (form === undefined) throw new Error(`no form for files on ${page.url.href} (${page.status})`);
  const body = new FormData();
  body.append('csrf', form.fields['csrf'] ?? '');
  body.append('zweck', fields.zweck ?? 'demand');
  const { content = somePdf, name = 'aufforderung.pdf', type = 'application/pdf' } = fields;
  body.append('datei', new Blob([new Uint8Array(content)], { type }), name);
  return person.visit(form.action, { multipart: body });
};

export const startApplications = async (options: TestAppOptions = {}): Promise<ApplicationWorld> => {
  const world = await startBezahlsystem(options);
  const { app } = world;
  const { fuehrungszeugnis } = app.app;
  if (!fuehrungszeugnis) throw new Error('the Führungszeugnis does not run here');

  const goes: ApplicationWorld['goes'] = async (person, path, card = 'erika') => {
    let page = await person.visit(`${app.fz}${path}`);
    for (let asked = 0; asked < 4 && page.url.origin === app.issuer; asked += 1) {
      if (page.body.includes('/freigabe"')) page = await person.submit(page, '/freigabe', { decision: 'release' });
      else if (page.body.includes('/ausweis-hinzufuegen'))
        page = await person.submit(page, '/ausweis-hinzufuegen', { answer: 'add' });
      else page = await useCard(app, person, page, card);
    }
    return page;
  };

  return {
    ...world,
    fuehrungszeugnis,
    goes,
    async fillsIn(person, card = 'erika') {
      if (card === 'erika') await loginAtPortal(app, person);
      let page = await goes(person, '/fuehrungszeugnis/art', card);
      page = await person.submit(page, '/art', { form: 'N' });
      page = await person.submit(page, '/daten', { mother_birth_name: 'Muster' });
      page = await person.submit(page, '/gebuehr', { fee: 'pay' });
      return page;
    },
    sends: (person, page) => person.submit(page, '/pruefen', { selbst: '1' }),
    async paysFee(person, page, card) {
      const result = await world.pays({ transactionRedirectUrl: payAddressOf(page) } as Information, card, person);
      const back = /href="([^"]*\/fuehrungszeugnis\/zahlung)"/.exec(result.body)?.[1];
      return person.visit(back ?? `${app.fz}/fuehrungszeugnis/zahlung`);
    },
    async lettersSent() {
      fuehrungszeugnis.wake();
      while ((await fuehrungszeugnis.records.unsent()) > 0) await new Promise((resolve) => setImmediate(resolve));
    },
  };
};
