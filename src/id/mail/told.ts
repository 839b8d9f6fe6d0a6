import type { OwnerNotice } from './mail.ts';

type WithoutLinks<Notice> = Notice extends { readonly type: 'email_changed' }
  ? Notice
  : Notice extends { readonly type: 'accounts_joined' }
    ? Omit<Notice, 'denyLink'> & { readonly keptId: string }
    : Notice extends unknown
      ? Omit<Notice, 'denyLink' | 'undoLink' | 'loginLink'>
      : never;

/**
 * What the owner of an account is told, before it has links and a language. Only the undoing of an address
 * brings its own link; of two accounts that were joined one is left to secure, `keptId`.
 */
export type Told = WithoutLinks<OwnerNotice>;
