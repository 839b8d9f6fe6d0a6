import type { JsonObject } from '../../../storage/artifacts.ts';
import { answer, json, object, parameter, ref, text, time } from '../../module-api/openapi.ts';
import { paymentMethods, refundStates } from '../orders/order.ts';
import { orderStatuses } from '../orders/states.ts';
import { citizenPaths, citizenSchemas, citizenScopes } from './citizen-openapi.ts';
import { paymentScopes } from './context.ts';
import { idPattern, largestAmount, longest, purposePattern } from './payment-request.ts';
import { problemCodes } from './problems.ts';

const amount: JsonObject = { type: 'number', minimum: 0, description: 'An exact decimal of at most two places.' };
const signed: JsonObject = { type: 'number' };
const id: JsonObject = { type: 'string', pattern: idPattern };
const uuid: JsonObject = { type: 'string', format: 'uuid' };
const currency: JsonObject = { type: 'string', const: 'EUR' };
const method: JsonObject = { type: 'string', enum: [...paymentMethods] };
const day: JsonObject = { type: 'string', format: 'date' };

const schemas: JsonObject = {
  PaymentItem: object(
    [
      'id',
      'description',
      'taxRate',
      'quantity',
      'totalNetAmount',
      'totalTaxAmount',
      'singleNetAmount',
      'singleTaxAmount',
    ],
    {
      id: text(longest.name),
      reference: text(longest.name),
      description: text(longest.description),
      taxRate: { type: 'number', minimum: 0, maximum: 100, description: 'Per cent.' },
      quantity: { type: 'integer', minimum: 1 },
      totalNetAmount: amount,
      totalTaxAmount: amount,
      singleNetAmount: amount,
      singleTaxAmount: amount,
      bookingData: {
        type: 'object',
        maxProperties: longest.bookingKeys,
        additionalProperties: { type: ['string', 'number'] },
      },
    },
  ),
  Requestor: object([], {
    name: text(longest.name),
    firstName: text(longest.name),
    gender: text(20),
    isOrganization: { type: 'boolean', default: false },
    organizationName: text(longest.name),
    address: object([], {
      street: text(longest.name),
      houseNumber: text(20),
      addressLine: { type: 'array', maxItems: 5, items: text(longest.name) },
      postalCode: text(20),
      city: text(longest.name),
      country: text(100),
    }),
    postfach: text(
      longest.postfach,
      'Beyond XBezahldienste: handle of the mailbox in Mein Postfach that gets the receipt as a letter.',
    ),
  }),
  PaymentRequest: object(
    ['requestId', 'requestTimestamp', 'currency', 'grosAmount', 'purpose', 'redirectUrl', 'items'],
    {
      requestId: { ...id, description: 'The same id with the same content is the same payment.' },
      requestTimestamp: { type: 'string' },
      currency,
      grosAmount: { type: 'number', exclusiveMinimum: 0, maximum: largestAmount },
      purpose: { type: 'string', maxLength: longest.purpose, pattern: purposePattern },
      description: text(longest.description),
      redirectUrl: {
        type: 'string',
        format: 'uri',
        maxLength: longest.redirectUrl,
        description:
          'Of the origins in the file of the originator. That a citizen comes back proves nothing: read the status.',
      },
      items: { type: 'array', minItems: 1, maxItems: longest.items, items: ref('PaymentItem') },
      requestor: ref('Requestor'),
    },
  ),
  PaymentInformation: object(
    ['transactionUrl', 'transactionId', 'transactionReference', 'transactionTimestamp', 'status'],
    {
      transactionUrl: { type: 'string', format: 'uri' },
      transactionRedirectUrl: {
        type: 'string',
        format: 'uri',
        description: 'Only while INITIAL: where the citizen pays.',
      },
      transactionId: uuid,
      transactionReference: { type: 'string', description: 'Kassenzeichen.' },
      transactionTimestamp: time,
      paymentMethod: { ...method, description: 'Only when PAYED.' },
      paymentMethodDetail: { type: 'string' },
      status: { type: 'string', enum: [...orderStatuses] },
      statusDetail: { type: 'string', enum: ['expired', 'canceled_by_payer'] },
    },
  ),
  PaymentTransaction: object(['paymentInformation', 'paymentRequest'], {
    paymentInformation: ref('PaymentInformation'),
    paymentRequest: ref('PaymentRequest'),
  }),
  ServiceStatus: object(['status'], { status: { type: 'string', const: 'OK' } }),
  RefundRequest: object(['requestId', 'amount', 'currency'], {
    requestId: id,
    amount: { type: 'number', exclusiveMinimum: 0 },
    currency,
  }),
  Refund: object(['refundId', 'transactionId', 'amount', 'currency', 'reason', 'state', 'createdAt'], {
    refundId: uuid,
    transactionId: uuid,
    requestId: id,
    amount,
    currency,
    reason: {
      type: 'string',
      enum: ['service', 'surplus'],
      description: 'surplus: money that came for a transaction that had ended, and goes back by itself.',
    },
    state: {
      type: 'string',
      enum: [...refundStates],
      description: 'manual: the payment provider cannot pay back, the authority has to.',
    },
    createdAt: time,
    endedAt: time,
  }),
  Refunds: object(['refunds'], { refunds: { type: 'array', items: ref('Refund') } }),
  Statement: object(
    ['originatorId', 'endPointId', 'day', 'closed', 'currency', 'rows', 'payments', 'refunds', 'total'],
    {
      originatorId: id,
      endPointId: id,
      day,
      closed: { type: 'boolean', description: 'Nothing will be added any more.' },
      currency,
      rows: {
        type: 'array',
        items: object(
          ['kind', 'transactionId', 'id', 'transactionReference', 'paymentMethod', 'amount', 'surplus', 'bookedAt'],
          {
            kind: { type: 'string', enum: ['payment', 'refund'] },
            transactionId: uuid,
            id: uuid,
            transactionReference: { type: 'string' },
            paymentMethod: method,
            amount: signed,
            surplus: { type: 'boolean' },
            bookedAt: time,
          },
        ),
      },
      payments: signed,
      refunds: signed,
      total: signed,
    },
  ),
  Jwks: { type: 'object', required: ['keys'], properties: { keys: { type: 'array', items: { type: 'object' } } } },
  Problem: object(['type', 'title', 'status', 'code'], {
    type: { type: 'string', const: 'about:blank' },
    title: { type: 'string' },
    status: { type: 'integer' },
    code: { type: 'string', enum: [...problemCodes] },
    detail: { type: 'string' },
    instance: { type: 'string', description: 'Absent where there was no time for the request (503).' },
  }),
};

const problem = (description: string): JsonObject => ({
  description,
  content: { 'application/problem+json': { schema: ref('Problem') } },
});

/** What every request of a service may be answered, beside what is its own. */
const everywhere: JsonObject = {
  401: problem('FORBIDDEN: no token, or one that is not good here'),
  403: problem('FORBIDDEN: not the scope, or not the client of this originator'),
  404: problem('NO_VALID_ORIGINATOR_OR_ENDPOINT, or UNSPECIFIED for what there is not'),
  500: problem('UNSPECIFIED'),
  503: problem('UNSPECIFIED: come again'),
};
const withBody: JsonObject = {
  400: problem('VALIDATION_ERROR, CALCULATION_ERROR or BOOKING_DATA_MISSING'),
  409: problem('PAYMENT_EXISTS; of refunds NOT_PAYED or REFUND_TOO_HIGH as well'),
  413: problem('VALIDATION_ERROR'),
  415: problem('VALIDATION_ERROR'),
  429: problem('UNSPECIFIED: too many requests'),
};

const { 404: _, ...withoutPath } = everywhere;

const path = (name: string, schema: JsonObject = id): JsonObject => parameter(name, 'path', schema);
const ids = [path('originatorId'), path('endPointId')];
const [create, read] = paymentScopes;
const security = (scope: string): JsonObject[] => [{ services: [scope] }];

/** The description of the API (OpenAPI 3.1). */
export const openApi = (origin: string, issuer: string): JsonObject => ({
  openapi: '3.1.0',
  info: {
    title: 'Bezahlsystem',
    version: '1.0.0',
    description:
      'Fees of authorities by XBezahldienste 1.0.0, and beyond it refunds and statements. Tokens by client credentials at the issuer, with private_key_jwt or mutual TLS, for the audience of this server, bound to a key (DPoP) or to a certificate.',
  },
  servers: [{ url: `${origin}/api` }],
  paths: {
    '/paymenttransaction/{originatorId}/{endPointId}': {
      parameters: ids,
      post: {
        operationId: 'createPayment',
        summary: 'Asks for a fee.',
        security: security(create),
        requestBody: { required: true, content: json('PaymentRequest') },
        responses: {
          200: answer('The transaction, new or as it was made before.', 'PaymentTransaction'),
          ...everywhere,
          ...withBody,
        },
      },
    },
    '/paymenttransaction/{originatorId}/{endPointId}/{transactionId}': {
      parameters: [...ids, path('transactionId')],
      get: {
        operationId: 'readPayment',
        summary: 'How a transaction stands.',
        security: security(read),
        responses: { 200: answer('The transaction.', 'PaymentTransaction'), ...everywhere },
      },
    },
    '/status/{originatorId}/{endPointId}': {
      parameters: ids,
      get: {
        operationId: 'readStatus',
        summary: 'Whether fees can be paid now.',
        security: security(read),
        responses: {
          200: answer('They can.', 'ServiceStatus'),
          401: everywhere['401'],
          403: everywhere['403'],
          503: everywhere['503'],
        },
      },
    },
    '/paymenttransaction/{originatorId}/{endPointId}/{transactionId}/refunds': {
      parameters: [...ids, path('transactionId')],
      post: {
        operationId: 'createRefund',
        summary: 'Gives money back, the whole or a part.',
        security: security(create),
        requestBody: { required: true, content: json('RefundRequest') },
        responses: { 200: answer('The refund, new or as it was made before.', 'Refund'), ...everywhere, ...withBody },
      },
      get: {
        operationId: 'readRefunds',
        summary: 'All refunds of a transaction.',
        security: security(read),
        responses: { 200: answer('The oldest first.', 'Refunds'), ...everywhere },
      },
    },
    '/paymenttransaction/{originatorId}/{endPointId}/{transactionId}/refunds/{refundId}': {
      parameters: [...ids, path('transactionId'), path('refundId')],
      get: {
        operationId: 'readRefund',
        summary: 'How a refund stands.',
        security: security(read),
        responses: { 200: answer('The refund.', 'Refund'), ...everywhere },
      },
    },
    '/statements/{originatorId}/{endPointId}/{day}': {
      parameters: [...ids, path('day', day)],
      get: {
        operationId: 'readStatement',
        summary: 'What came and went on a day (Europe/Berlin). A day that is over does not change once it was read.',
        security: security(read),
        responses: {
          200: {
            description: 'The statement.',
            content: { ...json('Statement'), 'text/csv': { schema: { type: 'string' } } },
          },
          ...everywhere,
          400: problem('VALIDATION_ERROR'),
        },
      },
    },
    ...citizenPaths({
      ...withoutPath,
      401: problem('FORBIDDEN: no token, one that is not good here, or (RFC 9470) of a login that is over'),
      403: problem('FORBIDDEN: not the scope'),
    }),
    '/jwks.json': {
      get: {
        operationId: 'jwks',
        summary: 'Keys that notices are signed with.',
        security: [],
        responses: { 200: answer('JSON Web Key Set.', 'Jwks') },
      },
    },
  },
  webhooks: {
    paymentNotice: {
      post: {
        summary:
          'To notice_uri in the file of the originator: a JWT (ES256, typ payment-notice+jwt, iss this server, aud the originator) that a payment or a refund has ended. Its jti is the same at every try. Any 2xx ends the tries.',
        requestBody: { required: true, content: { 'application/jwt': { schema: { type: 'string' } } } },
        responses: { 200: { description: 'Taken.' } },
      },
    },
  },
  components: {
    securitySchemes: {
      services: {
        type: 'oauth2',
        flows: {
          clientCredentials: {
            tokenUrl: `${issuer}/token`,
            scopes: { [create]: 'Ask for fees and give them back.', [read]: 'Read how they stand, and statements.' },
          },
        },
      },
      citizens: {
        type: 'oauth2',
        description: 'A token that the provider gives to another module in the name of whoever is logged in there.',
        flows: {
          authorizationCode: {
            authorizationUrl: `${issuer}/auth`,
            tokenUrl: `${issuer}/token`,
            scopes: citizenScopes,
          },
        },
      },
    },
    schemas: { ...schemas, ...citizenSchemas },
  },
});
