/** An answer that travels in a form (OAuth 2.0 Form Post Response Mode). */
export interface FormPost {
  readonly action: string;
  readonly fields: Readonly<Record<string, string>>;
}

const unescape = (text: string): string =>
  text.replace(/&(amp|lt|gt|quot|#39|#x27);/g, (whole, name: string) => entities[name] ?? whole);

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'", '#x27': "'" };

/**
 * Reads the library's self-submitting page, so that ours can take its place: its own has an inline script, is in English
 * and says nothing.
 *
 * @returns undefined for any other page.
 */
export const readFormPost = (html: unknown): FormPost | undefined => {
  if (typeof html !== 'string') return undefined;
  const action = /<form method="post" action="([^"]*)">/.exec(html)?.[1];
  if (action === undefined || !html.includes('document.forms[0].submit()')) return undefined;
  const fields = [...html.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"\/>/g)].map(
    ([, name = '', value = '']) => [unescape(name), unescape(value)] as const,
  );
  return { action: unescape(action), fields: Object.fromEntries(fields) };
};
