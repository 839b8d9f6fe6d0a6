import { z } from 'zod';
import { originSetting, relyingPartySettings } from '../relying-party/settings.ts';

/** Bayern-Portal: the way in to all services. */
export const bayernPortalSettings = z.strictObject({
  ...relyingPartySettings({ port: 3001 }),
  fuehrungszeugnis_origin: originSetting
    .default('http://localhost:3004')
    .describe('Origin of the service Führungszeugnis, for the link to it.'),
  mein_postfach_origin: originSetting
    .default('http://localhost:3002')
    .describe('Origin of Mein Postfach, for the link to it.'),
  bezahlsystem_origin: originSetting
    .default('http://localhost:3003')
    .describe('Origin of the Bezahlsystem, for open payments.'),
});

export type BayernPortalSettings = z.output<typeof bayernPortalSettings>;
