import { NotTaken } from '../../storage/outbox.ts';
import type { Outbound } from '../../web/outbound.ts';
import type { Signing } from './signing.ts';

/** Seconds that a notice is good for: it is signed anew at every try. */
const life = 120;

/** Tells services what happened, by a signed JWT that is posted to them. */
export const createSignedNotice =
  (parts: {
    readonly origin: string;
    /** Of the JWT, its `typ`. */
    readonly type: string;
    readonly signing: Signing;
    readonly outbound: Outbound;
  }) =>
  /** @param notice.id stays the same at every try (`jti`), so that a receiver can tell what it has had already. */
  async (
    address: string,
    notice: { readonly id: string; readonly audience: string; readonly claims: Readonly<Record<string, unknown>> },
  ): Promise<void> => {
    const now = Math.floor(Date.now() / 1000);
    const claims = {
      iss: parts.origin,
      aud: notice.audience,
      iat: now,
      exp: now + life,
      jti: notice.id,
      ...notice.claims,
    };
    const response = await parts.outbound(address, {
      method: 'POST',
      headers: { 'content-type': 'application/jwt' },
      body: await parts.signing.sign(claims, parts.type),
      timeout: 5000,
    });
    if (response.status < 200 || response.status > 299) throw new NotTaken(`the service answered ${response.status}`);
  };
