/** What a browser says of itself, as coarse as a person recognises it. Never a version, and never text that was sent. */
export interface CoarseUserAgent {
  readonly browser: 'Firefox' | 'Edge' | 'Opera' | 'Samsung Internet' | 'Chrome' | 'Safari' | undefined;
  readonly system: 'Android' | 'iPhone' | 'iPad' | 'Windows' | 'macOS' | 'ChromeOS' | 'Linux' | undefined;
}

/** The first that fits counts: most browsers name those that they are like as well. */
const browsers = [
  [/\b(?:Firefox|FxiOS)\//, 'Firefox'],
  [/\b(?:Edg|EdgA|EdgiOS)\//, 'Edge'],
  [/\b(?:OPR|OPT)\//, 'Opera'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\b(?:Chrome|CriOS|Chromium)\//, 'Chrome'],
  [/\bVersion\/[\d.]+.* Safari\//, 'Safari'],
] as const;

const systems = [
  [/\bAndroid\b/, 'Android'],
  [/\biPhone\b/, 'iPhone'],
  [/\biPad\b/, 'iPad'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b|\bMacintosh\b/, 'macOS'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bLinux\b/, 'Linux'],
] as const;

const firstOf = <Name>(table: readonly (readonly [RegExp, Name])[], text: string): Name | undefined =>
  table.find(([pattern]) => pattern.test(text))?.[1];

/** Reads the header User-Agent, of which only the first 500 characters count. */
export const coarseUserAgent = (header: string | undefined): CoarseUserAgent => {
  const text = (header ?? '').slice(0, 500);
  return { browser: firstOf(browsers, text), system: firstOf(systems, text) };
};
