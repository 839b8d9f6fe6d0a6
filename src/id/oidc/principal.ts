/**
 * The account id that the library carries in sessions, grants, codes and tokens: ours, with the epoch in which they were
 * made. So everything issued before a password change, recovery or lock names an account that no longer exists, in
 * whichever store it lives (architecture.md 7).
 */
export interface Principal {
  readonly accountId: string;
  readonly epoch: number;
}

export const principalText = ({ accountId, epoch }: Principal): string => `${accountId}~${epoch}`;

/** @returns undefined for anything that is not of our making. */
export const parsePrincipal = (text: string): Principal | undefined => {
  const match = /^((?:guest-)?[0-9a-f-]{36})~(\d{1,9})$/.exec(text);
  return match?.[1] === undefined ? undefined : { accountId: match[1], epoch: Number(match[2]) };
};
