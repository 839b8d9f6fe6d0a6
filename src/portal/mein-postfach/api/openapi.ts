import { levels } from '../../../assurance/levels.ts';
import type { JsonObject } from '../../../storage/artifacts.ts';
import { attachmentTypeNames } from '../attachments/content-type.ts';
import { applicationStates, maximumLengths as longest } from '../letters/letter.ts';
import type { MeinPostfachSettings } from '../settings.ts';
import { citizenPaths, citizenSchemas, citizenScopes } from './citizen-openapi.ts';
import { answer, json, object, orNull, parameter, problemAnswers, ref, text, time } from '../../module-api/openapi.ts';
import { problemStatus, type ProblemCode } from './problems.ts';

const sha512: JsonObject = { type: 'string', pattern: '^[0-9a-f]{128}$' };

const level: JsonObject = {
  description: `Needed to see it: ${levels.join(', ')}, or 1 to 4. Missing or unknown is the highest.`,
  default: 'high',
};

const schemas = ({ limits }: MeinPostfachSettings): JsonObject => ({
  AttachmentDeclaration: object(['name', 'type', 'length', 'sha512'], {
    name: text(longest.fileName, 'One name without a path; its ending must be one of the type.'),
    type: { type: 'string', enum: [...attachmentTypeNames] },
    length: { type: 'integer', minimum: 1, description: 'Bytes.' },
    sha512,
  }),
  Letter: object(['recipient', 'service', 'subject', 'content'], {
    recipient: text(512, 'The handle that this authority got as the claim `postfach`.'),
    service: text(longest.service),
    subject: text(longest.subject),
    content: object(['type', 'body'], {
      type: { type: 'string', enum: ['text', 'html'] },
      body: text(
        longest.content,
        'html: p br h2 h3 ul ol li strong em b i u blockquote table thead tbody tr th td, and a with an https href.',
      ),
    }),
    level,
    reference: text(longest.reference),
    application_id: { type: 'string', format: 'uuid' },
    reply: object(['allowed'], { allowed: { type: 'boolean' }, until: time }),
    attachments: { type: 'array', maxItems: limits.attachments, items: ref('AttachmentDeclaration') },
  }),
  DeemedDelivery: object(['rule'], {
    rule: { type: 'string', enum: ['ozg_9', 'baydig_24'] },
    days: { type: 'integer' },
    date: { type: 'string', format: 'date', description: 'Absent while it depends on what has not happened yet.' },
    from: { type: 'string', enum: ['provision', 'notice', 'retrieval'] },
  }),
  Receipt: object(['iss', 'sender', 'letter', 'message_id', 'provided_at', 'sha512', 'attachments', 'receipt_jws'], {
    iss: { type: 'string', format: 'uri' },
    sender: { type: 'string' },
    letter: { type: 'string' },
    message_id: { type: 'string' },
    provided_at: time,
    deemed_delivery: ref('DeemedDelivery'),
    sha512: { ...sha512, description: 'Of the part `letter`, byte by byte.' },
    attachments: { type: 'array', items: ref('AttachmentDeclaration') },
    receipt_jws: {
      type: 'string',
      pattern: '^[\\w-]+\\.[\\w-]+\\.[\\w-]+$',
      description: 'The members above, signed (ES256, typ postfach-receipt+jwt, keys at /api/jwks.json).',
    },
  }),
  LetterState: object(
    ['message_id', 'provided_at', 'notice_sent_at', 'first_opened_at', 'replied_at', 'deleted_by_citizen'],
    {
      message_id: { type: 'string' },
      provided_at: time,
      notice_sent_at: orNull(time),
      first_opened_at: orNull(time),
      replied_at: orNull(time),
      deleted_by_citizen: { type: 'boolean' },
      deemed_delivery: ref('DeemedDelivery'),
    },
  ),
  Status: object(['recipient', 'status', 'publicServiceName', 'senderName', 'createdDate'], {
    recipient: text(512),
    status: { type: 'string', enum: [...applicationStates] },
    publicServiceName: text(longest.service),
    senderName: text(longest.service),
    level,
    createdDate: time,
    statusDetails: text(longest.statusDetails),
    additionalInformation: text(longest.additionalInformation),
    reference: text(longest.reference),
  }),
  StatusReceipt: object(['application_id', 'status_id', 'received_at'], {
    application_id: { type: 'string', format: 'uuid' },
    status_id: { type: 'string' },
    received_at: time,
  }),
  Replies: object(['replies'], {
    replies: {
      type: 'array',
      items: object(['id', 'message_id', 'text', 'created_at'], {
        id: { type: 'string', format: 'uuid' },
        message_id: { type: 'string' },
        reference: { type: 'string' },
        application_id: { type: 'string', format: 'uuid' },
        text: text(longest.reply),
        created_at: time,
      }),
    },
    next: { type: 'string', description: 'The parameter `after` of the next page.' },
  }),
  Jwks: { type: 'object', required: ['keys'], properties: { keys: { type: 'array', items: { type: 'object' } } } },
  Problem: object(['type', 'title', 'status', 'code'], {
    type: { type: 'string', const: 'about:blank' },
    title: { type: 'string' },
    status: { type: 'integer' },
    code: { type: 'string', enum: Object.keys(problemStatus) },
    detail: { type: 'string' },
    attachment: { type: 'integer', minimum: 0, description: 'Number of the attachment, from 0.' },
    reason: { type: 'string', description: 'Why an attachment is not taken.' },
    instance: { type: 'string', description: 'Absent where there was no time for the request (503).' },
  }),
});

/** What every request to the API may be answered, beside what is its own. */
const everywhere: readonly ProblemCode[] = [
  'unauthorized',
  'insufficient_scope',
  'sender_not_allowed',
  'internal',
  'unavailable',
];

const problems = (...codes: readonly ProblemCode[]): JsonObject =>
  problemAnswers(problemStatus, [...everywhere, ...codes]);

const id = (name: string): JsonObject =>
  parameter(name, 'path', { type: 'string', pattern: '^[A-Za-z0-9._~:-]{1,200}$' });

/** The description of the API (OpenAPI 3.1), with the limits of this installation. */
export const openApi = (settings: MeinPostfachSettings, issuer: string): JsonObject => ({
  openapi: '3.1.0',
  info: {
    title: 'Mein Postfach',
    version: '1.0.0',
    description:
      'Letters between authority and citizen. Tokens by client credentials at the issuer, with private_key_jwt or mutual TLS, for the audience of this server.',
  },
  servers: [
    { url: settings.origin },
    ...(settings.mutual_tls === undefined
      ? []
      : [
          {
            url: settings.mutual_tls.origin,
            description: 'For access tokens that are bound to a client certificate (RFC 8705).',
          },
        ]),
  ],
  security: [{ senders: [] }],
  paths: {
    '/api/letters/{message_id}': {
      parameters: [id('message_id')],
      put: {
        operationId: 'deliverLetter',
        summary: 'Delivers a letter. The same letter with the same id is the same delivery and gets the same receipt.',
        security: [{ senders: ['postfach:deliver'] }],
        requestBody: {
          required: true,
          content: {
            'multipart/form-data': {
              schema: {
                type: 'object',
                required: ['letter'],
                properties: {
                  letter: ref('Letter'),
                  attachment: {
                    type: 'array',
                    items: { type: 'string', contentMediaType: 'application/octet-stream' },
                  },
                },
                description:
                  'First the part `letter`, then one part for each declared attachment, in that order. Their names do not matter.',
              },
              encoding: { letter: { contentType: 'application/json' } },
            },
          },
        },
        responses: {
          200: answer('Was delivered before.', 'Receipt'),
          201: answer('Stored durably.', 'Receipt'),
          ...problems(
            'envelope_invalid',
            'mailbox_unknown',
            'too_slow',
            'message_exists',
            'too_large',
            'schema_invalid',
            'content_not_allowed',
            'attachment_not_allowed',
            'attachment_mismatch',
            'too_many',
          ),
        },
      },
      get: {
        operationId: 'letterState',
        summary: 'Where a letter is.',
        security: [{ senders: ['postfach:read'] }],
        responses: { 200: answer('Its state.', 'LetterState'), ...problems('envelope_invalid', 'not_found') },
      },
    },
    '/api/applications/{application_id}/statuses/{status_id}': {
      parameters: [parameter('application_id', 'path', { type: 'string', format: 'uuid' }), id('status_id')],
      put: {
        operationId: 'putStatus',
        summary: 'Tells the citizen how an application stands.',
        security: [{ senders: ['postfach:deliver'] }],
        requestBody: { required: true, content: json('Status') },
        responses: {
          200: answer('Was told before.', 'StatusReceipt'),
          201: answer('Stored.', 'StatusReceipt'),
          ...problems(
            'envelope_invalid',
            'mailbox_unknown',
            'status_exists',
            'too_large',
            'schema_invalid',
            'too_many',
          ),
        },
      },
    },
    '/api/replies': {
      get: {
        operationId: 'replies',
        summary: 'Replies that wait for this sender, oldest first.',
        security: [{ senders: ['postfach:read'] }],
        parameters: [
          parameter('after', 'query', { type: 'string' }),
          parameter('limit', 'query', { type: 'integer', minimum: 1, maximum: 100 }),
        ],
        responses: { 200: answer('Replies.', 'Replies'), ...problems('schema_invalid') },
      },
    },
    '/api/replies/{reply_id}': {
      parameters: [parameter('reply_id', 'path', { type: 'string' })],
      delete: {
        operationId: 'takeReply',
        summary: 'The sender has the reply: its content is erased here.',
        security: [{ senders: ['postfach:read'] }],
        responses: { 204: answer('Erased.'), ...problems('not_found') },
      },
    },
    ...citizenPaths(problems()),
    '/api/jwks.json': {
      get: {
        operationId: 'jwks',
        summary: 'Keys that receipts and webhooks are signed with.',
        security: [],
        responses: { 200: answer('JSON Web Key Set.', 'Jwks') },
      },
    },
  },
  components: {
    securitySchemes: {
      senders: {
        type: 'oauth2',
        flows: {
          clientCredentials: {
            tokenUrl: `${issuer}/token`,
            scopes: {
              'postfach:deliver': 'Deliver letters and statuses.',
              'postfach:read': 'Read states and replies.',
            },
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
    schemas: { ...schemas(settings), ...citizenSchemas },
  },
});
