import { readFileSync } from 'node:fs';
import { expect } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { fee } from '../../src/portal/fuehrungszeugnis/fee.ts';
import { ordinaryCards, type CardId } from '../../src/simulators/payment-provider/cards.ts';
import { formatMoney } from '../../src/web/i18n/format.ts';
import type { TestApp } from './app.ts';
import { openWindow, type Seat } from './browser.ts';
import { Citizen } from './browser-citizen.ts';
import { somePdf } from './fuehrungszeugnis.ts';

/** What somebody applies for. */
export interface Wish {
  /** `O`, and extended: to an authority, with its written demand. */
  readonly form: 'N' | 'O';
}

export const authority = {
  name: 'Jugendamt Musterstadt',
  street_address: 'Rathausplatz 1',
  postal_code: '90000',
  locality: 'Musterstadt',
  reference: 'JA 4711',
} as const;

/** Somebody in a browser who applies for a Führungszeugnis, and pays for it. */
export class Applicant extends Citizen {
  get #sum(): string {
    return formatMoney(this.window.seat.locale, fee);
  }

  /** As the Bezahlsystem calls it. */
  get service(): string {
    return this.window.seat.locale === 'de' ? 'Führungszeugnis' : 'Certificate of good conduct';
  }

  field(name: string): ReturnType<Citizen['page']['locator']> {
    return this.page.locator(`main [name="${name}"]`);
  }

  /** Downloads what is behind a link, which has to be a PDF. */
  async downloadsPdf(link: string): Promise<void> {
    const [download] = await Promise.all([this.page.waitForEvent('download'), this.follows(link)]);
    expect(readFileSync(await download.path(), 'latin1').slice(0, 5)).toBe('%PDF-');
  }

  /** From the page with the data of the card to the page of the fee. */
  async fillsIn({ form }: Wish): Promise<void> {
    const { fz } = this.words;
    await this.field('mother_birth_name').fill('Muster');
    await this.presses(fz.next);
    await this.reads(fz.kind.title, 'art');
    await this.page.locator(`input[name="form"][value="${form}"]`).check();
    if (form === 'O') await this.field('extended').check();
    await this.presses(fz.next);
    if (form === 'O') await this.namesAuthority();
    await this.reads(fz.fee.title, 'gebuehr');
  }

  async namesAuthority(): Promise<void> {
    const { fz } = this.words;
    await this.reads(fz.recipient.title, 'empfaenger');
    for (const [name, value] of Object.entries(authority)) await this.field(name).fill(value);
    await this.presses(fz.next);
  }

  /** From the page of the fee, which she will pay, to the last look at all. */
  async wantsToPay({ form }: Wish): Promise<void> {
    const { fz } = this.words;
    await this.page.locator('input[name="fee"][value="pay"]').check();
    await this.presses(fz.next);
    if (form === 'O') {
      await this.reads(fz.documents.title, 'nachweise');
      await this.page
        .locator('input[type="file"]')
        .setInputFiles({ name: 'aufforderung.pdf', mimeType: 'application/pdf', buffer: somePdf });
      await this.presses(fz.documents.send);
      await this.page.getByText('aufforderung.pdf', { exact: true }).waitFor();
      await this.reads(fz.documents.title, 'nachweis-liegt-vor');
      await this.follows(fz.documents.goOn);
    }
    await this.reads(fz.review.title, 'pruefen');
  }

  async sends(): Promise<void> {
    const { fz } = this.words;
    await this.field('selbst').check();
    await this.presses(fz.review.pay);
  }

  /** From the page that asks for the payment to the bill. */
  async goesToBill(): Promise<void> {
    const { fz, bezahlen } = this.words;
    await this.reads(fz.payment.title, 'zahlung');
    await this.follows(fz.payment.go);
    await this.reads(bezahlen.pay.title, 'rechnung');
  }

  /** From the bill by way of the provider to what the Bezahlsystem says then. */
  async paysWith(card: CardId): Promise<void> {
    const { bezahlen, payments } = this.words;
    await this.presses(bezahlen.pay.button({ amount: this.#sum }));
    await this.reads(payments.pay.title, 'karte');
    if (!ordinaryCards.has(card)) await this.page.getByText(payments.pay.more, { exact: true }).click();
    await this.page.locator(`input[name="card"][value="${card}"]`).check();
    await this.presses(payments.pay.button({ amount: this.#sum }));
  }

  /** From the page that says that it is paid to the application that is sent now. @returns its reference */
  async goesBackPaid(): Promise<string> {
    const { bezahlen, fz } = this.words;
    await this.reads(bezahlen.paid.title, 'bezahlt');
    await this.follows(bezahlen.toService({ service: this.service }));
    await this.reads(fz.sent.title, 'gesendet');
    const [reference = ''] = /FZ-\d{4}-\d{10}/.exec(await this.text()) ?? [];
    expect(reference).not.toBe('');
    return reference;
  }
}

export const newApplicant = async (browser: Browser, app: TestApp, seat: Seat, journey?: string): Promise<Applicant> =>
  new Applicant(await openWindow(browser, seat), app, journey);

/** Ends when so many new letters are in somebody's mailbox, and nothing more waits at the Führungszeugnis. */
export const lettersArrive = async (app: TestApp, login: string, count: number): Promise<void> => {
  const { fuehrungszeugnis, bezahlsystem, postfach } = app.app;
  if (!fuehrungszeugnis || !bezahlsystem || !postfach) throw new Error('not everything runs here');
  const { mailboxes, letters } = postfach.records;
  const there = async (): Promise<number> => {
    const mailbox = await mailboxes.of((await app.subjects(login))['bayern/mein-postfach'] ?? '');
    return mailbox === undefined ? 0 : (await letters.counts(mailbox)).unread;
  };
  fuehrungszeugnis.wake();
  bezahlsystem.wake();
  while ((await fuehrungszeugnis.records.unsent()) > 0 || (await there()) < count)
    await new Promise((resolve) => setImmediate(resolve));
};
