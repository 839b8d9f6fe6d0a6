import { randomBytes } from 'node:crypto';
import type { Artifacts, JsonObject } from '../../../storage/artifacts.ts';
import type { AccountVersion } from '../../identity/credentials.ts';

/** How long a link to a new password is good, in ms. */
export const resetLife = 30 * 60_000;

/** Whose password a link sets anew. Void when the account has moved on since it was sent. */
export interface ResetTicket {
  readonly account: AccountVersion;
  /** The login from which it was asked for, `/anmelden/…`. */
  readonly from?: string;
}

/** One-use links for a forgotten password. The store keeps a hash of the token, never the token. */
export interface ResetTickets {
  /** Makes a token (256 bits, base64url); the account's earlier ones are good for nothing from now on. */
  issue(ticket: ResetTicket): Promise<{ readonly token: string; readonly validUntil: number }>;
  /** Looks without using anything up: mail scanners open links, too. */
  find(token: string): Promise<ResetTicket | undefined>;
  /** Uses it up: true for one caller only. */
  use(token: string): Promise<boolean>;
}

const kind = 'PasswordReset';

export const createResetTickets = (artifacts: Artifacts): ResetTickets => ({
  async issue(ticket) {
    const token = randomBytes(32).toString('base64url');
    const group = ticket.account.id;
    await artifacts.removeGroup(kind, group);
    await artifacts.save(kind, token, ticket as unknown as JsonObject, { ttl: resetLife / 1000, group });
    return { token, validUntil: Date.now() + resetLife };
  },
  async find(token) {
    const found = await artifacts.find(kind, token);
    return found && found.consumedAt === undefined ? (found.payload as unknown as ResetTicket) : undefined;
  },
  use: (token) => artifacts.consume(kind, token),
});
