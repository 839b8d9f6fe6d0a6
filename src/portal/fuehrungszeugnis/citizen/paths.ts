import type { Step } from '../application/rules.ts';

/** Addresses of the applicant's pages. */
export const paths = {
  start: '/fuehrungszeugnis',
  tasks: '/fuehrungszeugnis/antrag',
  discard: '/fuehrungszeugnis/antrag/loeschen',
  payment: '/fuehrungszeugnis/zahlung',
  sent: '/fuehrungszeugnis/antraege',
} as const;

export const stepPath = (step: Step): string => `${paths.start}/${step}`;
export const removePath = (id: string): string => `${stepPath('nachweise')}/${encodeURIComponent(id)}/entfernen`;
/** What becomes of a file that was held during a login. */
export const heldPaths = {
  add: `${stepPath('nachweise')}/uebernehmen`,
  drop: `${stepPath('nachweise')}/verwerfen`,
} as const;
export const sentPath = (id: string): string => `${paths.sent}/${encodeURIComponent(id)}`;
export const confirmationPath = (id: string): string => `${sentPath(id)}/bestaetigung.pdf`;
