import { join } from 'node:path';
import type { Settings } from './settings.ts';

/** What `${NAME}` stands for in client files. */
export const clientVariables = (settings: Settings): Record<string, string> => ({
  ISSUER: settings.id.issuer,
  BAYERN_PORTAL_ORIGIN: settings.bayern_portal.origin,
  MEIN_POSTFACH_ORIGIN: settings.mein_postfach.origin,
  BEZAHLSYSTEM_ORIGIN: settings.bezahlsystem.origin,
  FUEHRUNGSZEUGNIS_ORIGIN: settings.fuehrungszeugnis.origin,
  REGISTERBEHOERDE_ORIGIN: settings.registerbehoerde.origin,
  ...(settings.spielwiese ? { SPIELWIESE_ORIGIN: settings.spielwiese.origin } : {}),
  SECRETS: join(settings.storage.directory, 'secrets'),
});

/** The sender of the example letters stands where the playground's client does. */
export const senderDirectories = (
  directory: string,
  { mein_postfach: { senders }, spielwiese }: Settings,
): string[] => [join(directory, senders), ...(spielwiese ? [join(directory, 'development', senders)] : [])];
