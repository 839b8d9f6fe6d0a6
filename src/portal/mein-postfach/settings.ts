import { z } from 'zod';
import { relyingPartySettings } from '../relying-party/settings.ts';

/** Mein Postfach: letters between authority and citizen. */
export const meinPostfachSettings = z.strictObject({
  ...relyingPartySettings({ port: 3002 }),
});

export type MeinPostfachSettings = z.output<typeof meinPostfachSettings>;
