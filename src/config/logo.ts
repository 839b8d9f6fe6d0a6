import { dirname, join } from 'node:path';
import { largestLogo, readBranding, type Branding, type BrandingFile } from './branding.ts';
import { createFiles, type Reading } from './files.ts';
import type { Issue } from './report.ts';

export interface Logos {
  /** The logo that an authority's file names; undefined when it names none. The same object until its content changes. */
  read(authorityFile: string, branding: BrandingFile | undefined): Promise<Reading | undefined>;
  forgetUnread(): void;
}

/** Reads the logos that authorities' files name, when they may have changed. */
export const createLogos = (): Logos => {
  const files = createFiles(largestLogo, 'latin1');
  return {
    read: async (authorityFile, branding) =>
      branding?.logo === undefined ? undefined : files.read(join(dirname(authorityFile), branding.logo)),
    forgetUnread: () => files.forgetUnread(),
  };
};

/** An authority's look out of its file and its logo, and what is wrong with it. */
export const brandingWith = (
  file: BrandingFile | undefined,
  logo: Reading | undefined,
): { readonly branding?: Branding; readonly issues: readonly Issue[] } => {
  if (!file) return { issues: [] };
  const bytes = logo && ('text' in logo ? Buffer.from(logo.text, 'latin1') : logo);
  const { branding, fault } = readBranding(file, bytes);
  return {
    ...(branding ? { branding } : {}),
    issues: fault === undefined ? [] : [{ path: ['branding', 'logo'], message: fault }],
  };
};
