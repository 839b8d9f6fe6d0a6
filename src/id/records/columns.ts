import type { Source } from '../identity/attribute.ts';

/** A stolen row is useless elsewhere: what is sealed names the row it belongs to. */
export const columns = {
  attributes: (source: Source) => `attributes/${source}`,
  link: (id: string) => `card_links/${id}`,
  credential: (id: string) => `credentials/${id}`,
  preferences: 'accounts/preferences',
  history: (id: string) => `attribute_history/${id}`,
  loginName: (hash: string) => `login_names/${hash}`,
  emailUndo: (hash: string) => `email_undos/${hash}`,
  consent: (id: string) => `consents/${id}`,
  browserSession: (uid: string) => `browser_sessions/${uid}`,
  postfachHandle: (hash: string) => `postfach_handles/${hash}`,
  operatorAct: (id: string) => `operator_acts/${id}`,
} as const;
