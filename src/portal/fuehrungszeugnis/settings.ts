import { z } from 'zod';
import { originSetting, relyingPartySettings } from '../relying-party/settings.ts';

/** Führungszeugnis: the application for a certificate of good conduct. */
export const fuehrungszeugnisSettings = z.strictObject({
  ...relyingPartySettings({ port: 3004 }),
  portal_origin: originSetting
    .default('http://localhost:3001')
    .describe('Origin of Bayern-Portal, for the way back to all services.'),
});

export type FuehrungszeugnisSettings = z.output<typeof fuehrungszeugnisSettings>;
