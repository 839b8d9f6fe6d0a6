import { types } from 'node:util';
import { z } from 'zod';
import type { Outbound, OutboundRequest } from '../../../web/outbound.ts';
import { PaymentProviderUnavailable } from './provider.ts';

/** ms that a provider may take for an answer. */
const timeout = 8_000;

export interface ProviderAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** Asks a provider. @throws PaymentProviderUnavailable when it does not answer, not in time, not in JSON, or with 5xx or 429. */
export const askProvider = async (
  outbound: Outbound,
  address: string,
  request: OutboundRequest,
): Promise<ProviderAnswer> => {
  let status: number;
  let text: string;
  try {
    const response = await outbound(address, { timeout, ...request });
    status = response.status;
    text = await response.text();
  } catch (cause) {
    throw new PaymentProviderUnavailable(types.isNativeError(cause) ? cause.name : 'no_answer', { cause });
  }
  if (status >= 500 || status === 429) throw new PaymentProviderUnavailable(`status_${status}`);
  try {
    return { status, body: text === '' ? undefined : JSON.parse(text) };
  } catch (cause) {
    throw new PaymentProviderUnavailable('no_json', { cause });
  }
};

/** A provider's id of a payment. */
export const providerId = z.string().regex(/^[\w.:-]{1,100}$/);

/** Numbers of cards and accounts have more digits. */
const longNumber = /\d(?:[ .-]?\d){7,}/g;

/**
 * What a provider says of the means of payment: shown to citizens and told to services, never a reason not to read the state beside it.
 * At most 100 characters of one line; of a number of a card or an account the last four digits.
 */
export const providerRemark = z
  .string()
  .transform((text) =>
    text
      .replaceAll(/[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu, ' ')
      .replaceAll(longNumber, (number) => `…${number.replaceAll(/\D/g, '').slice(-4)}`)
      .trim()
      .slice(0, 100),
  )
  .transform((text) => (text === '' ? undefined : text))
  .nullish()
  .catch(undefined);

/** @throws PaymentProviderUnavailable for an answer of another form: what became of the call is not known then. */
export const understood = <Shape>(shape: z.ZodType<Shape>, body: unknown): Shape => {
  const found = shape.safeParse(body);
  if (!found.success) throw new PaymentProviderUnavailable('not_understood');
  return found.data;
};
