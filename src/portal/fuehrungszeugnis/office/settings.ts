import { z } from 'zod';
import { relyingPartySettings } from '../../relying-party/settings.ts';

/** Registerbehörde: where caseworkers answer applications for a Führungszeugnis. */
export const registerbehoerdeSettings = z.strictObject({
  ...relyingPartySettings({ port: 3006 }),
  caseworkers: z
    .array(z.email())
    .default([])
    .describe(
      'Who has the role: confirmed e-mail addresses at Bayern-ID. Each is bound to the account that comes with it first.',
    ),
});

export type RegisterbehoerdeSettings = z.output<typeof registerbehoerdeSettings>;
