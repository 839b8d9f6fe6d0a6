import { weakest, type Level } from './levels.ts';

/** A row of the operator's table of means: what kind of login it was, not which credential. */
export const means = ['password', 'password_totp', 'passkey_synced', 'passkey_bound', 'eid'] as const;

export type Means = (typeof means)[number];

/** How strong each means is. Configuration: the table is the operator's, the rule below is ours. */
export type MeansTable = Readonly<Record<Means, Level>>;

/** One successful login by one means, kept with the session. */
export interface Evidence {
  readonly means: Means;
  /** The credential or card link that was used. */
  readonly credentialId: string;
  /** Further credentials of the same login, where two things were asked for; then `ceiling` is the weakest of all. */
  readonly beside?: readonly string[];
  /** When, in ms since the epoch. */
  readonly at: number;
  /** Authentication methods as in RFC 8176, in the order in which they were used. */
  readonly amr: readonly string[];
  /** The highest level this credential can give: that of the session in which it was handed over. */
  readonly ceiling: Level;
  /** What ageing had left of it when the browser was last seen: a level that was idled away never comes back. */
  readonly left?: Level;
}

/** Every credential that a login used: what is confirmed or doubted with it. */
export const credentialsOf = ({ credentialId, beside = [] }: Evidence): readonly string[] => [credentialId, ...beside];

/** How surely the account's person is known, and until when (ms since the epoch; a card's proof ends with the card). */
export interface Proofing {
  readonly level: Level;
  readonly until?: number;
}

/** What the proofing is worth now: past its end only the self-asserted data remain. */
export const proofedLevel = (proofing: Proofing, now: number): Level =>
  proofing.until !== undefined && now >= proofing.until ? 'basic' : proofing.level;

/** The level of one login on the day it was made: the weakest of person, means, the credential's ceiling and what is left. */
export const levelOfEvidence = (evidence: Evidence, proofing: Proofing, table: MeansTable, now: number): Level =>
  weakest(proofedLevel(proofing, now), table[evidence.means], evidence.ceiling, evidence.left ?? 'high');
