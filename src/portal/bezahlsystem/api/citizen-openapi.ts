import type { JsonObject } from '../../../storage/artifacts.ts';
import { answer, object, time } from '../../module-api/openapi.ts';
import { currency } from '../orders/order.ts';
import { overviewScope } from './citizen-routes.ts';

const text: JsonObject = { type: 'string' };

/** What other modules read in a citizen's name: its part of the description of the API. */
export const citizenSchemas: JsonObject = {
  OpenPayments: object(['payments'], {
    payments: {
      type: 'array',
      description: 'The newest first.',
      items: object(['id', 'state', 'service', 'purpose', 'payee', 'amount', 'currency', 'payableUntil', 'address'], {
        id: { type: 'string', format: 'uuid' },
        state: {
          type: 'string',
          enum: ['open', 'checking'],
          description: 'checking: money may be on its way, so nothing should be paid again.',
        },
        service: object(['de', 'en'], { de: text, en: text }),
        purpose: text,
        payee: text,
        amount: { type: 'number', exclusiveMinimum: 0, description: 'An exact decimal of at most two places.' },
        currency: { type: 'string', const: currency },
        payableUntil: time,
        address: { type: 'string', format: 'uri', description: 'Its page for the citizen, after her login.' },
      }),
    },
  }),
};

export const citizenScopes: JsonObject = { [overviewScope]: 'List what is not paid yet.' };

/** @param problems the answers to what goes wrong. */
export const citizenPaths = (problems: JsonObject): JsonObject => ({
  '/citizen/payments/open': {
    get: {
      operationId: 'openPayments',
      summary: 'What the citizen whose token this is has not paid yet, as far as it is known to be hers.',
      security: [{ citizens: [overviewScope] }],
      responses: { 200: answer('Open payments.', 'OpenPayments'), ...problems },
    },
  },
});
