import type { Csrf } from '../../web/csrf.ts';
import type { ActivityView } from '../audit/view.ts';
import type { Journal } from '../audit/journal.ts';
import type { ClientSet } from '../clients/load.ts';
import type { AccountRepository } from '../identity/accounts.ts';
import type { CardHistory } from '../identity/card-history.ts';
import type { CredentialRepository } from '../identity/credentials.ts';
import type { JoinRepository } from '../identity/joining.ts';
import type { LifecycleRepository } from '../identity/lifecycle.ts';
import type { PostfachHandles } from '../identity/postfach.ts';
import type { CitizenRepository } from '../identity/repository.ts';
import type { ServiceRepository } from '../identity/service-records.ts';
import type { JoinTickets } from '../interaction/join-tickets.ts';
import type { AccountSessions } from '../oidc/account-sessions.ts';
import type { CardRouteParts } from './card-routes.ts';
import type { EmailRouteParts } from './email-routes.ts';
import type { AccountEntry, Demanded } from './entry.ts';
import type { LoginNameRouteParts } from './login-name-routes.ts';
import type { MeansRouteParts } from './means-routes.ts';
import type { NotMeLinks } from './not-me.ts';
import type { PasswordRouteParts } from './password-routes.ts';

/** What the pages about password, e-mail address and user name are made of. */
export type LoginDataParts = PasswordRouteParts & EmailRouteParts & LoginNameRouteParts;

/** What the pages of Mein Konto work with. */
export interface AccountRouteParts extends CardRouteParts, MeansRouteParts {
  readonly entry: AccountEntry;
  readonly loginData: LoginDataParts;
  readonly dangerous: Demanded;
  readonly csrf: Csrf;
  readonly accounts: AccountRepository;
  readonly citizens: CitizenRepository;
  readonly credentials: CredentialRepository;
  readonly services: ServiceRepository;
  readonly lifecycle: LifecycleRepository;
  readonly postfachHandles: PostfachHandles;
  readonly joins: JoinRepository;
  readonly joinTickets: JoinTickets;
  readonly cardHistory: CardHistory;
  readonly activities: ActivityView;
  readonly journal: Journal;
  readonly sessions: AccountSessions;
  readonly notMe: NotMeLinks;
  readonly clients: () => ClientSet;
  /** Called when mails or logout notices may wait in the outbox. */
  readonly wake: () => void;
}
