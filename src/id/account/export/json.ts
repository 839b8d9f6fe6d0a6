import type { Attributes } from '../../identity/attribute.ts';
import type { Collected } from './collect.ts';

const moment = (at: number | undefined): string | undefined =>
  at === undefined ? undefined : new Date(at).toISOString();

const values = (attributes: Attributes, hidden = false): object[] =>
  Object.entries(attributes).map(([name, { value, source, level, at, assumed }]) => ({
    name,
    ...(hidden ? { hidden } : { value }),
    source,
    level,
    since: moment(at),
    ...(assumed === true ? { assumed } : {}),
  }));

/** A machine-readable copy (Art. 20 GDPR): names of OpenID Connect, times in ISO 8601, members that only ever are added to. */
export const exportJson = (collected: Collected, serviceName: (clientId: string) => string): string => {
  const { citizen, cardHidden, operatorActs } = collected;
  const { account, card } = citizen;
  const reasons = new Map(operatorActs.map((act) => [act.id, act.reason]));
  const service = (clientId: string): object => ({ id: clientId, name: serviceName(clientId) });
  return JSON.stringify(
    {
      format: 'bayern-id-export',
      version: 1,
      created_at: moment(collected.at),
      account: {
        id: account.id,
        created_at: moment(account.createdAt),
        last_login_day: moment(account.seenAt)?.slice(0, 10),
        login_name: citizen.loginName,
        email: citizen.email,
        preferences: citizen.preferences,
      },
      data: [...values(citizen.self), ...values(card?.attributes ?? {}, cardHidden)],
      earlier_card_data: collected.earlier.map(({ at, before }) => ({
        until: moment(at),
        data: values(before, cardHidden),
      })),
      means: [
        ...collected.credentials.map(({ kind, name, ceiling, createdAt, changedAt, usedAt, synced, left }) => ({
          kind,
          name,
          ceiling,
          added_at: moment(createdAt),
          changed_at: moment(changedAt),
          used_at: moment(usedAt),
          synced,
          left,
        })),
        ...(card
          ? [
              {
                kind: 'eid',
                document_type: card.link.documentType,
                valid_until: moment(card.link.validUntil)?.slice(0, 10),
                ceiling: card.link.ceiling,
                added_at: moment(card.link.linkedAt),
              },
            ]
          : []),
      ],
      sessions: collected.sessions.map(({ kind, means, level, beganAt, seenAt, services, current }) => ({
        ...kind,
        means,
        level,
        began_at: moment(beganAt),
        seen_at: moment(seenAt),
        services: services.map(service),
        this_one: current,
      })),
      consents: collected.consents.map(({ clientId, claims, refused, scopes, at, endedAt }) => ({
        service: service(clientId),
        claims,
        refused,
        scopes,
        given_at: moment(at),
        ended_at: moment(endedAt),
      })),
      identifiers: collected.subjects.map(({ sector, subject, at }) => ({ sector, sub: subject, since: moment(at) })),
      mailbox_handles: collected.handles.map(({ authority, handle, clients, at }) => ({
        authority,
        handle,
        services: clients.map(service),
        since: moment(at),
      })),
      activities: collected.activities.map(({ at, event }) => {
        const { accountId: _account, clientId, referenceId: _reference, ...detail } = event;
        const { reason: _sealed, ...plain } = detail as typeof detail & { reason?: string };
        const act = 'actId' in event ? reasons.get(event.actId) : undefined;
        return {
          at: moment(at),
          ...(act === undefined ? detail : { ...plain, reason: act }),
          ...(clientId === undefined ? {} : { service: service(clientId) }),
        };
      }),
    },
    undefined,
    2,
  );
};
