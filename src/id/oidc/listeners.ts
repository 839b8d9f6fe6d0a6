import type Provider from 'oidc-provider';
import { errorFields, type Log } from '../../web/log.ts';
import type { AuditEvent } from '../audit/events.ts';
import type { ClientSet } from '../clients/load.ts';
import type { CitizenRepository } from '../identity/repository.ts';
import { citizenOf } from './account.ts';
import type { Replayed } from './adapter.ts';
import { releasedNames } from './consent.ts';
import type { EvidenceStore } from './evidence-store.ts';
import { toldServices, type LoggedOut } from './logged-out.ts';
import type { Outer } from './outer.ts';
import type { OwnFlows } from './own-flows.ts';
import { parsePrincipal } from './principal.ts';
import { levelOfAnswer } from './release.ts';
import type { SessionRegister } from './session-register.ts';

export interface ListenerParts {
  readonly clients: ClientSet;
  readonly sessions: SessionRegister;
  readonly evidence: EvidenceStore;
  readonly citizens: CitizenRepository;
  readonly record: (event: AuditEvent) => void;
  readonly log: Pick<Log, 'error'>;
  readonly ownFlows: OwnFlows;
  readonly outer: Outer;
  /** Takes what a logout came to, for the page that follows. */
  readonly ended: (ctx: object, outcome: LoggedOut) => void;
  readonly replayed: Replayed;
}

/** What follows from what a provider does: what it logs, what goes into the journal, what is forgotten with a session. */
export const listen = (provider: Provider, parts: ListenerParts): void => {
  const { clients } = parts;
  provider.on('server_error', (ctx, error) => {
    parts.log.error('provider.failed', {
      ...errorFields(error),
      referenceId: parts.outer.referenceOf(ctx.req),
    });
  });
  provider.on('interaction.started', (ctx) => {
    const { uid } = ctx.oidc.entities.Interaction ?? {};
    if (uid !== undefined) parts.ownFlows.began(parts.outer.contextOf(ctx), uid);
  });
  provider.on('end_session.success', (ctx) => {
    const { session } = ctx.oidc;
    if (!session) return;
    const stayed = (session as { destroyed?: boolean }).destroyed !== true;
    const { clientId } = (session.state ?? { clientId: ctx.oidc.client?.clientId }) as { clientId?: string };
    parts.ended(ctx, {
      stayed,
      services: stayed ? [] : toldServices(session, clients.clients),
      ...(clientId === undefined ? {} : { clientId }),
    });
    void parts.sessions
      .forget(session.uid, stayed ? (clientId ?? '') : undefined)
      .catch(() => parts.log.error('session.forget_failed'));
    if (stayed) return;
    const principal = session.accountId === undefined ? undefined : parsePrincipal(session.accountId);
    void parts.evidence.remove(session.uid).catch(() => parts.log.error('evidence.remove_failed'));
    if (principal) parts.record({ type: 'session.ended', by: 'logout', accountId: principal.accountId });
  });
  provider.on('grant.revoked', (ctx, grantId) => {
    // At the token endpoint the library ends a grant for one reason only: what was sent had been used before.
    if (ctx.oidc.route !== 'token') return;
    const token = ctx.oidc.entities.RefreshToken;
    void parts
      .replayed(token ? 'RefreshToken' : 'AuthorizationCode', {
        id: grantId,
        clientId: ctx.oidc.client?.clientId,
        principal: token?.accountId,
      })
      .catch(() => parts.log.error('replay.record_failed'));
  });
  provider.on('grant.success', (ctx) => {
    const code = ctx.oidc.entities.AuthorizationCode;
    const principal = code?.accountId === undefined ? undefined : parsePrincipal(code.accountId);
    if (!code || !principal || !ctx.oidc.client) return;
    const { clientId } = ctx.oidc.client;
    const [citizen, party] = [citizenOf(ctx), clients.clients.get(clientId)];
    if (!citizen || !party) return;
    const level = levelOfAnswer(ctx);
    void releasedNames(parts.citizens, party, citizen, { level, scope: code.scope, claims: code.claims })
      .then((claims) =>
        parts.record({ type: 'data.released', accountId: principal.accountId, clientId, claims, level }),
      )
      .catch(() => parts.log.error('release.record_failed'));
  });
};
