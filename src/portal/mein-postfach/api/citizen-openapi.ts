import type { JsonObject } from '../../../storage/artifacts.ts';
import { applicationStates } from '../letters/letter.ts';
import { overviewScope } from './citizen-routes.ts';

const schema = (properties: JsonObject, optional: readonly string[] = []): JsonObject => ({
  type: 'object',
  required: Object.keys(properties).filter((name) => !optional.includes(name)),
  properties,
  additionalProperties: false,
});
const text: JsonObject = { type: 'string' };

/** What other modules read in a citizen's name: its part of the description of the API. */
export const citizenSchemas: JsonObject = {
  Unread: schema({ unread: { type: 'integer', minimum: 0 } }),
  Applications: schema({
    applications: {
      type: 'array',
      description: 'What changed last comes first.',
      items: schema({
        id: text,
        service: text,
        sender: schema({ de: text, en: text }),
        status: { type: 'string', enum: [...applicationStates] },
        since: { type: 'string', format: 'date-time' },
        address: { type: 'string', format: 'uri', description: 'Its page for the citizen.' },
      }),
    },
    locked: {
      type: 'integer',
      minimum: 0,
      description: 'How many more there are, for which the login behind the token is too weak.',
    },
  }),
};

export const citizenScopes: JsonObject = { [overviewScope]: 'Count new letters and list applications.' };

const answers = (description: string, name: string, problems: JsonObject): JsonObject => ({
  200: { description, content: { 'application/json': { schema: { $ref: `#/components/schemas/${name}` } } } },
  ...problems,
});

/** @param problems the answers to what goes wrong. */
export const citizenPaths = (problems: JsonObject): JsonObject => ({
  '/api/citizen/letters/unread': {
    get: {
      operationId: 'unreadLetters',
      summary: 'How many new letters are in the inbox of the citizen whose token this is.',
      security: [{ citizens: [overviewScope] }],
      responses: answers('Their number.', 'Unread', problems),
    },
  },
  '/api/citizen/applications': {
    get: {
      operationId: 'applications',
      summary: 'Her applications with the latest state of each.',
      security: [{ citizens: [overviewScope] }],
      responses: answers('Applications.', 'Applications', problems),
    },
  },
});
