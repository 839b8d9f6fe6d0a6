import { z } from 'zod';
import { authorityFile } from './id/clients/authority.ts';
import { clientFile } from './id/clients/schema.ts';
import { originatorFile } from './portal/bezahlsystem/originators.ts';
import { senderFile } from './portal/mein-postfach/senders.ts';
import { serviceFile } from './portal/bayern-portal/services/service-file.ts';
import { settings } from './settings.ts';

/** JSON Schemas for completion in the editor, written from the schemas that really check (`npm run schema`). */
export const writeSchemas = (): Readonly<Record<string, string>> => {
  const text = (schema: z.ZodType): string =>
    `${JSON.stringify(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }), null, 2)}\n`;
  return {
    client: text(clientFile),
    authority: text(authorityFile),
    sender: text(senderFile),
    service: text(serviceFile),
    originator: text(originatorFile),
    settings: text(settings),
  };
};
