import type { Browser } from 'playwright-core';
import { flowTexts } from '../../src/id/interaction/texts/index.ts';
import { catalogues as portalTexts } from '../../src/portal/bayern-portal/i18n/messages.ts';
import { catalogues as bezahlTexts } from '../../src/portal/bezahlsystem/citizen/i18n/messages.ts';
import { catalogues as fzTexts } from '../../src/portal/fuehrungszeugnis/i18n/messages.ts';
import { catalogues as officeTexts } from '../../src/portal/fuehrungszeugnis/office/i18n/messages.ts';
import { catalogues as postfachTexts } from '../../src/portal/mein-postfach/citizen/i18n/messages.ts';
import { catalogues as serviceTexts } from '../../src/portal/relying-party/i18n/messages.ts';
import { catalogues as simulatorTexts } from '../../src/simulators/eid-server/pages/messages.ts';
import { catalogues as paymentTexts } from '../../src/simulators/payment-provider/pages/messages.ts';
import { groundMessages } from '../../src/web/page-context.ts';
import type { TestApp } from './app.ts';
import { openWindow, takePicture, type Seat, type Window } from './browser.ts';

/** The words that somebody reads, by language: what is clicked is found by them. */
const wordsOf = (locale: Seat['locale']) => ({
  common: groundMessages(locale),
  flow: flowTexts[locale],
  portal: portalTexts[locale],
  fz: fzTexts[locale],
  office: officeTexts[locale],
  postfach: postfachTexts[locale],
  bezahlen: bezahlTexts[locale],
  payments: paymentTexts[locale],
  service: serviceTexts[locale],
  simulator: simulatorTexts[locale],
});

export const passwords: Readonly<Record<string, string>> = {
  erika: 'zwiebel-turm-laterne',
  max: 'nebel-kutsche-anker',
};

/** Somebody in front of a window, who reads headings, clicks on words and types. */
export class Citizen {
  readonly window: Window;
  readonly words: ReturnType<typeof wordsOf>;
  readonly #app: TestApp;
  /** Undefined: no pictures. */
  readonly #journey: string | undefined;
  /** Every heading that was waited for and came, the first one first. */
  readonly headings: string[] = [];
  #step = 0;
  /** Called on every page that was read and has a name. */
  onPage: ((name: string) => Promise<void>) | undefined;

  constructor(window: Window, app: TestApp, journey?: string) {
    this.window = window;
    this.words = wordsOf(window.seat.locale);
    this.#app = app;
    this.#journey = journey;
  }

  get page(): Window['page'] {
    return this.window.page;
  }

  /** Waits for the page with this heading, and takes its picture when it has a name. */
  async reads(heading: string, picture?: string): Promise<void> {
    const { page } = this;
    try {
      await page.getByRole('heading', { level: 1, name: heading, exact: true }).waitFor({ timeout: 15_000 });
    } catch {
      const text = await page.locator('body').innerText();
      const logged = this.#app.log.slice(-12).join('\n');
      throw new Error(
        `“${heading}” expected at ${page.url()}, where it says:\n${text.slice(0, 1200)}\nLogged last:\n${logged}`,
      );
    }
    this.headings.push(heading);
    if (picture === undefined) return;
    this.#step += 1;
    if (this.#journey !== undefined) await takePicture(this.window, this.#journey, this.#step, picture);
    await this.onPage?.(picture);
  }

  /** All that can be read in the main part of the page. */
  async text(): Promise<string> {
    return (await this.page.locator('main').innerText()).replace(/\s+/g, ' ');
  }

  async presses(name: string): Promise<void> {
    await this.page.getByRole('button', { name, exact: true }).first().click();
  }

  async follows(name: string): Promise<void> {
    await this.page.getByRole('link', { name, exact: true }).first().click();
  }

  async types(label: string, text: string): Promise<void> {
    await this.page.getByLabel(label, { exact: true }).click();
    await this.page.keyboard.type(text);
  }

  async visits(address: string): Promise<void> {
    await this.page.goto(address);
  }

  async opensPortal(): Promise<void> {
    const { portal } = this.words;
    await this.visits(this.#app.portal);
    await this.reads(portal.heading, 'portal');
    await this.follows(portal.signIn.button);
    await this.reads(this.words.flow.login.title, 'anmelden');
  }

  async givesPassword(login: string, password: string = passwords[login] ?? ''): Promise<void> {
    const words = this.words.flow.login.password;
    await this.types(words.login, login);
    await this.types(words.password, password);
    await this.presses(words.button);
  }

  /** Journey 1: password at Bayern-Portal. */
  async logsInAtPortal(login: string): Promise<void> {
    await this.opensPortal();
    await this.givesPassword(login);
    await this.reads(this.words.portal.heading, 'angemeldet');
  }

  /** From the portal to the page that asks for the Online-Ausweis. */
  async goesToFuehrungszeugnis(): Promise<void> {
    const { portal, fz } = this.words;
    await this.follows(portal.services.open);
    await this.reads(fz.start.title, 'fuehrungszeugnis');
    await this.follows(fz.start.needs.begin);
  }

  /** From the page with the button for the Online-Ausweis to the first page of the eID client. */
  async opensClient(button: string, { stepUp = false }: { readonly stepUp?: boolean } = {}): Promise<void> {
    const { eid, stepUp: words } = this.words.flow;
    await this.presses(button);
    if (stepUp || button === words.button) await this.reads(eid.titleOfStepUp, 'online-ausweis-niveau');
    else await this.reads(eid.title, 'online-ausweis');
    await this.follows(eid.simulated.button);
    await this.reads(this.words.simulator.request.title, 'eid-anfrage');
  }

  /** Lays a card on the reader and gives the PIN. */
  async usesCard(card: string, pin: string = '123456'): Promise<void> {
    const { simulator } = this.words;
    const choice = this.page.locator(`input[name="card"][value="${card}"]`);
    if (!(await choice.isVisible())) await this.page.getByText(simulator.request.moreCards, { exact: true }).click();
    await choice.click();
    await this.presses(simulator.request.next);
    await this.reads(simulator.pin.title, 'eid-pin');
    await this.types(simulator.pin.label, pin);
    await this.presses(simulator.pin.confirm);
  }

  /** Step-up at Führungszeugnis with a card that is new to the account, to the page with the data. */
  async provesAndLinks(card: string): Promise<void> {
    const { flow, fz } = this.words;
    await this.reads(flow.stepUp.title, 'niveau');
    await this.opensClient(flow.stepUp.button);
    await this.usesCard(card);
    await this.reads(flow.link.title, 'ausweis-hinzufuegen');
    await this.presses(flow.link.button);
    await this.reads(flow.consent.title, 'freigabe');
    await this.presses(flow.consent.release);
    await this.reads(fz.data.title, 'daten');
  }

  /** Journeys 1 and 2, to the data page. */
  async erikaAtFuehrungszeugnis(): Promise<void> {
    await this.logsInAtPortal('erika');
    await this.goesToFuehrungszeugnis();
    await this.provesAndLinks('erika');
  }
}

/** Somebody with a new window. */
export const newCitizen = async (browser: Browser, app: TestApp, seat: Seat, journey?: string): Promise<Citizen> =>
  new Citizen(await openWindow(browser, seat), app, journey);
