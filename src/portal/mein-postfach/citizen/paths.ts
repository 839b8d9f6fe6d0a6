import type { Folder } from '../letters/letter.ts';

/** Addresses of the citizen's pages. */
export const paths = {
  inbox: '/postfach',
  settings: '/postfach/einstellungen',
  applications: '/vorgaenge',
} as const;

export const folderNames = { inbox: 'eingang', archive: 'archiv', trash: 'papierkorb' } as const satisfies Readonly<
  Record<Folder, string>
>;

export const folderPath = (folder: Folder): string =>
  folder === 'inbox' ? paths.inbox : `${paths.inbox}?ordner=${folderNames[folder]}`;
export const letterPath = (id: string): string => `${paths.inbox}/${encodeURIComponent(id)}`;
export const paperPath = (id: string): string => `${letterPath(id)}/brief.pdf`;
export const attachmentPath = (id: string, attachment: string): string =>
  `${letterPath(id)}/anlagen/${encodeURIComponent(attachment)}`;
export const replyPath = (id: string, draft?: string): string =>
  `${letterPath(id)}/antwort${draft === undefined ? '' : `/${encodeURIComponent(draft)}`}`;
export const applicationPath = (id: string): string => `${paths.applications}/${encodeURIComponent(id)}`;
