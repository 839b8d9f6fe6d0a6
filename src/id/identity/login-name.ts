import { mailAddress } from './mail-address.ts';

/**
 * The one form under which a user name or e-mail address is found: compatibility-normalised, without outer blanks, in
 * small letters, an address with its domain in ASCII and without the root dot. Never shown and never mailed to (RG-11).
 */
export const canonicalLoginName = (typed: string): string => {
  const name = typed.normalize('NFKC').trim().toLowerCase().normalize('NFKC');
  return name.includes('@') ? (mailAddress(name) ?? name.replace(/\.$/, '')) : name;
};
