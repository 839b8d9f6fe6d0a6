import type { Context } from 'koa';
import type { Form } from '../../web/forms.ts';
import type { CredentialRepository } from '../identity/credentials.ts';
import type { LevelRules } from '../oidc/policy.ts';
import type { Visitor } from '../oidc/visitor.ts';
import { dangerousActAge, type AccountEntry, type Demand } from './entry.ts';
import { strongestMeans } from '../identity/strongest-means.ts';

/** The way in to dangerous acts: only with a fresh login at the account's highest level (pages.md, Mein Konto). */
export interface FreshEntry {
  /** As AccountEntry's. */
  open(ctx: Context, returnTo?: string): Promise<Visitor | undefined>;
  posted(ctx: Context, returnTo: string): Promise<{ readonly visitor: Visitor; readonly form: Form } | undefined>;
}

export const createFreshEntry = (
  entry: AccountEntry,
  credentials: Pick<CredentialRepository, 'credentialsOf'>,
  rules: LevelRules,
): FreshEntry => {
  const demandOf = async ({ citizen }: Visitor): Promise<Demand> => ({
    level: strongestMeans(citizen, await credentials.credentialsOf(citizen.account.id), rules),
    maxAge: dangerousActAge,
  });
  return {
    async open(ctx, returnTo = ctx.originalUrl) {
      const visitor = await entry.open(ctx, undefined, returnTo);
      return visitor && entry.open(ctx, await demandOf(visitor), returnTo);
    },
    async posted(ctx, returnTo) {
      const visitor = await entry.open(ctx, undefined, returnTo);
      return visitor && entry.posted(ctx, returnTo, await demandOf(visitor));
    },
  };
};
