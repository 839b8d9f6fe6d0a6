import type { AdmittedPart } from '../web/overload/overload.ts';
import type { Devices } from './authentication/device.ts';
import type { ClientThrottle } from './oidc/client-throttle.ts';
import type { Oidc } from './oidc/oidc.ts';
import { silentRefusal } from './oidc/silent-refusal.ts';

export interface AdmittedIdParts {
  readonly issuer: string;
  readonly devices: Pick<Devices, 'idIn'>;
  readonly oidc: Pick<Oidc, 'heldCookie' | 'clients'>;
  readonly throttle: Pick<ClientThrottle, 'services'>;
}

/** By what Bayern-ID tells citizens and services from strangers while not everybody can be served. */
export const admittedId = ({ issuer, devices, oidc, throttle }: AdmittedIdParts): AdmittedPart => ({
  part: 'id',
  origin: issuer,
  // `error` is for OAuth clients (RFC 6749, 4.1.2.1), which look there first.
  problem: { title: 'unavailable', error: 'temporarily_unavailable' },
  leadsBack: (url) => silentRefusal(url, oidc.clients().clients, issuer),
  // Asked for by every service, again and again.
  free: /^\/(?:jwks|\.well-known\/(?:openid-configuration|oauth-authorization-server))$/,
  forPrograms: /^\/(?:token(?:\/introspection|\/revocation)?|request|me)(?:$|\?)|^\/api\//,
  holderOf(cookies) {
    const device = devices.idIn(cookies);
    if (device !== undefined) return { rank: 'known', id: `device ${device}` };
    const held = oidc.heldCookie(cookies);
    return held === undefined ? undefined : { rank: 'under_way', id: held };
  },
  services: throttle.services,
  // An app, or a script in a page, ends the login that a browser at the same address has begun.
  withApps: true,
});
