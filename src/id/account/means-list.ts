import type { Level } from '../../assurance/levels.ts';
import type { Citizen } from '../identity/citizen.ts';
import type { Credential } from '../identity/credentials.ts';
import { loginBy } from '../identity/means.ts';
import type { LevelRules } from '../oidc/policy.ts';
import { levelToday, loginByCard } from '../identity/strongest-means.ts';

export interface PasskeyEntry {
  readonly id: string;
  readonly name: string;
  readonly synced: boolean;
  /** ms since the epoch, as all times here. */
  readonly createdAt: number;
  readonly usedAt?: number;
  readonly level: Level;
}

/** All ways into an account, each with the level that it gives today. */
export interface MeansList {
  /** Names to log in with. */
  readonly email?: string;
  readonly loginName?: string;
  readonly password?: { readonly changedAt: number; readonly level: Level };
  readonly passkeys: readonly PasskeyEntry[];
  readonly app?: { readonly createdAt: number; readonly usedAt?: number };
  readonly codes?: { readonly createdAt: number; readonly left: number };
  readonly card?: { readonly linkedAt: number; readonly validUntil?: number; readonly level: Level };
}

const usedAt = (credential: Credential): { readonly usedAt?: number } =>
  credential.usedAt === undefined ? {} : { usedAt: credential.usedAt };

export const listMeans = (citizen: Citizen, credentials: readonly Credential[], rules: LevelRules): MeansList => {
  const now = Date.now();
  const levelOf = (credential: Credential): Level => {
    const login = loginBy(credential, credentials, now);
    return login ? levelToday(citizen, login, rules) : 'basic';
  };
  const one = (kind: Credential['kind']): Credential | undefined => credentials.find((each) => each.kind === kind);
  const [password, app, codes] = [one('password'), one('totp'), one('recovery_codes')];
  const card = loginByCard(citizen, now);
  const link = citizen.card?.link;
  const { email, loginName } = citizen;
  return {
    ...(email === undefined ? {} : { email }),
    ...(loginName === undefined ? {} : { loginName }),
    ...(password ? { password: { changedAt: password.changedAt, level: levelOf(password) } } : {}),
    passkeys: credentials
      .filter(({ kind }) => kind === 'passkey')
      .map((credential) => ({
        id: credential.id,
        name: credential.name ?? '',
        synced: credential.synced !== false,
        createdAt: credential.createdAt,
        ...usedAt(credential),
        level: levelOf(credential),
      })),
    ...(app ? { app: { createdAt: app.createdAt, ...usedAt(app) } } : {}),
    ...(codes ? { codes: { createdAt: codes.createdAt, left: codes.left ?? 0 } } : {}),
    ...(card && link
      ? {
          card: {
            linkedAt: link.linkedAt,
            ...(link.validUntil === undefined ? {} : { validUntil: link.validUntil }),
            level: levelToday(citizen, card, rules),
          },
        }
      : {}),
  };
};
