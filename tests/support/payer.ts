import { formsOf } from './browse.ts';
import { createCookieBrowser, type Page } from './cookie-browser.ts';
import type { CardId } from '../../src/simulators/payment-provider/cards.ts';

/** Sends a form of a page by the end of its address, and does not follow where the answer leads. */
const send = async (page: Page, ending: string, fields: Readonly<Record<string, string>> = {}): Promise<Response> => {
  const form = formsOf(page).find(({ action }) => new URL(action).pathname.endsWith(ending));
  if (form === undefined) throw new Error(`no form to ${ending} on ${page.url.href} (${page.status})`);
  return fetch(form.action, {
    method: 'POST',
    redirect: 'manual',
    headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'text/html' },
    body: new URLSearchParams({ ...form.fields, ...fields }).toString(),
  });
};

const open = (url: string): Promise<Page> => createCookieBrowser().visit(url);
const tokenOf = (url: string): string => new URL(url).pathname.split('/')[2] ?? '';

/** What somebody does at the page of the payment simulator. Each gives the address that the answer leads to. */
export const atProvider = {
  /** With the code of 3-D Secure, if the card asks for one. */
  async pays(url: string, card: CardId, code?: string): Promise<string> {
    const chosen = await send(await open(url), tokenOf(url), { card });
    const next = new URL(chosen.headers.get('location') ?? url, url).href;
    if (code === undefined) return next;
    const confirmed = await send(await open(next), '/bestaetigen', { code });
    return new URL(confirmed.headers.get('location') ?? next, next).href;
  },
  async cancels(url: string): Promise<string> {
    const answer = await send(await open(url), '/abbrechen');
    return new URL(answer.headers.get('location') ?? url, url).href;
  },
};
