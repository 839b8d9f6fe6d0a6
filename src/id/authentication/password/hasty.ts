/** Nobody reads a page and types name and password in less time; ms. A password manager may. */
const typingTime = 3000;

/**
 * Whether a password came sooner than anybody types, most likely from a program: such attempts are the first to wait.
 *
 * @param shownAt when its page was shown, or the login began, in ms since the epoch
 */
export const isHasty = (shownAt: number): boolean => Date.now() - shownAt < typingTime;
