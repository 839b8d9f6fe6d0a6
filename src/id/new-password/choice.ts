import { effective } from '../identity/attribute.ts';
import type { Citizen } from '../identity/citizen.ts';
import type { PasswordHashing } from '../authentication/password/hashing.ts';
import { commonPasswords } from '../authentication/password/common-passwords.ts';
import { passwordFault, type PasswordContext, type PasswordFault } from '../authentication/password/rules.ts';

export interface PasswordChoice {
  /** What the person and the service are called. */
  readonly context: PasswordContext;
  /** A second factor stands beside it. Asked when a password is chosen: taking the factor away later voids none. */
  readonly secondFactor: boolean;
}

export type Chosen = { readonly fault: PasswordFault } | { readonly hash: string };

/** Judges a password that somebody chooses, and hashes it. */
export type ChoosePassword = (password: string, choice: PasswordChoice) => Promise<Chosen>;

export const createChoosePassword =
  (hashing: PasswordHashing): ChoosePassword =>
  async (password, { context, secondFactor }) => {
    const list = await commonPasswords();
    const fault = passwordFault(password, context, { secondFactor, isCommon: (text) => list.has(text) });
    return fault === undefined ? { hash: await hashing.hash(password) } : { fault };
  };

/** What an account's password must not say. */
export const passwordContext = (citizen: Pick<Citizen, 'self' | 'card' | 'email' | 'loginName'>): PasswordContext => {
  const { self, card, email, loginName } = citizen;
  const known = effective(self, card?.attributes);
  const names = (['given_name', 'family_name', 'birth_family_name'] as const).flatMap((name) => [
    self[name]?.value,
    card?.attributes[name]?.value,
  ]);
  const words = [...names, email, self.email?.value, loginName].filter((word) => word !== undefined);
  const birthdate = known.birthdate?.value;
  return { words, ...(birthdate === undefined ? {} : { birthdate }) };
};
