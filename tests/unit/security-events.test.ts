import { expect, test } from '@jest/globals';
import type { AuditEvent } from '../../src/id/audit/events.ts';
import { securityEventDelivery } from '../../src/id/security-events.ts';
import { silentLog } from '../../src/web/log.ts';

test.each([
  ['account_purged', { clientId: 'mein-postfach', uri: 'https://x.example', sub: 'a', at: 1 }],
  ['account_joined', { clientId: 'mein-postfach', uri: 'https://x.example', sub: 'a', into: 'b', at: 1 }],
])('an event that was given up is noted as what it was: %s', (event, payload) => {
  const noted: AuditEvent[] = [];
  const journal = { record: (one: AuditEvent) => void noted.push(one) };
  const delivery = securityEventDelivery(async () => {}, { log: silentLog, journal: journal as never });
  const lane = 'security-event:mein-postfach';
  delivery.gaveUp({ id: '1', kind: 'security-event', lane, attempts: 64 }, payload);
  expect(noted).toEqual([{ type: 'security_event.told', event, outcome: 'failed', clientId: 'mein-postfach' }]);
});
