import { randomBytes } from 'node:crypto';
import type { Artifacts, JsonObject } from '../../storage/artifacts.ts';
import { codeLife } from '../authentication/email/codes.ts';
import type { Visitor } from '../oidc/visitor.ts';

/** How long the old address can take a change back, in ms (attacks.md RG-08). */
export const undoLife = 72 * 3600_000;

/** An address that waits for its code. */
export interface PendingChange {
  readonly address: string;
  readonly codeId: string;
  /** ms since the epoch. */
  readonly validUntil: number;
}

export interface UndoableChange {
  readonly accountId: string;
  /** The one from before. */
  readonly address: string;
}

/** Changes of an e-mail address under way, and those that can still be taken back. */
export interface EmailChanges {
  /** Of this session alone, and void once the account has moved on or has another card (RG-09, MG-03, MG-04). */
  pending(visitor: Visitor): Promise<PendingChange | undefined>;
  begin(visitor: Visitor, change: PendingChange): Promise<void>;
  drop(visitor: Visitor): Promise<void>;
  /** @returns the token (256 bits, base64url) for the link to the old address. */
  undoable(change: UndoableChange): Promise<string>;
  findUndo(token: string): Promise<UndoableChange | undefined>;
  /** Uses it up: true for one caller only. */
  useUndo(token: string): Promise<boolean>;
}

const pendingKind = 'EmailChange';
const undoKind = 'EmailUndo';

export const createEmailChanges = (artifacts: Artifacts): EmailChanges => {
  const nameOf = ({ sessionUid, citizen }: Visitor): string =>
    `${sessionUid} ${citizen.account.id} ${citizen.account.epoch} ${citizen.card?.link.id ?? ''}`;
  return {
    async pending(visitor) {
      return (await artifacts.find(pendingKind, nameOf(visitor)))?.payload as PendingChange | undefined;
    },
    begin: (visitor, change) =>
      artifacts.save(pendingKind, nameOf(visitor), change as unknown as JsonObject, { ttl: codeLife / 1000 }),
    drop: (visitor) => artifacts.remove(pendingKind, nameOf(visitor)),
    async undoable(change) {
      const token = randomBytes(32).toString('base64url');
      await artifacts.save(undoKind, token, change as unknown as JsonObject, { ttl: undoLife / 1000 });
      return token;
    },
    async findUndo(token) {
      const found = await artifacts.find(undoKind, token);
      return found && found.consumedAt === undefined ? (found.payload as unknown as UndoableChange) : undefined;
    },
    useUndo: (token) => artifacts.consume(undoKind, token),
  };
};
