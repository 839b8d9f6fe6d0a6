/**
 * The 49,000 most common passwords of public breaches, as the package @zxcvbn-ts/language-common ships them (MIT;
 * named on /lizenzen). Nothing is asked over the network: a password that somebody thinks of leaves nowhere.
 * Loaded when the first password is chosen, since it takes 2 MB.
 */
let list: Promise<ReadonlySet<string>> | undefined;

const load = async (): Promise<ReadonlySet<string>> => {
  const { dictionary } = await import('@zxcvbn-ts/language-common');
  return new Set(dictionary['passwords-common'].map((text) => text.toLowerCase()));
};

export const commonPasswords = (): Promise<ReadonlySet<string>> => {
  list ??= load();
  return list;
};
