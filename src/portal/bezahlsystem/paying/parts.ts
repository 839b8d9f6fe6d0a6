import type { Log } from '../../../web/log.ts';
import type { Metrics } from '../../../web/metrics.ts';
import type { Originators } from '../originators.ts';
import type { PaymentProvider } from '../providers/provider.ts';
import type { BezahlRecords } from '../records/records.ts';
import type { BezahlsystemSettings } from '../settings.ts';

/** What everything that moves payments shares. */
export interface PayingParts {
  readonly settings: Pick<BezahlsystemSettings, 'origin' | 'lifetimes' | 'retention'>;
  readonly records: BezahlRecords;
  readonly providers: ReadonlyMap<string, PaymentProvider>;
  /** As they are in force now. */
  readonly originators: () => Originators;
  readonly alarm: Alarm;
  /** Something was put into the outbox. */
  readonly wake: () => void;
}

/** A person has to look: `reason` is a fixed word, `referenceId` the attempt or refund. */
export type Alarm = (reason: string, referenceId: string) => void;

export const createAlarm = (log: Log, metrics: Metrics): Alarm => {
  const alarms = metrics.counter('alarms_total', 'Payments and refunds that a person has to look at.');
  return (reason, referenceId) => {
    alarms.add();
    log.error('payment_alarm', { reason, referenceId });
  };
};
