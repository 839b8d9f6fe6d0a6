/** A server that answers, and something about it that its operator should know. */
export interface StoreNotice {
  readonly kind: 'old_release';
  readonly store: 'postgres' | 'redis' | 'valkey';
  /** As the server says it. */
  readonly version: string;
  readonly reason: string;
}

/** Told at the start, of each server that was reached. Must not throw. */
export type NoticeStore = (notice: StoreNotice) => void;

type Release = readonly [major: number, minor: number, patch: number];

interface Rule {
  /** The first release of each line without the fault; newer lines never had it. */
  readonly patched: readonly Release[];
  readonly fault: string;
  /** Distributions patch an older version and leave its number as it is. */
  readonly distributions: string;
}

const lua = 'CVE-2025-49844: whoever may log in can run code by a script';

const rules: Readonly<Record<StoreNotice['store'], Rule>> = {
  // Releases of 14 May 2026.
  postgres: {
    patched: [
      [15, 18, 0],
      [16, 14, 0],
      [17, 10, 0],
      [18, 4, 0],
    ],
    fault: 'CVE-2026-6473 and ten others: whoever may ask can break memory',
    distributions: 'Debian 12: 15.18-0+deb12u1',
  },
  redis: {
    patched: [
      [6, 2, 20],
      [7, 2, 11],
      [7, 4, 6],
      [8, 0, 4],
      [8, 2, 2],
    ],
    fault: lua,
    distributions: 'Debian 12: 5:7.0.15-1~deb12u6',
  },
  valkey: {
    patched: [
      [7, 2, 11],
      [8, 0, 6],
      [8, 1, 4],
    ],
    fault: lua,
    distributions: 'Debian: its security tracker names the package',
  },
};

/** A line of releases: PostgreSQL counts its first number alone, the others two. */
const sameLine = (store: StoreNotice['store'], [a, b]: Release, [c, d]: Release): boolean =>
  a === c && (store === 'postgres' || b === d);

const compare = (one: Release, other: Release): number =>
  one.map((part, i) => part - (other[i] ?? 0)).find((difference) => difference !== 0) ?? 0;

const show = (store: StoreNotice['store'], [major, minor, patch]: Release): string =>
  store === 'postgres' ? `${major}.${minor}` : `${major}.${minor}.${patch}`;

/**
 * What to tell of a server's release; undefined for one without a known fault that anybody who may log in could use, and for
 * a version that is none.
 *
 * @param version such as `7.2.4`, or `15.18 (Debian 15.18-0+deb12u1)`
 */
export const oldRelease = (store: StoreNotice['store'], version: string): StoreNotice | undefined => {
  const [, major, minor = '0', patch = '0'] = /^(\d+)(?:\.(\d+))?(?:\.(\d+))?/.exec(version) ?? [];
  if (major === undefined) return undefined;
  const release: Release = [Number(major), Number(minor), Number(patch)];
  const { patched, fault, distributions } = rules[store];
  const own = patched.find((one) => sameLine(store, one, release));
  const newest = patched.at(-1);
  const sound = own ? compare(release, own) >= 0 : newest !== undefined && compare(release, newest) > 0;
  if (sound) return undefined;
  const sounds = patched.map((one) => show(store, one)).join(', ');
  return { kind: 'old_release', store, version, reason: `${fault}. Patched: ${sounds}; ${distributions}` };
};

/** The same of what a Redis or a Valkey says of itself (`INFO server`). */
export const oldRedisRelease = (info: string): StoreNotice | undefined => {
  const of = (field: string): string | undefined => new RegExp(`^${field}:(\\S+)`, 'm').exec(info)?.[1];
  const valkey = of('valkey_version');
  if (valkey !== undefined) return oldRelease('valkey', valkey);
  return oldRelease('redis', of('redis_version') ?? '');
};
