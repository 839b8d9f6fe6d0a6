import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);

const folderOf = (packageJson: string): string => dirname(require.resolve(packageJson));

let texts: LicenceTexts | undefined;

export interface LicenceTexts {
  readonly kern: string;
  readonly kernVersion: string;
  readonly fira: string;
  readonly dejavu: string;
  readonly preact: string;
  readonly passwords: string;
  readonly passwordsVersion: string;
}

const versionIn = (packageJson: string): string => {
  const content: unknown = JSON.parse(packageJson);
  const found = typeof content === 'object' && content !== null && 'version' in content ? content.version : undefined;
  return typeof found === 'string' ? found : '';
};

/** The licences as their packages ship them, read once, at the first visit of the page. */
export const licenceTexts = (): LicenceTexts => {
  const read = (folder: string, file: string): string => readFileSync(join(folder, file), 'utf8');
  if (texts === undefined) {
    const kern = folderOf('@kern-ux/native/package.json');
    const passwords = folderOf('@zxcvbn-ts/language-common/package.json');
    texts = {
      kern: read(kern, 'LICENSE.md'),
      kernVersion: versionIn(read(kern, 'package.json')),
      fira: read(folderOf('@fontsource/fira-sans/package.json'), 'LICENSE'),
      dejavu: read(folderOf('@fontsource/dejavu-sans/package.json'), 'LICENSE'),
      preact: read(folderOf('preact/package.json'), 'LICENSE'),
      passwords: read(passwords, 'LICENSE.txt'),
      passwordsVersion: versionIn(read(passwords, 'package.json')),
    };
  }
  return texts;
};
