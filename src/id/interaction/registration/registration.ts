import type { TypedPerson } from './person.ts';

/** How far a new account has come. Kept in the flow's state, sealed, and gone with it. */
export interface Registration {
  readonly way: 'email' | 'card';
  /** Where the code was sent. */
  readonly address?: string;
  /** `again`: it was asked for once more. */
  readonly code?: { readonly id: string; readonly validUntil: number; readonly again?: boolean };
  /** The code was typed in: the address is the citizen's. */
  readonly confirmed?: boolean;
  readonly person?: TypedPerson;
  /** The account is there. */
  readonly created?: boolean;
  /** Somebody else was faster with the same address. */
  readonly taken?: boolean;
  /** Nothing is left to be asked: the last page says so. */
  readonly done?: boolean;
  /** The last page was read. */
  readonly left?: boolean;
}

export type RegistrationPage =
  'registerEmail' | 'registerCode' | 'registerPerson' | 'registerPassword' | 'registerTaken' | 'registered';

/**
 * Which page of a registration comes next, or none. By e-mail the password is asked last, since only then is it known
 * whose name and birth date it must not contain; the account is made with it. By card the account is there first, and
 * address and password may be left out.
 */
export const registrationPage = (registration: Registration): RegistrationPage | undefined => {
  const { way, code, confirmed, person, created, taken, done, left } = registration;
  if (left === true || (way === 'card' && created !== true)) return undefined;
  if (done === true) return 'registered';
  if (taken === true) return 'registerTaken';
  if (confirmed !== true) return code === undefined ? 'registerEmail' : 'registerCode';
  if (way === 'email' && person === undefined) return 'registerPerson';
  return 'registerPassword';
};

/** Another address: what hung on the last one is forgotten, what was typed is not. */
export const withoutAddress = ({ code: _code, confirmed: _confirmed, ...rest }: Registration): Registration => rest;
