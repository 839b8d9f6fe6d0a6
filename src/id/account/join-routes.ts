import type { Router } from '@koa/router';
import type { Context } from 'koa';
import { strongest } from '../../assurance/levels.ts';
import { localeOf } from '../../web/page-context.ts';
import { seeOther } from '../../web/see-other.ts';
import { webState } from '../../web/state.ts';
import { canBeOnePerson, type JoinOutcome } from '../identity/joining.ts';
import { joinPath, joinProofLife, joinReturn, type JoinProof } from '../interaction/join-tickets.ts';
import type { Visitor } from '../oidc/visitor.ts';
import { accountView, closedAccount, reviewOf, shownCard, type ClosedAccount } from './join-view.ts';
import { show } from './pages/joining/frame.tsx';
import { JoinedPage, JoinGonePage, JoinPage, JoinRefusedPage } from './pages/joining/JoinPage.tsx';
import { ReviewPage } from './pages/joining/ReviewPage.tsx';
import type { AccountRouteParts } from './parts.ts';

const donePath = `${joinPath}/fertig`;
const proofName = /^[\w-]{43}$/;

/** Both accounts as this browser has proved them. */
interface Standing {
  readonly id: string;
  readonly visitor: Visitor;
  readonly proof: JoinProof;
  readonly closed: ClosedAccount;
}

/**
 * /konto/zusammenlegen: a second account of the same person ends in the one that is logged in. Its services come first on
 * the page that asks, since what it loses there nobody can give back.
 */
export const addJoinRoutes = (router: Router, parts: AccountRouteParts): void => {
  const { entry, dangerous, joins, joinTickets, credentials, sessions, journal, rules, wake } = parts;

  router.get(joinPath, async (ctx) => {
    const visitor = await entry.open(ctx, dangerous);
    if (visitor) show(ctx, JoinPage, { csrf: entry.csrf(visitor), kept: accountView(visitor) });
  });

  router.post(joinPath, async (ctx) => {
    const posted = await entry.posted(ctx, joinPath, dangerous);
    if (!posted) return;
    const { sessionUid, citizen } = posted.visitor;
    const { id, epoch } = citizen.account;
    const wish = await joinTickets.wish({ sessionUid, account: { id, epoch } });
    // `prompt=login`: what this session has proved answers nothing here.
    entry.logIn(ctx, joinReturn(wish), 'login');
  });

  router.get(donePath, async (ctx) => {
    const visitor = await entry.open(ctx);
    if (visitor) show(ctx, JoinedPage, { cardMoved: ctx.query['ausweis'] === 'ja' });
  });

  /** A proof counts in the session that asked for it, for the account that it was asked for, while both are as they were. */
  const stand = async (id: string, visitor: Visitor): Promise<Standing | undefined> => {
    const proof = proofName.test(id) ? await joinTickets.proof(id) : undefined;
    const { account } = visitor.citizen;
    if (proof?.sessionUid !== visitor.sessionUid) return undefined;
    if (proof.account.id !== account.id || proof.account.epoch !== account.epoch) return undefined;
    const closed = await closedAccount(parts, proof);
    return closed && { id, visitor, proof, closed };
  };

  const pathOf = (ctx: Context): string => `${joinPath}/${idOf(ctx)}`;
  const idOf = (ctx: Context): string => (ctx as Context & { params: Record<string, string> }).params['id'] ?? '';
  const gone = (ctx: Context): void => show(ctx, JoinGonePage, {}, 410);

  const refuse = (ctx: Context, { visitor }: Standing): void => {
    const { referenceId } = webState(ctx);
    const accountId = visitor.citizen.account.id;
    journal.record({ type: 'join.refused', reason: 'other_person', accountId, referenceId });
    show(ctx, JoinRefusedPage, { referenceId }, 403);
  };

  const review = async (ctx: Context, { id, visitor, closed }: Standing, error: boolean): Promise<void> => {
    const validUntil = Math.max(...closed.evidence.map(({ at }) => at)) + joinProofLife;
    const what = await reviewOf(parts, visitor, closed, localeOf(ctx));
    const view = { ...what, csrf: entry.csrf(visitor), action: `${joinPath}/${id}`, validUntil, error };
    show(ctx, ReviewPage, view, error ? 422 : undefined);
  };

  router.get(`${joinPath}/:id`, async (ctx) => {
    const visitor = await entry.open(ctx, dangerous);
    if (!visitor) return undefined;
    const standing = await stand(idOf(ctx), visitor);
    if (!standing) return gone(ctx);
    if (!canBeOnePerson(visitor.citizen, standing.closed.citizen)) return refuse(ctx, standing);
    return review(ctx, standing, false);
  });

  const join = async (ctx: Context, standing: Standing): Promise<JoinOutcome> => {
    const { visitor, proof, closed } = standing;
    const own = await credentials.credentialsOf(proof.account.id);
    const shown = shownCard(closed, visitor, own, rules);
    const { referenceId } = webState(ctx);
    let outcome: JoinOutcome = { kind: 'stale' };
    await sessions.voiding(proof.other.id, async () => {
      outcome = await joins.join(
        {
          kept: proof.account,
          closed: proof.other,
          ...(shown ? { card: shown.card } : {}),
        },
        {
          kept: [{ type: 'accounts.joined', part: 'kept', referenceId }],
          closed: [{ type: 'accounts.joined', part: 'closed', referenceId }],
        },
      );
      return outcome.kind === 'joined';
    });
    wake();
    return outcome;
  };

  /** What this session proved by credentials that the card has just confirmed counts for more from now on. */
  const lift = async ({ visitor, closed }: Standing): Promise<void> => {
    const own = await credentials.credentialsOf(visitor.citizen.account.id);
    const { card } = shownCard(closed, visitor, own, rules) ?? {};
    if (!card) return;
    const lifted = visitor.evidence.map((item) =>
      card.confirm.includes(item.credentialId) ? { ...item, ceiling: strongest(item.ceiling, card.ceiling) } : item,
    );
    await parts.loginData.visitors.update(visitor, lifted);
  };

  router.post(`${joinPath}/:id`, async (ctx) => {
    const posted = await entry.posted(ctx, pathOf(ctx), dangerous);
    if (!posted) return undefined;
    const standing = await stand(idOf(ctx), posted.visitor);
    if (!standing) return gone(ctx);
    if (!canBeOnePerson(posted.visitor.citizen, standing.closed.citizen)) return refuse(ctx, standing);
    if (posted.form.get('agree') !== '1') return review(ctx, standing, true);
    if (!(await joinTickets.use(standing.id))) return gone(ctx);
    const outcome = await join(ctx, standing);
    if (outcome.kind === 'otherPerson') return refuse(ctx, standing);
    if (outcome.kind === 'stale') return gone(ctx);
    if (outcome.cardMoved) await lift(standing);
    return seeOther(ctx, outcome.cardMoved ? `${donePath}?ausweis=ja` : donePath);
  });
};
