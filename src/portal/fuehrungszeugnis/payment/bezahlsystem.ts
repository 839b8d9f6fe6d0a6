import { z } from 'zod';
import type { BoundAccess } from '../../module-api/bound-token.ts';
import { fee } from '../fee.ts';
import type { Content } from '../application/content.ts';
import { formatPayer } from './payer.ts';

/** The Bezahlsystem did not answer, or not as XBezahldienste 1.0.0 says: to be asked again. */
export class BezahlsystemUnavailable extends Error {
  override readonly name = 'BezahlsystemUnavailable';
}

/** A payment as the Bezahlsystem knows it. */
export interface Payment {
  readonly transactionId: string;
  readonly status: 'INITIAL' | 'PAYED' | 'FAILED' | 'CANCELED';
  /** The page to pay at, while it is INITIAL. */
  readonly page?: string;
}

export interface Bezahlsystem {
  /** Asks for the fee. With the same request id it is the same payment, however often. @throws BezahlsystemUnavailable */
  create(requestId: string, content: Content): Promise<Payment>;
  /** @throws BezahlsystemUnavailable, also for a payment that is not the one that was asked for. */
  read(transactionId: string, requestId: string): Promise<Payment>;
}

const transaction = z.object({
  paymentInformation: z.object({
    transactionId: z.string().regex(/^[\w-]{1,36}$/),
    transactionRedirectUrl: z.url({ protocol: /^https?$/ }).optional(),
    status: z.enum(['INITIAL', 'PAYED', 'FAILED', 'CANCELED']),
  }),
  paymentRequest: z.object({ requestId: z.string(), grosAmount: z.number(), currency: z.string() }),
});

const euros = (cents: number): number => cents / 100;

/** The fee by the API of the Bezahlsystem (XBezahldienste 1.0.0). */
export const createBezahlsystem = (options: {
  readonly origin: string;
  readonly originatorId: string;
  readonly endPointId: string;
  readonly access: BoundAccess;
  /** Where the payment page leads back to. */
  readonly returnUrl: string;
}): Bezahlsystem => {
  const { origin, access, returnUrl } = options;
  const base = `${origin}/api/paymenttransaction/${options.originatorId}/${options.endPointId}`;

  const ask = async (method: string, url: string, requestId: string, body?: object): Promise<Payment> => {
    let answer: unknown;
    try {
      const response = await access.request(
        method,
        new URL(url),
        body === undefined ? undefined : JSON.stringify(body),
      );
      if (!response.ok) {
        await response.body?.cancel();
        throw new BezahlsystemUnavailable(`status ${response.status}`);
      }
      answer = await response.json();
    } catch (cause) {
      if (cause instanceof BezahlsystemUnavailable) throw cause;
      throw new BezahlsystemUnavailable('no answer', { cause });
    }
    const { success, data } = transaction.safeParse(answer);
    if (!success) throw new BezahlsystemUnavailable('not understood');
    const { paymentInformation: about, paymentRequest: asked } = data;
    // Money for something else is no money for this. That none came is true of any sum: of the one before the fee was changed, too.
    const ended = about.status === 'FAILED' || about.status === 'CANCELED';
    const rightSum = Math.round(asked.grosAmount * 100) === fee && asked.currency === 'EUR';
    if (asked.requestId !== requestId || !(rightSum || ended)) throw new BezahlsystemUnavailable('another payment');
    const page = about.transactionRedirectUrl;
    if (page !== undefined && new URL(page).origin !== origin) throw new BezahlsystemUnavailable('page elsewhere');
    return { transactionId: about.transactionId, status: about.status, ...(page === undefined ? {} : { page }) };
  };

  return {
    create(requestId, content) {
      const amount = euros(fee);
      return ask('POST', base, requestId, {
        requestId,
        requestTimestamp: new Date().toISOString(),
        currency: 'EUR',
        grosAmount: amount,
        purpose: 'Fuehrungszeugnis',
        description: 'Gebühr für ein Führungszeugnis (KV-Nr. 1130 JVKostG)',
        redirectUrl: returnUrl,
        items: [
          {
            id: '1',
            reference: 'KV 1130',
            description: 'Führungszeugnis',
            taxRate: 0,
            quantity: 1,
            totalNetAmount: amount,
            totalTaxAmount: 0,
            singleNetAmount: amount,
            singleTaxAmount: 0,
          },
        ],
        requestor: formatPayer(content),
      });
    },
    read: (transactionId, requestId) => ask('GET', `${base}/${encodeURIComponent(transactionId)}`, requestId),
  };
};
