import { mailAddress } from './mail-address.ts';

/**
 * The one form under which a user name or e-mail address is found: compatibility-normalised, without outer blanks, in
 * small letters, an address with its domain in ASCII and without the root dot. Never shown and never mailed to (RG-11).
 */
export const canonicalLoginName = (typed: string): string => {
  const name = typed.normalize('NFKC').trim().toLowerCase().normalize('NFKC');
  return name.includes('@') ? (mailAddress(name) ?? name.replace(/\.$/, '')) : name;
};

/**
 * A user name that somebody may choose: letters and digits of any script, without `@`, so that it is nobody's address
 * (RG-12), and without blanks or signs that look like nothing.
 */
export const isUserName = (typed: string): boolean => /^[\p{L}\p{M}\p{N}._-]{3,60}$/u.test(canonicalLoginName(typed));
