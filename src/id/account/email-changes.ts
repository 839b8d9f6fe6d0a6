import type { Artifacts, JsonObject } from '../../storage/artifacts.ts';
import { codeLife } from '../authentication/email/codes.ts';
import type { Visitor } from '../oidc/visitor.ts';

/** An address that waits for its code. */
export interface PendingChange {
  readonly address: string;
  readonly codeId: string;
  /** ms since the epoch. */
  readonly validUntil: number;
}

/** Changes of an e-mail address under way. */
export interface EmailChanges {
  /** Of this session alone, and void once the account has moved on or has another card (RG-09, MG-03, MG-04). */
  pending(visitor: Visitor): Promise<PendingChange | undefined>;
  begin(visitor: Visitor, change: PendingChange): Promise<void>;
  drop(visitor: Visitor): Promise<void>;
}

const pendingKind = 'EmailChange';

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
  };
};
