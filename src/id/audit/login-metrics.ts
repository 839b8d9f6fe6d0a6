import { levels } from '../../assurance/levels.ts';
import type { Metrics } from '../../web/metrics.ts';
import type { AuditEvent } from './events.ts';

/** Counts what the journal is told of logins: it knows method, level and outcome, and nothing here knows who. */
export const createLoginMetrics = (metrics: Metrics): ((event: AuditEvent) => void) => {
  const logins = metrics.counters(
    'logins_total',
    'Logins by the method that they began with, the level reached, and how they ended.',
    {
      method: ['password', 'passkey', 'eid', 'totp', 'recovery_codes'],
      level: [...levels, 'none'],
      outcome: [
        'succeeded',
        'wrong_password',
        'wrong_code',
        'used_code',
        'wrong_passkey',
        'cloned_passkey',
        'throttled',
        'locked',
        // The Online-Ausweis:
        'ended',
        'invalidDocument',
        'deniedDocument',
        'expired',
        'server',
        'busy',
        'connection',
        // A card that is not taken:
        'foreign_card',
        'birth_date',
        'other_card_linked',
        'taken',
      ],
    },
  );
  const replays = metrics.counters('token_replays_total', 'Codes and refresh tokens that came a second time.', {
    what: ['code', 'refresh_token'],
  });
  const burned = metrics.counter('eid_burned_total', 'Results of the eID-Server fetched by another browser.');
  return (event) => {
    switch (event.type) {
      case 'login.succeeded':
        return logins.add({ method: event.method, level: event.level, outcome: 'succeeded' });
      case 'login.failed':
        return logins.add({ method: event.method, level: 'none', outcome: event.reason });
      case 'eid.failed':
        return logins.add({ method: 'eid', level: 'none', outcome: event.cause });
      case 'card.refused':
        return logins.add({ method: 'eid', level: 'none', outcome: event.reason });
      case 'token.replayed':
        return replays.add({ what: event.what });
      case 'eid.burned':
        return burned.add();
    }
  };
};
