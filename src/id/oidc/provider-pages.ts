import type { Context } from 'koa';
import type { FormPost } from './form-post.ts';

/** What the library's pages need to be ours. Filled in by `pages/`, which know nothing of the library. */
export interface ProviderPages {
  error(ctx: Context, error: { readonly error: string; readonly description?: string; readonly status: number }): void;
  /** The answer to a service in a form; `clientId` is known where the request named a client. */
  formPost(ctx: Context, view: FormPost & { readonly clientId: string | undefined }): void;
  logout(
    ctx: Context,
    view: {
      readonly action: string;
      readonly xsrf: string;
      readonly clientId?: string;
      readonly services: readonly string[];
    },
  ): void;
  loggedOut(
    ctx: Context,
    view: {
      readonly services: readonly { readonly clientId: string; readonly told: boolean }[];
      readonly clientId?: string;
      readonly stayed: boolean;
    },
  ): Promise<void> | void;
}
