import { z } from 'zod';
import { relyingPartySettings } from '../relying-party/settings.ts';

/** The playground for developers of services. */
export const playgroundSettings = z.strictObject(relyingPartySettings({ port: 3005 }));

export type PlaygroundSettings = z.output<typeof playgroundSettings>;
