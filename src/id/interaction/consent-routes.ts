import type { Router } from '@koa/router';
import type { Context } from 'koa';
import { HttpError } from '../../web/http-error.ts';
import { localeOf } from '../../web/page-context.ts';
import type { Journal } from '../audit/journal.ts';
import { localText } from '../clients/client.ts';
import type { CitizenRepository } from '../identity/repository.ts';
import { answers, verifiedName, wishOf, type Wish } from '../oidc/consent.ts';
import type { Door } from '../oidc/door.ts';
import type { Entry } from './context.ts';
import { requirePage } from './login-routes.ts';
import { ConsentPage, show } from './pages/index.ts';
import { accountName, consentData } from './present.ts';
import type { Position } from './steps.ts';

export interface ConsentRouteParts {
  readonly entry: Entry;
  readonly door: Door;
  readonly citizens: CitizenRepository;
  readonly journal: Journal;
}

/** Only what is new is asked: names that an earlier consent has answered are left out. */
const newWish = async (citizens: CitizenRepository, position: Position): Promise<Wish> => {
  const { pending, citizen } = position;
  const wish = wishOf(pending.party, pending.params);
  // `prompt=consent` asks for everything once more.
  if (pending.reasons.includes('consent_prompt')) return wish;
  const consent = citizen && (await citizens.consent(citizen.account.id, pending.party.file.client_id));
  return {
    ...wish,
    plain: wish.plain.filter((name) => !answers(consent, [name])),
    verified: wish.verified.filter((name) => !answers(consent, [verifiedName(name)])),
  };
};

export const createConsentPage =
  ({ entry, citizens }: Pick<ConsentRouteParts, 'entry' | 'citizens'>) =>
  async (ctx: Context, position: Position): Promise<void> => {
    const { citizen, pending } = position;
    if (!citizen) throw new HttpError('bad_request', { reason: 'step' });
    const { file } = pending.party;
    const locale = localeOf(ctx);
    show(ctx, ConsentPage, {
      ...entry.frame(ctx, position),
      account: accountName(citizen),
      ...consentData(citizen, await newWish(citizens, position), locale),
      ...(file.legal_basis === undefined ? {} : { legalBasis: localText(file.legal_basis, locale) }),
      ...(file.purpose === undefined ? {} : { purpose: localText(file.purpose, locale) }),
      ...(file.policy_uri === undefined ? {} : { privacyPolicy: file.policy_uri }),
    });
  };

export const addConsentRoutes = (router: Router, { entry, door, citizens, journal }: ConsentRouteParts): void => {
  router.post('/anmelden/:uid/freigabe', async (ctx) => {
    const { position, form } = await entry.posted(ctx);
    requirePage(position, 'consent');
    const { pending, citizen } = position;
    if (!citizen) throw new HttpError('bad_request', { reason: 'step' });
    const clientId = pending.party.file.client_id;
    const accountId = citizen.account.id;
    const decision = form.get('decision');
    if (decision === 'refuse') {
      journal.record({ type: 'consent.refused', clientId, accountId });
      return door.refuse(ctx, pending, 'access_denied', 'the citizen did not release the data');
    }
    if (decision !== 'release') throw new HttpError('bad_request', { reason: 'decision' });

    const wish = await newWish(citizens, position);
    const { data } = consentData(citizen, wish, localeOf(ctx));
    const chosen = new Set(form.all('optional'));
    const released = new Set(
      data.filter((datum) => datum.required || chosen.has(datum.claim)).map((datum) => datum.claim),
    );
    // An address is passed on together with the word on whether it was checked.
    if (released.has('email')) released.add('email_verified');
    const asked = [...wish.plain, ...wish.verified.map(verifiedName)];
    const before = await citizens.consent(accountId, clientId);
    const claims = [...new Set([...(before?.claims ?? []), ...released])];
    const refused = [...new Set([...(before?.refused ?? []), ...asked])].filter((name) => !claims.includes(name));
    const scopes = [...new Set([...(before?.scopes ?? []), ...wish.scopes])];
    await citizens.giveConsent(accountId, { clientId, claims, scopes, refused, at: Date.now() }, [
      { type: 'consent.given', clientId, claims: [...released] },
    ]);
    return door.consented(ctx, pending);
  });
};
