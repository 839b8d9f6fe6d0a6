import { createHash } from 'node:crypto';
import { DOMParser, type Element } from '@xmldom/xmldom';
import { z } from 'zod';

type Colour = readonly [number, number, number];

/** Surfaces of our pages (site.css: --bid-card and --bid-page) on which an authority's colour has to be seen. */
const surfaces = { light: ['#ffffff', '#f2f4f8'], dark: ['#141725', '#0b0e18'] } as const;

/** WCAG 2.2, 1.4.3: text in an authority's colour stays readable, and so does everything larger. */
const leastContrast = 4.5;

const colourOf = (hex: string): Colour => {
  const value = Number.parseInt(hex.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
};

/** Relative luminance (WCAG 2.2). */
const luminance = (hex: string): number => {
  const [red, green, blue] = colourOf(hex).map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
};

/** Contrast of two colours, `#rrggbb`: from 1, the same, to 21, black on white (WCAG 2.2). */
export const contrast = (one: string, other: string): number => {
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
};

const readableColour = (theme: keyof typeof surfaces) =>
  z
    .string()
    .regex(/^#[0-9a-f]{6}$/i, "write it as '#rrggbb', in quotes")
    .superRefine((colour, ctx) => {
      if (!/^#[0-9a-f]{6}$/i.test(colour)) return;
      const worst = Math.min(...surfaces[theme].map((surface) => contrast(colour, surface)));
      if (worst < leastContrast)
        ctx.addIssue({
          code: 'custom',
          message: `cannot be read on our ${theme} pages: its contrast is ${worst.toFixed(1)} to 1, at least ${leastContrast} to 1 is needed`,
        });
    });

/** How an authority looks. Files are named relative to its own. */
export const brandingFile = z.strictObject({
  logo: z
    .string()
    .regex(
      /^(?:[\w-]+\/)*[\w-]+\.(?:svg|png)$/,
      'name an .svg or .png file beside or below the authority’s file, such as logos/stadt.svg',
    )
    .optional()
    .describe('SVG or PNG, at most 16 kB, shown 40 pixels high on white.'),
  colour: readableColour('light').optional().describe('On light pages, at least 4.5 to 1 in contrast to them.'),
  colour_dark: readableColour('dark')
    .optional()
    .describe('On dark pages, at least 4.5 to 1 in contrast to them. Default: the colour of our own pages.'),
});

export type BrandingFile = z.output<typeof brandingFile>;

export interface Logo {
  readonly type: 'image/svg+xml' | 'image/png';
  readonly body: Buffer;
}

/** An authority's look, checked, as pages use it. */
export interface Branding {
  readonly logo?: Logo;
  readonly styles: string;
  /** Changes with the content, so that browsers may keep both for ever. */
  readonly hash: string;
}

/** Bytes of a logo: it comes on top of a first visit. */
export const largestLogo = 16 * 1024;

/** Pixels of a PNG on its longer side: it is shown small. */
const longestSide = 1024;

const drawing = new Set(
  `svg g title desc defs path rect circle ellipse line polyline polygon
   linearGradient radialGradient stop clipPath text tspan`.split(/\s+/),
);

const elementsOf = (element: Element): Element[] => [
  element,
  ...[...element.childNodes].flatMap((node) => (node.nodeType === 1 ? elementsOf(node as Element) : [])),
];

/** Shapes alone: nothing that runs, and nothing that is fetched from elsewhere. */
const svgFault = (text: string): string | undefined => {
  if (/<!(?:DOCTYPE|ENTITY)|<\?xml-stylesheet/i.test(text)) return 'must have no DOCTYPE and no style sheet';
  let root: Element | null;
  try {
    const fail = (_level: string, message: string): never => {
      throw new Error(message);
    };
    root = new DOMParser({ onError: fail }).parseFromString(text, 'image/svg+xml').documentElement;
  } catch {
    return 'is no well-formed SVG';
  }
  if (root?.localName !== 'svg' || root.namespaceURI !== 'http://www.w3.org/2000/svg') return 'is no SVG';
  if (!root.hasAttribute('viewBox')) return 'needs a viewBox, so that its size can change';
  for (const element of elementsOf(root)) {
    if (!drawing.has(element.localName ?? '')) return `must not contain <${element.localName}>: shapes alone`;
    for (const { name, value } of element.attributes) {
      const local = name.toLowerCase().replace(/^.*:/, '');
      const leads = /url\s*\(\s*["']?(?!#)/i.test(value) || /javascript:|data:/i.test(value);
      if (local.startsWith('on') || local === 'href' || local === 'style' || leads)
        return `must not use ${name} in <${element.localName}>: nothing that runs or leads elsewhere`;
    }
  }
  return undefined;
};

const pngSignature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

const pngFault = (body: Buffer): string | undefined => {
  if (body.length < 33 || !body.subarray(0, 8).equals(pngSignature) || body.toString('latin1', 12, 16) !== 'IHDR')
    return 'is no PNG';
  const [width, height] = [body.readUInt32BE(16), body.readUInt32BE(20)];
  if (width === 0 || height === 0 || width > longestSide || height > longestSide)
    return `must be at most ${longestSide} pixels wide and high`;
  return body.includes('IEND', 33, 'latin1') ? undefined : 'is cut off';
};

const styles = ({ colour, colour_dark: dark }: BrandingFile): string => {
  const inDark = `{--bid-brand:${dark ?? 'var(--kern-color-action-default)'}}`;
  return [
    `:root{--bid-brand:${colour ?? 'var(--kern-color-action-default)'}}`,
    `@media(prefers-color-scheme:dark){:root:not([data-kern-theme='light'])${inDark}}`,
    `:root[data-kern-theme='dark']${inDark}`,
    '.bid-service{border-left-color:var(--bid-brand)}',
    '.bid-logo{display:block;height:2.5rem;max-width:9rem;padding:.25rem;border-radius:4px;background:#fff;object-fit:contain}',
  ].join('');
};

/**
 * An authority's look out of its file, and what is wrong with its logo.
 *
 * @param logo bytes of the file that `logo` names, or why they cannot be read; undefined when it names none.
 */
export const readBranding = (
  file: BrandingFile,
  logo: Buffer | { readonly fault: string } | undefined,
): { readonly branding?: Branding; readonly fault?: string } => {
  const css = styles(file);
  const finished = (own: Pick<Branding, 'logo'>): { branding: Branding } => {
    const hash = createHash('sha256')
      .update(css)
      .update(own.logo?.body ?? '');
    return { branding: { ...own, styles: css, hash: hash.digest('hex').slice(0, 12) } };
  };
  if (file.logo === undefined || logo === undefined) return finished({});
  if (!Buffer.isBuffer(logo)) return { fault: `cannot read ${file.logo} (${logo.fault})` };
  const vector = file.logo.endsWith('.svg');
  const fault = vector ? svgFault(logo.toString('utf8')) : pngFault(logo);
  if (fault !== undefined) return { fault: `${file.logo} ${fault}` };
  return finished({ logo: { type: vector ? 'image/svg+xml' : 'image/png', body: logo } });
};
