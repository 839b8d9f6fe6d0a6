/** Where a redirect address that was sent leaves the one that is registered. */
export type RedirectDifference =
  | { readonly kind: 'trailingSlash' }
  /** `position` counts from 1; both texts begin there, shortened. */
  | { readonly kind: 'at'; readonly position: number; readonly sent: string; readonly registered: string };

const longest = 24;

const from = (letters: readonly string[], index: number): string => {
  const rest = letters.slice(index);
  return rest.length > longest ? `${rest.slice(0, longest).join('')}…` : rest.join('');
};

/** Redirect addresses are compared letter by letter (RFC 9700, 2.1), so the first letter that differs is the reason. */
export const redirectDifference = (sent: string, registered: string): RedirectDifference | undefined => {
  if (sent === registered) return undefined;
  if (sent === `${registered}/` || registered === `${sent}/`) return { kind: 'trailingSlash' };
  const [left, right] = [Array.from(sent), Array.from(registered)];
  const index = left.findIndex((letter, i) => letter !== right[i]);
  const at = index === -1 ? left.length : index;
  return { kind: 'at', position: at + 1, sent: from(left, at), registered: from(right, at) };
};
