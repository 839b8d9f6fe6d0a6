import type { IdApp } from './id/contract.ts';
import type { MeinPostfach } from './portal/mein-postfach/app.ts';
import type { TestPersons } from './simulators/test-persons.ts';

/** Each test person finds letters; those of an account that was deleted are not written again for nobody. */
export const provideExampleLetters = async (
  postfach: MeinPostfach,
  { citizens }: IdApp,
  persons: TestPersons,
  sector: string,
): Promise<void> => {
  for (const { login } of persons.accounts) {
    const account = (await citizens.findByLoginName(login))?.citizen.account.id;
    if (account !== undefined) await postfach.provideExamples(await citizens.subject(account, sector));
  }
};
