/** How one authority addresses the mailbox of a citizen: a random name that no other authority knows. */
export interface StoredHandle {
  readonly authority: string;
  readonly handle: string;
  /** The authority's clients that received it and may still use it. */
  readonly clients: readonly string[];
  /** ms since the epoch. */
  readonly at: number;
}

/**
 * Handles of mailboxes (architecture.md 14): one for each account and authority, so that all services of an authority write
 * to the same address and no two authorities can compare theirs.
 */
export interface PostfachHandles {
  /**
   * The handle of the client's authority, made at its first release; notes that this client holds it.
   *
   * @param client.consented whether the citizen is asked at this client: then the consent is looked at once more, in the
   * transaction, since she may withdraw it at this very moment.
   * @returns undefined when she did, or when there is no such account.
   */
  release(
    accountId: string,
    client: { readonly clientId: string; readonly authority: string; readonly consented: boolean },
  ): Promise<string | undefined>;
  /** Whose a handle is, whatever became of the account; undefined for one that this authority was never given, or no more. */
  find(authority: string, handle: string): Promise<string | undefined>;
  /** Those that came with joined accounts first, then the ones that are released. */
  of(accountId: string): Promise<readonly StoredHandle[]>;
}

/** The claim, and the scope of the same name. */
export const postfachClaim = 'postfach';
