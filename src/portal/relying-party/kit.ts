import type { Level } from '../../assurance/levels.ts';
import type { Ageing } from '../../assurance/policy.ts';
import type { Artifacts } from '../../storage/artifacts.ts';
import type { Csrf } from '../../web/csrf.ts';
import type { Environment } from '../../web/parts.ts';
import type { ClaimsRequest } from './authorization-request.ts';
import type { MarkedSecrets } from './marked-secret.ts';
import type { PendingLogins } from './pending-logins.ts';
import type { Fetch, Provider } from './provider.ts';
import type { Session, Sessions } from './session.ts';

/** An API by its audience (RFC 8707), and what tokens for it may do. */
export interface ApiAccess {
  readonly audience: string;
  readonly scope: string;
}

export interface RelyingPartyOptions {
  /** Scheme, host and port of this part, without a slash at the end. */
  readonly origin: string;
  readonly issuer: string;
  readonly clientId: string;
  /** Private ES256 JWK with its kid. */
  readonly clientKey: JsonWebKey & { readonly kid?: string };
  readonly scope: string;
  /** APIs of other modules that are called in the name of whoever logs in, each with the scopes for it. */
  readonly resources?: readonly ApiAccess[];
  /** Claims asked for beyond the scope's (OpenID Connect Core 5.5). */
  readonly claims?: ClaimsRequest;
  /** The name that the header shows; by default that of the profile scope. Empty when there is none to show. */
  readonly nameOf?: (session: Session) => string;
  /** The least level of any login here. */
  readonly level?: Level;
  /** Told of whom a session has ended here, so that nothing about her stays in memory. Best effort; sessions also just run out. */
  readonly onSessionEnd?: (sub: string) => void;
  readonly artifacts: Artifacts;
  readonly csrf: Csrf;
  readonly marks: MarkedSecrets;
  readonly ageing?: Ageing;
  readonly environment: Environment;
  /** Tests put the network's faults here. */
  readonly fetch?: Fetch;
}

/** What the kit's own files share; routes of a part use RelyingParty. */
export interface Kit {
  readonly options: RelyingPartyOptions;
  readonly provider: Provider;
  readonly sessions: Sessions;
  readonly logins: PendingLogins;
  readonly ageing: Ageing;
  readonly redirectUri: string;
}

/** The name of this part's cookie for its session; the web ground puts part and prefix in front. */
export const sessionCookie = 'session';
