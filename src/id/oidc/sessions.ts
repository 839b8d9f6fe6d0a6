import type Provider from 'oidc-provider';
import type { Session } from 'oidc-provider';
import type { Artifacts } from '../../storage/artifacts.ts';
import { revokeGrant } from './adapter.ts';
import type { EvidenceStore } from './evidence-store.ts';

/** The services that a session was used for, and the id by which each knows it. */
export const servicesOf = (
  session: Session,
): readonly { readonly clientId: string; readonly sid: string; readonly grantId?: string }[] =>
  Object.entries(session.authorizations ?? {}).flatMap(([clientId, { sid, grantId }]) =>
    sid === undefined ? [] : [{ clientId, sid, ...(grantId === undefined ? {} : { grantId }) }],
  );

/**
 * Ends a session other than by the library's logout pages: tells its services, ends what was issued under it except what
 * was meant to outlive it (offline_access), forgets what it had proved.
 */
export const endSession = async (
  provider: Provider,
  session: Session,
  stores: { artifacts: Artifacts; evidence: EvidenceStore },
): Promise<void> => {
  for (const { clientId, sid, grantId } of servicesOf(session)) {
    const client = await provider.Client.find(clientId);
    if (client?.backchannelLogoutUri !== undefined && session.accountId !== undefined)
      // Goes through the fetch hook into the outbox; see logout.ts.
      await (
        client as unknown as { backchannelLogout(accountId: string, sid?: string): Promise<unknown> }
      ).backchannelLogout(session.accountId, sid);
    if (grantId !== undefined && session.authorizationFor(clientId)?.persistsLogout !== true)
      await revokeGrant(stores.artifacts, grantId);
  }
  await stores.evidence.remove(session.uid);
  await session.destroy();
};
