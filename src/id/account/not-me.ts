import { createHash, randomBytes } from 'node:crypto';
import type { Artifacts } from '../../storage/artifacts.ts';
import type { Sealer } from '../../storage/sealing.ts';

/** How long a link "Das war ich nicht" works, in seconds: longer than most people leave their mail alone. */
const life = 7 * 86_400;

interface Content {
  readonly accountId: string;
  /** ms since the epoch. */
  readonly until: number;
  /** Makes every link another one. */
  readonly salt: string;
}

/**
 * Links in mails by which somebody says that it was not them. Opening one changes nothing, since mail scanners open every
 * link; sending its form works once. Making one writes nothing, so it can be done within a transaction.
 */
export interface NotMeLinks {
  /** A new link for a mail to the owner of this account. */
  make(accountId: string): string;
  /** Whose it is, for as long as it was not used. */
  find(token: string): Promise<string | undefined>;
  /** Uses it: the account's id for one caller only. */
  use(token: string): Promise<string | undefined>;
}

const kind = 'NotMe';
const context = 'not me';
const nameOf = (token: string): string => createHash('sha256').update(token).digest('base64url');

export const createNotMeLinks = (sealer: Sealer, artifacts: Artifacts, issuer: string): NotMeLinks => {
  const read = (token: string): Content | undefined => {
    try {
      const bytes = Buffer.from(token, 'base64url');
      // One link is one text, also where a decoder would take another for the same.
      if (token.length > 400 || bytes.toString('base64url') !== token) return undefined;
      const content = JSON.parse(sealer.open(bytes, context).toString('utf8')) as Content;
      return content.until > Date.now() ? content : undefined;
    } catch {
      return undefined;
    }
  };
  return {
    make(accountId) {
      const content: Content = {
        accountId,
        until: Date.now() + life * 1000,
        salt: randomBytes(8).toString('base64url'),
      };
      const token = Buffer.from(sealer.seal(JSON.stringify(content), context)).toString('base64url');
      return `${issuer}/konto/nicht-ich/${token}`;
    },
    async find(token) {
      const content = read(token);
      return content && !(await artifacts.find(kind, nameOf(token))) ? content.accountId : undefined;
    },
    async use(token) {
      const content = read(token);
      return content && (await artifacts.saveNew(kind, nameOf(token), {}, { ttl: life }))
        ? content.accountId
        : undefined;
    },
  };
};
