/** Addresses of the citizen's pages. */
export const minePath = '/meine-zahlungen';

export const payPath = (pageId: string): string => `/bezahlen/${encodeURIComponent(pageId)}`;
export const resultPath = (pageId: string): string => `${payPath(pageId)}/ergebnis`;
export const stopPath = (pageId: string): string => `${payPath(pageId)}/abbrechen`;
export const receiptPath = (pageId: string): string => `${payPath(pageId)}/beleg.pdf`;
export const myPaymentPath = (id: string): string => `${minePath}/${encodeURIComponent(id)}`;
export const myReceiptPath = (id: string): string => `${myPaymentPath(id)}/beleg.pdf`;
