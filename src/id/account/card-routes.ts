import type { Router } from '@koa/router';
import { seeOther } from '../../web/see-other.ts';
import { showWith } from '../../web/show.ts';
import { canonicalWrittenCode, newWrittenCode } from '../authentication/written-code.ts';
import type { CitizenRepository } from '../identity/repository.ts';
import type { Visitor, Visitors } from '../oidc/visitor.ts';
import { dangerousActAge, type AccountEntry, type Demand, type Demanded } from './entry.ts';
import { CardPage, RemoveCardPage, TransferCodePage, type CardView } from './pages/CardPage.tsx';
import { cardTexts } from './texts/card.tsx';

const show = showWith(cardTexts);

const days = 86_400_000;

/** A transfer code outlives the card that it was made with, for as long as it takes to fetch the new one. */
const codeLife = 365 * days;

/** The citizen is told so long before the card expires. */
const expirySoon = 90 * days;

export interface CardRouteParts {
  readonly entry: AccountEntry;
  readonly citizens: CitizenRepository;
  readonly dangerous: Demanded;
  readonly visitors: Pick<Visitors, 'keep' | 'renew'>;
}

const here = '/konto/zugaenge/ausweis';

/** A fresh login by the card itself: a code that stands for the card is made with nothing less. */
const byCard: Demand = { level: 'high', maxAge: dangerousActAge };

export const addCardRoutes = (router: Router, { entry, dangerous, citizens, visitors }: CardRouteParts): void => {
  const view = async (visitor: Visitor, notice?: CardView['notice']): Promise<CardView> => {
    const { account, card } = visitor.citizen;
    const until = await citizens.transferCodeOf(account.id);
    const left = card?.link.validUntil === undefined ? Infinity : card.link.validUntil - Date.now();
    return {
      csrf: entry.csrf(visitor),
      ...(card
        ? {
            card: {
              linkedAt: card.link.linkedAt,
              ...(card.link.validUntil === undefined ? {} : { validUntil: card.link.validUntil }),
              state: left <= 0 ? 'expired' : left <= expirySoon ? 'expires' : 'good',
            },
          }
        : {}),
      ...(until === undefined ? {} : { transferUntil: until }),
      ...(notice ? { notice } : {}),
    };
  };

  router.get(here, async (ctx) => {
    const visitor = await entry.open(ctx);
    if (!visitor) return;
    const removed = ctx.query['getrennt'] !== undefined && !visitor.citizen.card;
    show(ctx, CardPage, await view(visitor, removed ? 'removed' : undefined));
  });

  /** The way of any service that needs the level: step-up, card, and the question whether to add it or put it in place. */
  router.get(`${here}/neu`, async (ctx) => {
    // Not 0: that asks who it is (OpenID Connect Core 3.1.2.1), and here it is asked for more of the same person.
    const visitor = await entry.open(ctx, { level: 'high', maxAge: 1 }, here);
    if (visitor) seeOther(ctx, here);
  });

  router.post(`${here}/transfercode`, async (ctx) => {
    const posted = await entry.posted(ctx, here, byCard);
    if (!posted) return;
    const { account } = posted.visitor.citizen;
    const code = newWrittenCode();
    const until = Date.now() + codeLife;
    const made = await citizens.setTransferCode(account, canonicalWrittenCode(code) ?? '', until, [
      { type: 'transfer_code.made' },
    ]);
    if (made) show(ctx, TransferCodePage, { code, until });
    else seeOther(ctx, here);
  });

  router.get(`${here}/trennen`, async (ctx) => {
    const visitor = await entry.open(ctx, dangerous);
    if (!visitor) return;
    if (visitor.citizen.card) show(ctx, RemoveCardPage, { csrf: entry.csrf(visitor) });
    else seeOther(ctx, here);
  });

  router.post(`${here}/trennen`, async (ctx) => {
    const posted = await entry.posted(ctx, `${here}/trennen`, dangerous);
    if (!posted) return;
    const { visitor } = posted;
    const outcome = await citizens.unlinkCard(visitor.citizen.account, [{ type: 'card.removed' }]);
    if (outcome.kind === 'last') {
      show(ctx, CardPage, await view(visitor, 'last'), 422);
      return;
    }
    // This session goes on; like every means, what it proved begins at `basic` again.
    if (outcome.kind === 'removed')
      await visitors.keep(
        ctx,
        visitor,
        outcome.epoch,
        visitor.evidence.map((login) => ({ ...login, ceiling: 'basic' })),
      );
    seeOther(ctx, `${here}?getrennt=ja`);
  });
};
