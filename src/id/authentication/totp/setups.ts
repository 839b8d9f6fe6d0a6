import type { Artifacts } from '../../../storage/artifacts.ts';
import { newTotpSecret } from './codes.ts';

/** Secrets that are shown but not confirmed by a first code yet. */
export interface TotpSetups {
  /** The session's secret (base32) in waiting, or a new one: looking at the page again shows the same code. */
  open(session: string, accountId: string): Promise<string>;
  /** @returns undefined when there is none, or it was shown to another account. */
  find(session: string, accountId: string): Promise<string | undefined>;
  close(session: string): Promise<void>;
}

/** Time to install an app, in seconds. */
const life = 30 * 60;

export const createTotpSetups = (artifacts: Artifacts): TotpSetups => {
  const find = async (session: string, accountId: string): Promise<string | undefined> => {
    const kept = (await artifacts.find('TotpSetup', session))?.payload;
    return kept?.['accountId'] === accountId && typeof kept['secret'] === 'string' ? kept['secret'] : undefined;
  };
  return {
    find,
    async open(session, accountId) {
      const kept = await find(session, accountId);
      if (kept !== undefined) return kept;
      const secret = newTotpSecret();
      await artifacts.save('TotpSetup', session, { accountId, secret }, { ttl: life });
      return secret;
    },
    close: (session) => artifacts.remove('TotpSetup', session),
  };
};
