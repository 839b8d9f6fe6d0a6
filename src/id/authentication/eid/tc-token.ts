import type { EidSession } from './port.ts';

const escape = (text: string): string => text.replace(/[<>&'"]/g, (c) => `&#${c.codePointAt(0) ?? 0};`);

export interface TcTokenAddresses {
  /** Carries R; the client sends the browser here, with ResultMajor and ResultMinor appended. */
  readonly refresh: string;
  /** Carries no secret; shows help only. */
  readonly communicationError: string;
}

/** TC Token with a PSK channel of its own (TR-03124-1; element order as the AusweisApp expects it). */
export const tcToken = (session: EidSession, addresses: TcTokenAddresses): string =>
  '<?xml version="1.0" encoding="UTF-8"?>' +
  '<TCTokenType>' +
  `<ServerAddress>${escape(session.paosAddress)}</ServerAddress>` +
  `<SessionIdentifier>${escape(session.pskId)}</SessionIdentifier>` +
  `<RefreshAddress>${escape(addresses.refresh)}</RefreshAddress>` +
  `<CommunicationErrorAddress>${escape(addresses.communicationError)}</CommunicationErrorAddress>` +
  '<Binding>urn:liberty:paos:2006-08</Binding>' +
  '<PathSecurity-Protocol>urn:ietf:rfc:4279</PathSecurity-Protocol>' +
  `<PathSecurity-Parameters><PSK>${escape(session.psk.toUpperCase())}</PSK></PathSecurity-Parameters>` +
  '</TCTokenType>';

/** What the client gets when there is no session: it can only send the browser to the help page. */
export const failedTcToken = (addresses: Pick<TcTokenAddresses, 'communicationError'>): string =>
  `<?xml version="1.0" encoding="UTF-8"?><TCTokenType><CommunicationErrorAddress>${escape(addresses.communicationError)}</CommunicationErrorAddress></TCTokenType>`;
