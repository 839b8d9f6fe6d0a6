import type { Log } from '../web/log.ts';
import type { Journal } from './audit/journal.ts';
import type { ClientSet } from './clients/load.ts';
import type { Delivery } from '../storage/deliveries.ts';
import { clientOfLane, securityEventAttempts, type AccountPurged } from './oidc/security-events.ts';
import { postfachClientId } from './postfach/resolve-routes.ts';
import type { PurgeReceiver } from './records/purge-announcement.ts';

/**
 * Those whose files ask for it, also while they are switched off: what they keep has to go all the same. Mein Postfach alone
 * learns which account one was joined to, since letters must not be lost; anybody else could only compare.
 */
export const purgeReceivers = ({ clients }: ClientSet): PurgeReceiver[] =>
  [...clients.values()].flatMap(({ file, sector }) =>
    file.security_events_uri === undefined
      ? []
      : [
          {
            clientId: file.client_id,
            sector,
            uri: file.security_events_uri,
            hearsJoins: file.client_id === postfachClientId,
          },
        ],
  );

const nameOf = (event: AccountPurged | undefined): 'account_purged' | 'account_joined' =>
  event?.into === undefined ? 'account_purged' : 'account_joined';

/** How security events leave the outbox. */
export const securityEventDelivery = (
  tell: (event: AccountPurged, id: string) => Promise<void>,
  { log, journal }: { readonly log: Log; readonly journal: Journal },
): Delivery => ({
  attempts: securityEventAttempts,
  async deliver(payload, { id }) {
    const event = payload as unknown as AccountPurged;
    await tell(event, id);
    journal.record({
      type: 'security_event.told',
      event: nameOf(event),
      outcome: 'delivered',
      clientId: event.clientId,
    });
  },
  gaveUp({ kind, id, lane }, payload) {
    const client = lane === undefined ? undefined : clientOfLane(lane);
    log.error('outbox_gave_up', { kind, referenceId: id, client });
    journal.record({
      type: 'security_event.told',
      event: nameOf(payload as AccountPurged | undefined),
      outcome: 'failed',
      ...(client === undefined ? {} : { clientId: client }),
    });
  },
});
