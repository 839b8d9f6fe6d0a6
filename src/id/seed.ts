import type { Attribute, Attributes } from './identity/attribute.ts';
import { LoginNameTaken, type CitizenRepository } from './identity/repository.ts';
import type { PasswordHashing } from './authentication/password/hashing.ts';

/** An account with nothing but what its person said about herself; her address counts as confirmed. */
export interface SeedAccount {
  readonly login: string;
  readonly password: string;
  readonly given_name: string;
  readonly family_name: string;
  readonly birthdate: string;
  readonly email: string;
}

/** Creates the test persons' accounts that are not there yet; a second start changes nothing. Development only. */
export const seedTestPersons = async (
  accounts: readonly SeedAccount[],
  citizens: CitizenRepository,
  hashing: PasswordHashing,
): Promise<void> => {
  for (const person of accounts) {
    if (await citizens.findByLoginName(person.login)) continue;
    const at = Date.now();
    const typed = (value: string): Attribute<string> => ({ value, source: 'self', level: 'basic', at });
    const self: Attributes = {
      given_name: typed(person.given_name),
      family_name: typed(person.family_name),
      birthdate: typed(person.birthdate),
      email: typed(person.email),
    };
    try {
      await citizens.create(
        {
          loginName: person.login,
          email: person.email,
          passwordHash: await hashing.hash(person.password),
          self,
          ceiling: 'basic',
        },
        [{ type: 'account.created', by: 'seed' }],
      );
    } catch (error) {
      if (!(error instanceof LoginNameTaken)) throw error;
    }
  }
};
