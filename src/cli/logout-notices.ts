import { noticeKind } from '../id/oidc/logout.ts';
import { lanesCommand } from './lanes.ts';

export const logoutNoticesUsage = `bayern-id logout-notices [--format json]
                                  services that could not be told yet, or at all, that sessions have ended`;

export const logoutNoticesCommand = lanesCommand({
  usage: logoutNoticesUsage,
  kind: noticeKind,
  clientOf: (lane) => lane,
  allTold: 'every service was told',
});
