import type { AttemptContext } from '../method.ts';

/** Nobody reads a page and types name and password in less time; ms. A password manager may. */
const typingTime = 3000;

/** Whether a password came sooner than anybody types, most likely from a program: such attempts are the first to wait. */
export const isHasty = ({ startedAt }: Pick<AttemptContext, 'startedAt'>): boolean =>
  startedAt !== undefined && Date.now() - startedAt < typingTime;
