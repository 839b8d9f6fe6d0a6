/**
 * The one form under which a user name or e-mail address is found: compatibility-normalised, without outer blanks, in
 * small letters, an address without the root dot of its domain. Never shown and never mailed to (RG-11).
 */
export const canonicalLoginName = (typed: string): string => {
  const name = typed.normalize('NFKC').trim().toLowerCase().normalize('NFKC');
  return name.includes('@') ? name.replace(/\.$/, '') : name;
};
