import type { Ageing } from '../../assurance/policy.ts';
import type { Artifacts, JsonObject } from '../../storage/artifacts.ts';
import type { Door, Pending } from '../oidc/door.ts';
import { agedState, cardLife, type FlowState } from './state.ts';

/** Where a flow's state lives between two requests. */
export interface FlowStore {
  read(pending: Pending): Promise<FlowState>;
  keep(pending: Pending, state: FlowState): Promise<void>;
}

type ReadCard = NonNullable<FlowState['card']>;

/**
 * The state is part of the interaction, which lives for an hour. What was read from a card may stay for ten minutes only
 * (eid.md 7), so it is an artifact of its own, and the state merely says that there is one.
 */
export const createFlowStore = (door: Door, artifacts: Artifacts, ageing: Ageing): FlowStore => ({
  async read(pending) {
    const { hasCard, ...state } = pending.state as FlowState & { readonly hasCard?: boolean };
    const found = hasCard === true ? await artifacts.find('ReadCard', pending.uid) : undefined;
    const card = found?.payload as unknown as ReadCard | undefined;
    return agedState({ ...state, ...(card ? { card } : {}) }, Date.now(), ageing);
  },
  async keep(pending, { card, ...state }) {
    const had = (pending.state as { readonly hasCard?: boolean }).hasCard === true;
    if (card) {
      const left = Math.ceil((card.at + cardLife - Date.now()) / 1000);
      if (left > 0) await artifacts.save('ReadCard', pending.uid, card as unknown as JsonObject, { ttl: left });
    } else if (had) await artifacts.remove('ReadCard', pending.uid);
    const written = { ...state, seen: Date.now(), ...(card ? { hasCard: true } : {}) };
    await door.keep(pending, written as unknown as JsonObject);
  },
});
