import type { Context } from 'koa';
import type { Journal } from '../audit/journal.ts';
import { methodOf } from '../authentication/method.ts';
import { InteractionGone, type Door, type Pending } from '../oidc/door.ts';
import { joinPath, wishOf, type JoinTickets, type JoinWish } from './join-tickets.ts';
import type { FlowState } from './state.ts';

/** The login of a second account, for joining it with the one that is logged in and stays so. */
export interface Joining {
  /**
   * In whose session a second account is to be proved; undefined in every other flow.
   *
   * @throws InteractionGone without its wish, or in another session: such a flow never becomes a login.
   */
  wish(pending: Pending): Promise<JoinWish | undefined>;
  /** Both accounts are proved: leads back to Mein Konto with the proof. */
  prove(ctx: Context, pending: Pending, state: FlowState, wish: JoinWish): Promise<void>;
}

export const createJoining = (tickets: JoinTickets, door: Door, journal: Journal): Joining => ({
  async wish(pending) {
    const id = wishOf(pending);
    if (id === undefined) return undefined;
    const wish = await tickets.wished(id);
    const { principal, uid } = pending.session ?? {};
    const { id: accountId, epoch } = wish?.account ?? {};
    if (!wish || principal?.accountId !== accountId || principal?.epoch !== epoch || uid !== wish.sessionUid)
      throw new InteractionGone('expired');
    return wish;
  },

  async prove(ctx, pending, { proofs }, wish) {
    const id = wishOf(pending);
    if (!proofs || id === undefined) throw new TypeError('nothing was proved');
    const { accountId, epoch, evidence } = proofs;
    const proof = await tickets.prove(id, { ...wish, other: { id: accountId, epoch }, evidence });
    if (proof === undefined) throw new InteractionGone('expired');
    const byCard = evidence.some((item) => item.means === 'eid');
    const method = byCard ? 'eid' : methodOf[evidence.at(-1)?.means ?? 'password'];
    journal.record({ type: 'join.proved', accountId, clientId: pending.party.file.client_id, method });
    await door.dissolve(ctx, pending, `${joinPath}/${proof}`);
  },
});
