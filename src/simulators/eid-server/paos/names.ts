import { namespaces, resultMajor } from '../../../id/authentication/eid/tr03130/names.ts';

/** Namespaces of PAOS and the eCard-API-Framework (TR-03112). */
export const paosNamespaces = {
  soap: namespaces.soap,
  dss: namespaces.dss,
  addressing: 'http://www.w3.org/2005/03/addressing',
  ecard: 'http://www.bsi.bund.de/ecard/api/1.1',
  iso: 'urn:iso:std:iso-iec:24727:tech:schema',
  schemaInstance: 'http://www.w3.org/2001/XMLSchema-instance',
} as const;

export const resultMajors = resultMajor;

const minor = `${paosNamespaces.ecard}/resultminor`;

/** Codes that end a conversation (TR-03112-1, 4.2). */
export const resultMinors = {
  unknownError: `${minor}/al/common#unknownError`,
  incorrectParameter: `${minor}/al/common#incorrectParameter`,
  cancellationByUser: `${minor}/sal#cancellationByUser`,
} as const;
