import type { PolledTask } from '../../../web/polling.ts';
import type { Application } from '../records/applications.ts';
import type { FuehrungszeugnisRecords } from '../records/records.ts';
import { BezahlsystemUnavailable, type Bezahlsystem, type Payment } from './bezahlsystem.ts';

/** What has become of an application whose fee was asked for. */
export type Settled =
  | { readonly state: 'filed' }
  /** Not paid: a draft again. */
  | { readonly state: 'draft' }
  /** To be paid at the page. */
  | { readonly state: 'payable'; readonly page: string }
  /** Not known now: the Bezahlsystem does not answer. */
  | { readonly state: 'unknown' };

export interface Settling {
  /** Asks the Bezahlsystem and does what follows from its answer, once, whoever asks at the same time. */
  settle(application: Application): Promise<Settled>;
  /** Finds out about payments that nobody came back from. */
  readonly job: PolledTask;
}

/** How many are asked for together. */
const batch = 50;
/** ms: at first often, then every quarter of an hour until the payment ends. */
const waits = [30_000, 60_000, 120_000, 300_000] as const;
const longestWait = 900_000;

export const createSettling = (
  { applications }: Pick<FuehrungszeugnisRecords, 'applications'>,
  bezahlsystem: Bezahlsystem,
  /** Looks at once for what waits to be sent. */
  wake: () => void,
): Settling => {
  const ask = async ({ id, requestId = '', transactionId, content }: Application): Promise<Payment> => {
    if (transactionId !== undefined) return bezahlsystem.read(transactionId, requestId);
    // Asked for and perhaps made, but the answer was lost: with the same request id it is the same payment.
    const made = await bezahlsystem.create(requestId, content);
    await applications.setTransaction(id, requestId, made.transactionId);
    return bezahlsystem.read(made.transactionId, requestId);
  };

  const settle = async (application: Application): Promise<Settled> => {
    const { id, requestId } = application;
    if (requestId === undefined) return { state: 'draft' };
    let payment;
    try {
      payment = await ask(application);
    } catch (error) {
      if (!(error instanceof BezahlsystemUnavailable)) throw error;
      return { state: 'unknown' };
    }
    switch (payment.status) {
      case 'PAYED':
        if (await applications.file(id, { paid: requestId })) wake();
        return { state: 'filed' };
      case 'FAILED':
      case 'CANCELED':
        await applications.endPayment(id, requestId, payment.status);
        return { state: 'draft' };
      case 'INITIAL':
        return payment.page === undefined ? { state: 'unknown' } : { state: 'payable', page: payment.page };
    }
  };

  return {
    settle,
    async job() {
      const now = Date.now();
      for (const application of await applications.duePayments(now, batch)) {
        const next = now + (waits[application.checks] ?? longestWait);
        if (await applications.claimCheck(application, next)) await settle(application);
      }
    },
  };
};
