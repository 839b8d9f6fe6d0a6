import type { Evidence } from '../../assurance/evidence.ts';
import { weakest } from '../../assurance/levels.ts';
import type { Artifacts, JsonObject } from '../../storage/artifacts.ts';

/** What a session has proved, kept beside it under its uid, which survives every change of the session's id. */
export interface SessionEvidence {
  /** Account and epoch it belongs to, as in principal.ts. */
  readonly principal: string;
  readonly items: readonly Evidence[];
  /** When the browser was last seen, ms since the epoch. */
  readonly seen: number;
}

/** Beyond the longest life of any level nothing counts, so nothing is kept; seconds. */
const life = 12 * 3600;

/** More logins than this in one session are not evidence but noise; the oldest go. */
const most = 10;

/** The browser is written down as seen at most this often, in ms; idle times are shorter by as much at worst. */
export const seenPrecision = 10_000;

/** No request is under way longer than this; seconds. */
const longestRequest = 60;

export interface EvidenceStore {
  load(sessionUid: string): Promise<SessionEvidence | undefined>;
  /** Of a session that has ended meanwhile nothing is kept, so that a request which was under way does not bring it back. */
  save(sessionUid: string, evidence: SessionEvidence): Promise<void>;
  /** The session has ended: its uid is not used again. */
  remove(sessionUid: string): Promise<void>;
}

export const createEvidenceStore = (artifacts: Artifacts): EvidenceStore => ({
  async load(sessionUid) {
    return (await artifacts.find('Evidence', sessionUid))?.payload as unknown as SessionEvidence | undefined;
  },
  async save(sessionUid, evidence) {
    await artifacts.save('Evidence', sessionUid, evidence as unknown as JsonObject, { ttl: life });
    // Looked at afterwards: whichever of the two came first, what was saved does not stay.
    if (await artifacts.find('EndedSession', sessionUid)) await artifacts.remove('Evidence', sessionUid);
  },
  async remove(sessionUid) {
    await artifacts.save('EndedSession', sessionUid, {}, { ttl: longestRequest });
    await artifacts.remove('Evidence', sessionUid);
  },
});

/**
 * Adds new logins to old ones. The same login handed over twice counts once, in its newer form, but with no more left of
 * it than before: going back to an old page does not make it young again.
 */
export const mergeEvidence = (old: readonly Evidence[], fresh: readonly Evidence[]): readonly Evidence[] => {
  const byLogin = new Map<string, Evidence>();
  for (const item of [...old, ...fresh]) {
    const key = `${item.credentialId}@${item.at}`;
    const before = byLogin.get(key)?.left;
    byLogin.set(key, before === undefined ? item : { ...item, left: weakest(before, item.left ?? 'high') });
  }
  return [...byLogin.values()].sort((a, b) => a.at - b.at).slice(-most);
};
