import { errors, type Adapter, type AdapterPayload } from 'oidc-provider';
import type { Artifacts, JsonObject } from '../../storage/artifacts.ts';

/** Models whose members end with their grant. Order of removal: the grant itself goes first, since every check needs it. */
const grantable = ['AccessToken', 'AuthorizationCode', 'RefreshToken'] as const;

const isGrantable = (model: string): boolean => (grantable as readonly string[]).includes(model);

/** Ends a grant and everything issued under it. Safe at every point: without its grant no token is accepted. */
export const revokeGrant = async (artifacts: Artifacts, grantId: string): Promise<void> => {
  await artifacts.remove('Grant', grantId);
  for (const model of grantable) await artifacts.removeGroup(model, grantId);
};

const lostRace = (model: string): Error =>
  model === 'PushedAuthorizationRequest'
    ? new errors.InvalidRequestUri('request_uri is invalid, expired, or was already used')
    : new errors.InvalidGrant('already used');

/** Told of every use of a code or refresh token that was used already; the same grant may be told more than once. */
export type Replayed = (
  model: string,
  grant: { readonly id: string; readonly clientId?: unknown; readonly principal?: unknown },
) => Promise<void>;

/**
 * The library's storage contract on our artifacts. Two things the library leaves to its adapter are decided here:
 * `consume` has one winner, the others throw and end the grant as a replay does; a `ReplayDetection` that is there
 * already throws. Without both, twenty parallel uses of one code or assertion succeed (attacks.md M1 to M3).
 */
export const createAdapter = (artifacts: Artifacts, model: string, replayed: Replayed): Adapter => {
  const read = (found: { payload: JsonObject; consumedAt?: number } | undefined): AdapterPayload | undefined =>
    found && {
      ...found.payload,
      ...(found.consumedAt === undefined ? {} : { consumed: Math.floor(found.consumedAt / 1000) }),
    };

  return {
    async upsert(id, payload, expiresIn) {
      const stored = payload as JsonObject;
      // Every model here has a life; one without would never leave the store.
      if (expiresIn === undefined) throw new TypeError(`${model} has no expiry`);
      if (model === 'ReplayDetection') {
        if (!(await artifacts.saveNew(model, id, stored, { ttl: expiresIn })))
          throw new errors.InvalidClientAuth('client assertion tokens must only be used once');
        return;
      }
      await artifacts.save(model, id, stored, {
        ttl: expiresIn,
        ...(model === 'Session' && payload.uid !== undefined ? { alias: payload.uid } : {}),
        ...(isGrantable(model) && payload.grantId !== undefined ? { group: payload.grantId } : {}),
      });
    },
    async find(id) {
      return read(await artifacts.find(model, id));
    },
    async findByUid(uid) {
      return read(await artifacts.findByAlias(model, uid));
    },
    findByUserCode: () => Promise.resolve(undefined),
    async consume(id) {
      if (await artifacts.consume(model, id)) return;
      const { grantId, clientId, accountId } = (await artifacts.find(model, id))?.payload ?? {};
      if (typeof grantId === 'string') {
        await revokeGrant(artifacts, grantId);
        await replayed(model, { id: grantId, clientId, principal: accountId });
      }
      throw lostRace(model);
    },
    destroy: (id) => artifacts.remove(model, id),
    async revokeByGrantId(grantId) {
      await artifacts.removeGroup(model, grantId);
    },
  };
};
