import { locate } from '../../config/checked.ts';
import type { Reading } from '../../config/files.ts';
import type { Finding, Issue } from '../../config/report.ts';
import type { RelyingParty } from './client.ts';
import type { ClientFile } from './schema.ts';

export interface ClientEntry {
  readonly reading: Reading;
  readonly file?: ClientFile;
  readonly party?: RelyingParty;
}

/** What cannot be seen in one file: the same id, API or secret in two of them. The later path is told of the earlier one. */
export const collisions = async (
  entries: ReadonlyMap<string, ClientEntry>,
  pause: () => Promise<void>,
): Promise<Finding[]> => {
  const found: Finding[] = [];
  const seen = { id: new Map<string, string>(), api: new Map<string, string>(), secret: new Map<string, string>() };
  for (const [path, { file, party, reading }] of entries) {
    if (!file) continue;
    await pause();
    const once = (kind: keyof typeof seen, word: string | undefined, issue: (other: string) => Issue): void => {
      if (word === undefined) return;
      const other = seen[kind].get(word);
      if (other === undefined) seen[kind].set(word, path);
      else found.push(...locate(path, reading, [issue(other)]));
    };
    once('id', file.client_id, (other) => ({
      path: ['client_id'],
      message: `${file.client_id} is in another file already: ${other}`,
    }));
    once('api', file.api?.audience, (other) => ({
      path: ['api', 'audience'],
      message: `this API is in another file already: ${other}`,
    }));
    once('secret', party?.secret, (other) => ({
      path: [file.client_secret_env === undefined ? 'client_secret_file' : 'client_secret_env'],
      message: `the same secret is in ${other}: every service needs its own`,
      severity: 'warning',
    }));
  }
  return found;
};
