import type { Router } from '@koa/router';
import type { StartLimit } from './authentication/guard.ts';
import type { MethodName } from './authentication/method.ts';
import type { ClientSet } from './clients/load.ts';
import { addCodeRoutes, type CodeRouteParts } from './interaction/code-routes.ts';
import { addConsentRoutes, createConsentPage } from './interaction/consent-routes.ts';
import { addEidRoutes, type EidRouteParts } from './interaction/eid-routes.ts';
import { createLoginPages, type LoginPageParts } from './interaction/login-pages.ts';
import { addLoginRoutes, type LoginRouteParts } from './interaction/login-routes.ts';
import { addPasskeyRoutes } from './interaction/passkey-routes.ts';
import type { CitizenRepository } from './identity/repository.ts';
import { addBrandingRoutes } from '../web/branding.ts';

type Shared = 'entry' | 'steps' | 'door' | 'journal' | 'rules';

export interface LoginParts
  extends
    Pick<LoginRouteParts, Shared | 'password' | 'lifecycle' | 'admitsHasty' | 'sendAway'>,
    Pick<LoginPageParts, 'passkey' | 'eidDown' | 'testPersons' | 'registrationPages'>,
    Pick<CodeRouteParts, 'totp' | 'recoveryCodes' | 'credentials'>,
    Pick<EidRouteParts, 'flows' | 'eid' | 'client'> {
  readonly citizens: CitizenRepository;
  /** Whether the operator has switched a way off. */
  readonly isOff: (method: MethodName) => boolean;
  /** How often one address may begin something. */
  readonly starts: (what: 'eid' | 'transfer code') => StartLimit;
  readonly clients: () => ClientSet;
}

/** Everything under /anmelden but registration: the ways to log in, what is asked beside them, and consent. */
export const addLogins = (router: Router, parts: LoginParts): void => {
  const { entry, steps, door, flows, citizens, credentials, journal, rules, isOff, starts } = parts;
  const consentPage = createConsentPage({ entry, citizens, clients: () => parts.clients().clients });
  const pages = createLoginPages({ ...parts, consentPage });
  addBrandingRoutes(router, (authority) => parts.clients().authorities.get(authority)?.branding);
  addLoginRoutes(router, { ...parts, pages, transferCodes: starts('transfer code') });
  addCodeRoutes(router, {
    entry,
    steps,
    pages,
    totp: parts.totp,
    recoveryCodes: parts.recoveryCodes,
    credentials,
    journal,
    isOff: () => isOff('password'),
  });
  addPasskeyRoutes(router, {
    entry,
    steps,
    pages,
    passkey: parts.passkey,
    journal,
    rules,
    isOff: () => isOff('passkey'),
  });
  addEidRoutes(router, {
    entry,
    steps,
    door,
    flows,
    eid: parts.eid,
    starts: starts('eid'),
    journal,
    isOff: () => isOff('eid'),
    isDown: parts.eidDown,
    client: parts.client,
  });
  addConsentRoutes(router, { entry, door, citizens, journal });
};
