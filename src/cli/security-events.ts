import { clientOfLane, securityEventKind } from '../id/oidc/security-events.ts';
import { lanesCommand } from './lanes.ts';

export const securityEventsUsage = `bayern-id security-events [--format json]
                                  services that could not be told yet, or at all, that accounts are deleted`;

export const securityEventsCommand = lanesCommand({
  usage: securityEventsUsage,
  kind: securityEventKind,
  clientOf: clientOfLane,
  allTold: 'every service was told',
});
