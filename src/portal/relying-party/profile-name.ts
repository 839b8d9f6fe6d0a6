import type { Session } from './session.ts';

const text = (value: unknown): string => (typeof value === 'string' ? value.trim() : '');

/** The person's name from the claims of the profile scope; some people have one name only. Empty when none was released. */
export const profileName = ({ claims }: Pick<Session, 'claims'>): string =>
  text(claims['name']) ||
  [text(claims['given_name']), text(claims['family_name'])].filter((part) => part !== '').join(' ');
