import { randomBytes } from 'node:crypto';
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

/**
 * What the client gets when there is no session. A token of CommunicationErrorAddress alone, as TR-03124-1 has it, ends
 * AusweisApp 1.26 on an error page of its own without a way back. So this one is whole and leads nowhere: no server of ours
 * knows the key, and whatever the client makes of that, it sends the browser to the page that says what happened.
 */
export const failedTcToken = (issuer: string, help: string): string =>
  tcToken(
    {
      sessionId: '',
      pskId: randomBytes(16).toString('hex'),
      psk: randomBytes(32).toString('hex'),
      paosAddress: issuer,
    },
    { refresh: help, communicationError: help },
  );
