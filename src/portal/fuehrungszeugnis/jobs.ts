import type { PolledTask } from '../../web/polling.ts';
import type { Settling } from './payment/settling.ts';
import type { FuehrungszeugnisRecords } from './records/records.ts';
import type { FuehrungszeugnisSettings } from './settings.ts';

/** How many rows go in one transaction. */
const batch = 100;
const day = 86_400_000;

/** What is done again and again, on every node. Each step may be done twice. */
export const applicationJobs = (
  { applications, heldUploads }: Pick<FuehrungszeugnisRecords, 'applications' | 'heldUploads'>,
  settling: Settling,
  retention: FuehrungszeugnisSettings['retention'],
): PolledTask[] => [
  settling.job,
  () => heldUploads.purge(),
  async () => {
    const now = Date.now();
    const before = { drafts: now - retention.drafts * day, answered: now - retention.answered * day };
    while ((await applications.purge(before, batch)) === batch);
  },
];
