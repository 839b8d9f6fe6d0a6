import type { Session } from 'oidc-provider';
import type { Ageing } from '../../assurance/policy.ts';
import type { Artifacts } from '../../storage/artifacts.ts';
import type { RelyingParty } from '../clients/client.ts';
import type { Citizen } from '../identity/citizen.ts';
import type { CitizenRepository } from '../identity/repository.ts';
import type { ServiceRepository } from '../identity/service-records.ts';
import { revokeGrant } from './adapter.ts';
import type { EvidenceStore } from './evidence-store.ts';
import type { SessionRegister, SessionService } from './session-register.ts';

/** The services that a session was used for, and the id by which each knows it. */
export const servicesOf = (
  session: Session,
): readonly { readonly clientId: string; readonly sid: string; readonly grantId?: string }[] =>
  Object.entries(session.authorizations ?? {}).flatMap(([clientId, { sid, grantId }]) =>
    sid === undefined ? [] : [{ clientId, sid, ...(grantId === undefined ? {} : { grantId }) }],
  );

/** A request that was under way when a session ended may still have written it; after this nobody has, in ms. */
const grace = 30_000;

/** When a session is to be looked at that ends at this time. */
export const lookAfter = (endsAt: number): number => endsAt + grace;

/**
 * Writes down what a service is about to get: the grant, whenever it says more than before, and, once, that the session is
 * used for this service. Not called at each visit.
 */
export type NoteService = (
  session: Session,
  party: RelyingParty,
  citizen: Citizen,
  grant: { readonly id: string; readonly newToSession: boolean },
) => Promise<void>;

/**
 * Services that one session is used for at most. It is read and written whole, and its end tells each of them: nobody needs
 * so many in a day, and a program that collects them must not make a session that weighs megabytes.
 */
export const mostServices = 50;

/** The service that the session has been used for the longest gives way: it is told, and what it got ends with it. */
const makeRoom = async (
  session: Session,
  { register, artifacts }: Pick<NoteServiceParts, 'register' | 'artifacts'>,
): Promise<void> => {
  for (const { clientId, grantId } of servicesOf(session).slice(0, -mostServices)) {
    const persists = session.authorizationFor(clientId)?.persistsLogout === true;
    await register.endOne(session.uid, clientId);
    if (grantId !== undefined && !persists) await revokeGrant(artifacts, grantId);
    delete session.authorizations?.[clientId];
  }
};

export interface NoteServiceParts {
  readonly artifacts: Artifacts;
  readonly register: SessionRegister;
  readonly services: ServiceRepository;
  readonly citizens: CitizenRepository;
  readonly ageing: Ageing;
  /** Seconds. */
  readonly grantLife: number;
}

export const createNoteService =
  ({ artifacts, register, services, citizens, ageing, grantLife }: NoteServiceParts): NoteService =>
  async (session, { file, sector }, { account, guestOf }, { id: grantId, newToSession }) => {
    const endsAt = Date.now() + grantLife * 1000;
    // Nobody comes back to take from a service what a guest has allowed it; it is gone within the hour.
    if (guestOf === undefined)
      await services.noteGrant({ grantId, accountId: account.id, clientId: file.client_id, endsAt });
    if (!newToSession) return;
    await register.note({
      session_uid: session.uid,
      client_id: file.client_id,
      account_id: account.id,
      epoch: account.epoch,
      sub: await citizens.subject(account.id, sector),
      sid: session.sidFor(file.client_id) ?? '',
      grant_id: grantId,
      logout_uri: file.backchannel_logout_uri ?? null,
      alg: file.id_token_signed_response_alg,
      look_at: lookAfter(Date.now() + ageing.basic.idle * 1000),
    });
    await makeRoom(session, { register, artifacts });
  };

interface Stores {
  readonly artifacts: Artifacts;
  readonly evidence: EvidenceStore;
}

/**
 * Ends a session other than by the library's logout pages: tells its services, ends what was issued under it except what
 * was meant to outlive it (offline_access), forgets what it had proved.
 */
export const endSession = async (
  session: Session,
  { artifacts, evidence, register }: Stores & { readonly register: SessionRegister },
): Promise<void> => {
  await register.end(session.uid);
  for (const { clientId, grantId } of servicesOf(session))
    if (grantId !== undefined && session.authorizationFor(clientId)?.persistsLogout !== true)
      await revokeGrant(artifacts, grantId);
  await evidence.remove(session.uid);
  await session.destroy();
};

/** Removes what is kept of a session that has ended: what it had proved, and the session itself. */
export const removeSession = async ({ artifacts, evidence }: Stores, sessionUid: string): Promise<void> => {
  await evidence.remove(sessionUid);
  const { jti } = (await artifacts.findByAlias('Session', sessionUid))?.payload ?? {};
  if (typeof jti === 'string') await artifacts.remove('Session', jti);
};

/** Removes everything of sessions whose account has moved on: they are void already, now they are gone. */
export const removeSessions = async (stores: Stores, rows: readonly SessionService[]): Promise<void> => {
  for (const { grant_id: grantId } of rows) await revokeGrant(stores.artifacts, grantId);
  for (const uid of new Set(rows.map((row) => row.session_uid))) await removeSession(stores, uid);
};
