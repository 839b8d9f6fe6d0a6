/** Addresses of the caseworkers' pages. */
export const listPath = '/antraege';
export const answeredPath = '/antraege?stand=beantwortet';
export const applicationPath = (id: string): string => `${listPath}/${encodeURIComponent(id)}`;
export const takeUpPath = (id: string): string => `${applicationPath(id)}/uebernehmen`;
export const answerPath = (id: string): string => `${applicationPath(id)}/antwort`;
export const documentPath = (id: string, document: string): string =>
  `${applicationPath(id)}/nachweise/${encodeURIComponent(document)}`;
