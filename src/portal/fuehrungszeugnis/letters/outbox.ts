import { enqueue } from '../../../storage/outbox.ts';
import type { Sealer } from '../../../storage/sealing.ts';
import type { RecordContext, Told } from '../records/context.ts';

/** Kinds of messages in the outbox. */
export const letterKind = 'letter';
export const statusKind = 'status';

/** What is said is made when it goes: the outbox holds no personal data. */
export type Message = Told;

/**
 * Puts what applicants are told into the outbox, of each application in its own lane.
 *
 * @param letters false where there is no Mein Postfach to send to.
 */
export const tellByOutbox =
  (sealer: Sealer, letters: boolean): RecordContext['tell'] =>
  async (trx, { applicationId, what }) => {
    if (!letters) return;
    for (const kind of what === 'processing' ? [statusKind] : [statusKind, letterKind])
      await enqueue(trx, sealer, {
        kind,
        dedupeKey: `${applicationId} ${what}`,
        lane: applicationId,
        payload: { applicationId, what },
      });
  };
