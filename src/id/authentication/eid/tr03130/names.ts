/** Namespaces and URIs of the eID-Interface: TR-03130-1, WS-Security 1.0 and XML Signature. */
export const namespaces = {
  soap: 'http://schemas.xmlsoap.org/soap/envelope/',
  eid: 'http://bsi.bund.de/eID/',
  dss: 'urn:oasis:names:tc:dss:1.0:core:schema',
  wsse: 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd',
  wsu: 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd',
  ds: 'http://www.w3.org/2000/09/xmldsig#',
  exclusiveC14n: 'http://www.w3.org/2001/10/xml-exc-c14n#',
} as const;

/** The two generations in the field: 2.0.x and 2.1 to 2.4. */
export const schemas = ['2.0', '2.4'] as const;
export type Schema = (typeof schemas)[number];

export type SoapOperation = 'useID' | 'getResult' | 'getServerInfo';

export const soapAction = (operation: SoapOperation): string => `${namespaces.eid}${operation}`;

export const resultMajor = {
  ok: 'http://www.bsi.bund.de/ecard/api/1.1/resultmajor#ok',
  error: 'http://www.bsi.bund.de/ecard/api/1.1/resultmajor#error',
} as const;

const server = 'http://www.bsi.bund.de/eid/server/2.0/resultminor';

/** TR-03130-1, error codes; the last one comes from the eCard-API. */
export const resultMinor = {
  internalError: `${server}/common#internalError`,
  schemaViolation: `${server}/common#schemaViolation`,
  invalidPsk: `${server}/useID#invalidPSK`,
  missingArgument: `${server}/useID#missingArgument`,
  tooManyOpenSessions: `${server}/useID#tooManyOpenSessions`,
  missingTerminalRights: `${server}/useID#missingTerminalRights`,
  noResultYet: `${server}/getResult#noResultYet`,
  invalidSession: `${server}/getResult#invalidSession`,
  invalidCounter: `${server}/getResult#invalidCounter`,
  deniedDocument: `${server}/getResult#deniedDocument`,
  invalidDocument: `${server}/getResult#invalidDocument`,
  cancellationByUser: 'http://www.bsi.bund.de/ecard/api/1.1/resultminor/sal#cancellationByUser',
} as const;

/** Beginnings of the level names in LevelOfAssuranceRequest and LevelOfAssuranceResult (TR-03130-1, 3.3.12). */
export const germanLoa = 'http://bsi.bund.de/eID/LoA/';
export const eidasLoa = 'http://eidas.europa.eu/LoA/';
