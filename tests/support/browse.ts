import { createCookieBrowser, type CookieBrowser, type Page } from './cookie-browser.ts';

const unescape = (text: string): string =>
  text.replace(
    /&(amp|lt|gt|quot|#39|#x27);/g,
    (whole, name: string) => ({ amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'", '#x27': "'" })[name] ?? whole,
  );

const attribute = (tag: string, name: string): string | undefined => {
  const match = new RegExp(`\\s${name}="([^"]*)"`).exec(tag);
  return match?.[1] === undefined ? undefined : unescape(match[1]);
};

export interface FormOnPage {
  readonly action: string;
  readonly method: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** The forms of a page with what a browser would send of them untouched; the first submit button counts as pressed. */
export const formsOf = (page: Page): FormOnPage[] =>
  [...page.body.matchAll(/<form\b[^>]*>[\s\S]*?<\/form>/g)].map(([form]) => {
    const open = /<form\b[^>]*>/.exec(form)?.[0] ?? '';
    const fields: Record<string, string> = {};
    for (const [tag] of form.matchAll(/<(?:input|button|select|textarea)\b[^>]*>/g)) {
      const name = attribute(tag, 'name');
      const type = attribute(tag, 'type') ?? (tag.startsWith('<button') ? 'submit' : 'text');
      if (name === undefined || name in fields) continue;
      if ((type === 'checkbox' || type === 'radio') && !/\schecked\b/.test(tag)) continue;
      fields[name] = attribute(tag, 'value') ?? '';
    }
    return {
      action: new URL(attribute(open, 'action') ?? page.url.href, page.url).href,
      method: (attribute(open, 'method') ?? 'get').toLowerCase(),
      fields,
    };
  });

/** Text of a page without its markup, for asserting what a person reads. */
export const textOf = (page: Page): string =>
  unescape(page.body.replace(/<(style|script|head)\b[\s\S]*?<\/\1>/g, ' ').replace(/<[^>]+>/g, ' ')).replace(
    /\s+/g,
    ' ',
  );

export interface Person extends CookieBrowser {
  /** Fills and sends the form whose action ends with `ending`. */
  submit(page: Page, ending: string, fields?: Readonly<Record<string, string>>): Promise<Page>;
  /** Follows the link whose address contains `part`. */
  follow(page: Page, part: string): Promise<Page>;
}

/** Someone in front of a browser. */
export const createPerson = (added: Readonly<Record<string, string>> = {}, over?: typeof fetch): Person => {
  const browser = createCookieBrowser(added, over);
  return {
    ...browser,
    submit(page, ending, fields = {}) {
      const form = formsOf(page).find(({ action }) => new URL(action).pathname.endsWith(ending));
      if (!form)
        throw new Error(`no form to ${ending} on ${page.url.href} (${page.status}): ${textOf(page).slice(0, 600)}`);
      const sent = { ...form.fields, ...fields };
      return form.method === 'post'
        ? browser.visit(form.action, { form: sent })
        : browser.visit(`${form.action}?${new URLSearchParams(sent).toString()}`);
    },
    follow(page, part) {
      const href = [...page.body.matchAll(/<a\b[^>]*>/g)]
        .map(([tag]) => attribute(tag, 'href'))
        .find((value) => value?.includes(part) === true);
      if (href === undefined) throw new Error(`no link to ${part} on ${page.url.href}: ${textOf(page).slice(0, 600)}`);
      return browser.visit(new URL(href, page.url).href);
    },
  };
};
