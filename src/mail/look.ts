/**
 * How mails look. Many programs drop a style sheet (Gmail's app for accounts of others), so every style stands at its
 * element too; the sheet adds what cannot: dark colours and narrow screens. Both are made of this one table. The colours
 * are those of the pages; without any of it the mail is still in order. No quotes, `<` or `&`: the sheet is text of an
 * element.
 */
const font = 'Fira Sans, Segoe UI, Helvetica, Arial, sans-serif';

interface Look {
  readonly base: string;
  /** Only what differs. */
  readonly dark?: string;
}

const looks = {
  body: { base: 'margin:0;padding:0;background:#f3f5f8', dark: 'background:#0e1018' },
  page: {
    base: `max-width:600px;margin:0 auto;padding:24px 16px;font-family:${font};font-size:16px;line-height:1.5;color:#1c1f2b`,
    dark: 'color:#f2f4f8',
  },
  testing: {
    base: 'margin:0 0 16px;padding:8px 16px;background:#f7e6c4;color:#2b2416;border-radius:4px',
    dark: 'background:#3a2d14;color:#f6efe2',
  },
  brand: { base: 'margin:0 0 16px;padding:0 8px;font-size:20px;font-weight:700;color:#0f3f78', dark: 'color:#9cc6f2' },
  card: {
    base: 'padding:24px;background:#ffffff;border:1px solid #d9dee8;border-radius:4px',
    dark: 'background:#181b27;border-color:#3a4054',
  },
  heading: { base: 'margin:0 0 16px;font-size:24px;line-height:1.3;font-weight:700' },
  text: { base: 'margin:0 0 16px' },
  label: { base: 'margin:0 0 4px;font-size:14px;color:#4a5064', dark: 'color:#b8bfd0' },
  code: {
    base: 'margin:0 0 24px;font-family:Consolas, Menlo, monospace;font-size:32px;line-height:1.3;font-weight:700;letter-spacing:4px',
  },
  button: {
    base: 'display:inline-block;padding:12px 24px;font-size:16px;line-height:24px;font-weight:700;background:#12508f;color:#ffffff;text-decoration:none;border-radius:4px',
    dark: 'background:#9cc6f2;color:#0e1018',
  },
  address: { base: 'margin:0 0 16px;font-size:14px;color:#4a5064', dark: 'color:#b8bfd0' },
  link: { base: 'color:#12508f;text-decoration:underline;word-break:break-all', dark: 'color:#9cc6f2' },
  /** A link on a line of its own, as tall as a finger. */
  choice: {
    base: 'display:inline-block;padding:10px 0;line-height:24px;font-weight:700;color:#12508f;text-decoration:underline',
    dark: 'color:#9cc6f2',
  },
  deny: { base: 'margin:24px 0 16px;padding:16px 0 0;border-top:1px solid #d9dee8', dark: 'border-color:#3a4054' },
  closing: { base: 'margin:0' },
  footer: { base: 'padding:16px 8px 0;font-size:14px;color:#4a5064', dark: 'color:#b8bfd0' },
  note: { base: 'margin:0 0 4px' },
} as const satisfies Record<string, Look>;

export type LookName = keyof typeof looks;

/** Attributes of an element: its style, and the class under which the sheet finds it. */
export const look = (name: LookName): { readonly class: string; readonly style: string } => ({
  class: `m-${name}`,
  style: looks[name].base,
});

const important = (declarations: string): string =>
  declarations
    .split(';')
    .map((declaration) => `${declaration} !important`)
    .join(';');

const dark = Object.entries<Look>(looks)
  .flatMap(([name, { dark: declarations }]) =>
    declarations === undefined ? [] : [`.m-${name}{${important(declarations)}}`],
  )
  .join('');

export const sheet = [
  ':root{color-scheme:light dark;supported-color-schemes:light dark}',
  `@media (prefers-color-scheme:dark){${dark}}`,
  '@media (max-width:480px){.m-page{padding:16px 8px !important}.m-card{padding:16px !important}}',
].join('');
