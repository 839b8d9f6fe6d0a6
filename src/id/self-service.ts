import type { Router } from '@koa/router';
import type { Context } from 'koa';
import type { Csrf } from '../web/csrf.ts';
import type { Log } from '../web/log.ts';
import { webState } from '../web/state.ts';
import { deriveKey, type Sealer } from '../storage/sealing.ts';
import type { Stores } from '../storage/open.ts';
import { createEmailChanges } from './account/email-changes.ts';
import { dangerousAct } from './account/dangerous-act.ts';
import type { AccountEntry } from './account/entry.ts';
import type { LoginDataParts } from './account/parts.ts';
import type { Journal } from './audit/journal.ts';
import type { Devices } from './authentication/device.ts';
import { createEmailCodes } from './authentication/email/codes.ts';
import { createMailLimits } from './authentication/email/mail-limits.ts';
import { createStartLimit, type Guard } from './authentication/guard.ts';
import type { AttemptContext, MethodName } from './authentication/method.ts';
import type { PasswordHashing } from './authentication/password/hashing.ts';
import type { PasswordMethod } from './authentication/password/password.ts';
import { createResetTickets } from './authentication/password/reset-tickets.ts';
import { createSecondFactor } from './authentication/second-factor.ts';
import { createBackground } from './background.ts';
import type { AccountRepository } from './identity/accounts.ts';
import type { CredentialRepository } from './identity/credentials.ts';
import type { CitizenRepository } from './identity/repository.ts';
import type { Entry } from './interaction/context.ts';
import { createAccountMaker } from './interaction/registration/accounts.ts';
import { createSendRegistrationCode } from './interaction/registration/mails.ts';
import { addRegistrationRoutes, type RegistrationPages } from './interaction/registration/routes.ts';
import type { Steps } from './interaction/steps.ts';
import type { MailOutbox } from './mail/outbox.ts';
import { createChoosePassword } from './new-password/choice.ts';
import type { Oidc } from './oidc/oidc.ts';
import type { LevelRules } from './oidc/policy.ts';
import type { IdTables } from './persistence.ts';
import { createRequestReset } from './recovery/requests.ts';
import { addRecoveryRoutes } from './recovery/routes.ts';
import type { IdSettings } from './settings.ts';

export interface SelfServiceParts {
  readonly settings: IdSettings;
  readonly stores: Stores<IdTables>;
  readonly installation: Buffer;
  readonly cookieSealer: Sealer;
  readonly log: Log;
  readonly journal: Journal;
  readonly citizens: CitizenRepository;
  readonly credentials: CredentialRepository;
  readonly accounts: AccountRepository;
  readonly mails: MailOutbox;
  readonly guard: Guard;
  readonly hashing: PasswordHashing;
  readonly password: PasswordMethod;
  readonly devices: Devices;
  readonly provider: Pick<Oidc, 'door' | 'visitors'>;
  readonly rules: LevelRules;
  readonly csrf: Csrf;
  readonly entry: Entry;
  readonly steps: Steps;
  readonly accountEntry: AccountEntry;
  readonly addressOf: (ctx: Context) => string;
  /** Whether a way cannot be used, by the operator's will or because its server is away. */
  readonly isOff: (method: MethodName) => boolean;
}

/** What citizens do about their own ways in: an account, a forgotten password, another address or name. */
export interface SelfService {
  readonly registrationPages: RegistrationPages;
  /** For the pages of Mein Konto. */
  readonly loginData: LoginDataParts;
  /** What goes on behind answers has ended. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

/** User names that may be tried from one address, in a window of seconds. */
const loginNameTries = { starts: 30, window: 600 };

export const addSelfService = (router: Router, parts: SelfServiceParts): SelfService => {
  const { settings, stores, installation, journal, citizens, credentials, accounts, mails } = parts;
  const { guard, rules, csrf, entry, steps, accountEntry, provider } = parts;
  const { issuer } = settings;
  const { visitors, door } = provider;
  const guardKey = deriveKey(installation, 'guard');
  const background = createBackground(stores.records, parts.log);
  const choose = createChoosePassword(parts.hashing);
  const codes = createEmailCodes(stores.artifacts, stores.counters, deriveKey(installation, 'email codes'));
  const limits = createMailLimits(stores.counters, guardKey, settings.guard.mail);
  const tickets = createResetTickets(stores.artifacts);
  const secondFactor = createSecondFactor(credentials, guard);
  const attempt = (ctx: Context, clientId: string): AttemptContext => ({
    address: parts.addressOf(ctx),
    device: parts.devices.read(ctx),
    clientId,
    referenceId: webState(ctx).referenceId,
  });

  const registrationPages = addRegistrationRoutes(router, {
    entry,
    steps,
    codes,
    limits,
    sendCode: createSendRegistrationCode({ issuer, citizens, mails, background }),
    maker: createAccountMaker({ citizens, credentials, accounts, choose }),
    issuer,
    isOff: parts.isOff,
  });
  addRecoveryRoutes(router, {
    request: createRequestReset({ issuer, citizens, tickets, limits, mails, journal, background }),
    tickets,
    citizens,
    credentials,
    secondFactor,
    choose,
    visitors,
    entry: accountEntry,
    door,
    rules,
    journal,
    csrf,
    sealer: parts.cookieSealer,
    attempt,
  });
  return {
    registrationPages,
    loginData: {
      entry: accountEntry,
      dangerous: dangerousAct(credentials, rules),
      visitors,
      citizens,
      credentials,
      accounts,
      secondFactor,
      password: parts.password,
      choose,
      codes,
      limits,
      changes: createEmailChanges(stores.artifacts),
      tries: createStartLimit(stores.counters, guardKey, 'login name', loginNameTries),
      mails,
      background,
      csrf,
      issuer,
      attempt,
    },
    settled: () => background.settled(),
    close: () => background.close(),
  };
};
