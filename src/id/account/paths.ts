/** Where the pages of Mein Konto are, by name. */
export const paths = {
  home: '/konto',
  data: '/konto/daten',
  means: '/konto/zugaenge',
  sessions: '/konto/sitzungen',
  services: '/konto/dienste',
  activities: '/konto/aktivitaet',
  notices: '/konto/mitteilungen',
  language: '/konto/sprache',
  export: '/konto/auskunft',
  deletion: '/konto/loeschen',
} as const;

export type AccountPageName = keyof typeof paths;

/** Pages that these lead to and that stand elsewhere. */
export const otherPaths = {
  card: '/konto/zugaenge/ausweis',
  recoveryCodes: '/konto/zugaenge/codes',
  password: '/konto/zugaenge/passwort',
  email: '/konto/zugaenge/e-mail',
  loginName: '/konto/zugaenge/benutzername',
  notMe: '/konto/nicht-ich',
  recovery: '/passwort-vergessen',
} as const;
