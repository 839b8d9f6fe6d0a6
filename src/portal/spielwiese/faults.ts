/** What can be made to go wrong, in the order of a login. A developer sees how it shows, and that his own checks are needed. */
export const faults = [
  /** A redirect URI that is in no client file. */
  'redirect_uri',
  /** The client assertion is made out to somebody else. */
  'assertion_audience',
  /** The answer is as if the citizen had cancelled. */
  'denied',
  /** The answer comes with another state. */
  'state',
  /** The answer comes from another issuer (RFC 9207). */
  'iss',
  /** The code is redeemed with another PKCE verifier. */
  'verifier',
  /** The code is redeemed twice. */
  'code',
  /** The ID token is changed on its way. */
  'signature',
  /** The ID token is read as another client. */
  'audience',
  /** The ID token is read a day later. */
  'expired',
  /** The ID token is compared with the nonce of another login. */
  'nonce',
] as const;

export type Fault = (typeof faults)[number];
