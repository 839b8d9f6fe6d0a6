import type { Router } from '@koa/router';
import type { Context } from 'koa';
import { HttpError } from '../../web/http-error.ts';
import { localeOf } from '../../web/page-context.ts';
import type { Journal } from '../audit/journal.ts';
import { localText, type RelyingParty } from '../clients/client.ts';
import type { Citizen } from '../identity/citizen.ts';
import type { CitizenRepository } from '../identity/repository.ts';
import { openQuestions, wishOf, type Wish } from '../oidc/consent.ts';
import type { Door } from '../oidc/door.ts';
import { disclosureTo, verifiedName, type Disclosure } from '../oidc/release.ts';
import type { Entry } from './context.ts';
import { requirePage } from './login-routes.ts';
import { ConsentPage, show } from './pages/index.ts';
import { accountName, consentData, notPassedOn } from './present.ts';
import type { Position } from './steps.ts';

export interface ConsentRouteParts {
  readonly clients: () => ReadonlyMap<string, RelyingParty>;
  readonly entry: Entry;
  readonly door: Door;
  readonly citizens: CitizenRepository;
  readonly journal: Journal;
}

interface Questions {
  readonly citizen: Citizen;
  readonly wish: Wish;
  readonly disclosure: Disclosure;
  /** Only what is new, unless the service wants everything asked once more (`prompt=consent`). */
  readonly open: Wish;
}

const questionsOf = async (citizens: CitizenRepository, { pending, citizen }: Position): Promise<Questions> => {
  if (!citizen) throw new HttpError('bad_request', { reason: 'step' });
  const { party, params, reasons, level } = pending;
  const wish = wishOf(party, params);
  const disclosure = disclosureTo(party, citizen, level);
  const consent = reasons.includes('consent_prompt')
    ? undefined
    : await citizens.consent(citizen.account.id, party.file.client_id);
  return { citizen, wish, disclosure, open: openQuestions(wish, disclosure, consent) };
};

export const createConsentPage =
  ({ entry, citizens, clients }: Pick<ConsentRouteParts, 'entry' | 'citizens' | 'clients'>) =>
  async (ctx: Context, position: Position): Promise<void> => {
    const { citizen, wish, disclosure, open } = await questionsOf(citizens, position);
    const { file } = position.pending.party;
    const locale = localeOf(ctx);
    /** The service behind an API, as its own file names it. */
    const nameOfApi = (audience: string): string => {
      const api = [...clients().values()].find((party) => party.file.api?.audience === audience);
      return api ? localText(api.file.client_name, locale) : audience;
    };
    show(ctx, ConsentPage, {
      ...entry.frame(ctx, position),
      account: accountName(citizen, !disclosure.withheld),
      data: consentData(open, disclosure, locale),
      ...notPassedOn(wish, citizen, disclosure),
      withheldBelow: file.verified_claims_minimum,
      access: Object.keys(open.access).map((audience) => nameOfApi(audience)),
      lasting: wish.scopes.includes('offline_access'),
      ...(file.legal_basis === undefined ? {} : { legalBasis: localText(file.legal_basis, locale) }),
      ...(file.purpose === undefined ? {} : { purpose: localText(file.purpose, locale) }),
      ...(file.policy_uri === undefined ? {} : { privacyPolicy: file.policy_uri }),
    });
  };

export const addConsentRoutes = (
  router: Router,
  { entry, door, citizens, journal }: Omit<ConsentRouteParts, 'clients'>,
): void => {
  router.post('/anmelden/:uid/freigabe', async (ctx) => {
    const { position, form } = await entry.posted(ctx);
    requirePage(position, 'consent');
    const { pending } = position;
    const { citizen, wish, disclosure, open } = await questionsOf(citizens, position);
    const clientId = pending.party.file.client_id;
    const accountId = citizen.account.id;
    const decision = form.get('decision');
    if (decision === 'refuse') {
      journal.record({ type: 'consent.refused', clientId, accountId });
      return door.refuse(ctx, pending, 'access_denied', 'the citizen did not release the data');
    }
    if (decision !== 'release') throw new HttpError('bad_request', { reason: 'decision' });

    const data = consentData(open, disclosure, localeOf(ctx));
    const chosen = new Set(form.all('optional'));
    const released = new Set(
      data.filter((datum) => datum.required || chosen.has(datum.claim)).map((datum) => datum.claim),
    );
    // An address is passed on together with the word on whether it was checked.
    if (released.has('email')) released.add('email_verified');
    const asked = [...open.plain, ...open.verified.map(verifiedName)];
    const refused = asked.filter((name) => !released.has(name));
    const answer = { clientId, claims: [...released], refused, scopes: wish.scopes, at: Date.now() };
    await citizens.giveConsent(accountId, answer, [{ type: 'consent.given', clientId, claims: [...released] }]);
    return door.resolved(ctx, pending);
  });
};
