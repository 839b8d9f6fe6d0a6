import type { Context } from 'koa';
import { localeOf } from '../../web/page-context.ts';
import { coarseUserAgent } from '../../web/user-agent.ts';
import { credentialsOf, type Evidence } from '../../assurance/evidence.ts';
import { strongest, weakest, type Level } from '../../assurance/levels.ts';
import { reachedNow } from '../../assurance/policy.ts';
import type { AuditEvent } from '../audit/events.ts';
import type { Journal } from '../audit/journal.ts';
import type { Device, Devices } from '../authentication/device.ts';
import { methodOf } from '../authentication/method.ts';
import { proofingOf, type Citizen } from '../identity/citizen.ts';
import type { AccountVersion, Credential, CredentialRepository } from '../identity/credentials.ts';
import type { Guests } from '../guests.ts';
import { linkObstacle, type LinkObstacle } from '../identity/linking.ts';
import { CardTaken, type CitizenRepository, type ReadCard } from '../identity/repository.ts';
import { provesStrongest, strongestMeans } from '../identity/strongest-means.ts';
import { seeOther } from '../../web/see-other.ts';
import type { Door, Pending } from '../oidc/door.ts';
import { lift, type LevelRules } from '../oidc/policy.ts';
import { nextStep, type Step } from './flow.ts';
import { cardEvidence, confirmedByCard, loginsPresent, recentProof } from './proofs.ts';
import { joinProofLife, type JoinWish } from './join-tickets.ts';
import type { Joining } from './joining.ts';
import { withoutCard, withoutProofs, withoutUncounted, type FlowState } from './state.ts';
import type { FlowStore } from './store.ts';
import { createWhose } from './whose.ts';

export interface StepParts {
  readonly door: Door;
  readonly flows: FlowStore;
  readonly citizens: CitizenRepository;
  readonly credentials: CredentialRepository;
  readonly guests: Guests;
  readonly journal: Journal;
  readonly devices: Devices;
  readonly joining: Joining;
  readonly rules: LevelRules;
}

/** One request's view of a flow: what is in flight, what is known, what comes next. */
export interface Position {
  readonly pending: Pending;
  readonly state: FlowState;
  /** What has to be reached: the service's wish, or where a second account is proved the most that it can give. */
  readonly wanted: Level;
  /** In whose session a second account is being proved; undefined in every login. */
  readonly joining?: JoinWish;
  readonly step: Step;
  readonly device: Device;
  /** The account that is pinned or was proved. */
  readonly citizen?: Citizen;
  /** That account's means besides a card, where the page that comes next has to know them. */
  readonly credentials: readonly Credential[];
  /** The session's own account, which only proves more: nobody else may go on. */
  readonly pinned: boolean;
  /** Logins of that account that count: those of this flow, and the session's unless freshness was asked for. */
  readonly evidence: readonly Evidence[];
  /** What they give now, freshness included; undefined when there are none. */
  readonly reached?: Level;
  /** The account was proved a moment ago, by a login or by a transfer code: a card may be added. */
  readonly recentlyProved: boolean;
}

export interface Steps {
  locate(ctx: Context, uid: string): Promise<Position>;
  /** Writes the state down and does what needs no answer, until a page comes next or the flow is over. */
  advance(ctx: Context, position: Position, state: FlowState): Promise<void>;
  /**
   * Adds the card of the state to the account of the position, which the citizen has just agreed to.
   *
   * @param keep ids of the credentials, not used today, that the citizen says are hers
   */
  link(ctx: Context, position: Position, fresh: readonly Evidence[], keep: readonly string[]): Promise<void>;
}

export const createSteps = ({
  door,
  flows,
  citizens,
  credentials,
  guests,
  journal,
  devices,
  joining,
  rules,
}: StepParts): Steps => {
  const whose = createWhose({ door, citizens, rules });

  const look = async (pending: Pending, given: FlowState): Promise<Omit<Position, 'pending' | 'device'>> => {
    const now = Date.now();
    if (pending.prompt === 'consent') {
      const citizen = await whose.sessionCitizen(pending);
      return {
        state: given,
        wanted: pending.wanted,
        step: nextStep(given, { consent: true, wanted: pending.wanted, now }),
        evidence: [],
        credentials: [],
        pinned: true,
        recentlyProved: false,
        ...(citizen ? { citizen } : {}),
      };
    }
    if (pending.prompt === 'select_account' && given.otherAccount !== true) {
      const citizen = await whose.sessionCitizen(pending);
      if (citizen && citizen.guestOf === undefined)
        return {
          state: given,
          wanted: pending.wanted,
          step: nextStep(given, { consent: false, select: true, wanted: pending.wanted, now }),
          evidence: [],
          credentials: [],
          pinned: false,
          recentlyProved: false,
          citizen,
        };
    }
    const wish = await joining.wish(pending);
    const pinned = wish ? undefined : await whose.pinnedCitizen(pending, now);
    const proved = given.proofs && (await whose.provedCitizen(given.proofs, pinned));
    const state = given.proofs && !proved ? withoutProofs(given) : given;
    const known = pinned ?? proved;
    const transfer = known || wish ? undefined : await whose.transferCitizen(state, now);
    const citizen = known ?? transfer;
    const owner = state.card && (await citizens.findByCard(state.card.card));
    const fresh = pending.reasons.includes('max_age') || pending.reasons.includes('login_prompt');
    const session = pinned && !fresh ? await whose.sessionEvidence(pending) : [];
    const evidence = [...session, ...(state.proofs?.evidence ?? [])];
    const reached = citizen && reachedNow(evidence, { proofing: proofingOf(citizen), ...rules, now, seen: now })?.level;
    // For adding a card the session's own login is the proof of the account, also where an answer must be fresh.
    const proofs = pinned && fresh ? [...(await whose.sessionEvidence(pending)), ...evidence] : evidence;
    const meansOf = (): Promise<readonly Credential[]> =>
      citizen ? credentials.credentialsOf(citizen.account.id) : Promise.resolve([]);
    const own = wish || (state.card && !owner) ? await meansOf() : undefined;
    const wanted = wish && citizen && own ? strongestMeans(citizen, own, rules) : pending.wanted;
    const recentlyProved =
      transfer !== undefined ||
      (citizen !== undefined && own !== undefined && recentProof(proofs, citizen, own, rules, now));
    // What two cards say of their owners is compared after the proof, not before (eid.md 8).
    const compare = citizen && state.card && !owner && (recentlyProved || !citizen.card);
    const obstacle: LinkObstacle | undefined =
      compare && citizen.guestOf === undefined
        ? linkObstacle(citizen, state.card.card.attributes)
        : // A guest has one card, and no account that another could be added to.
          citizen?.guestOf !== undefined && state.card
          ? 'otherCardLinked'
          : undefined;
    const step = nextStep(state, {
      consent: false,
      wanted,
      now,
      ...(wish ? { joining: wish.account.id } : {}),
      ...(citizen && own
        ? { provedStrongest: provesStrongest(evidence, citizen, own, rules, now - joinProofLife) }
        : {}),
      ...(pinned ? { pinned: pinned.account.id } : {}),
      ...(transfer ? { transfer: transfer.account.id } : {}),
      ...(owner ? { owner: owner.account.id, ownerLocked: owner.account.state === 'locked' } : {}),
      ...(obstacle ? { obstacle } : {}),
      ...(pending.prompt === 'create' ? { create: true } : {}),
      ...(citizen?.account.state === 'leaving' ? { leaving: true } : {}),
      ...(reached ? { reached } : {}),
    });
    const stepUp = 'page' in step && step.page === 'stepUp';
    return {
      state,
      step,
      wanted,
      ...(wish ? { joining: wish } : {}),
      evidence: proofs,
      credentials: own ?? (stepUp ? await meansOf() : []),
      pinned: pinned !== undefined,
      recentlyProved,
      ...(citizen ? { citizen } : {}),
      ...(reached ? { reached } : {}),
    };
  };

  /**
   * A card that was just shown confirms what else was used in the session, as when it was linked (architecture.md 2); the
   * page that asked for it said so.
   */
  const confirmUsed = async (
    pending: Pending,
    { evidence, citizen, account }: { evidence: readonly Evidence[]; citizen: Citizen; account: AccountVersion },
  ): Promise<FlowState['confirmed']> => {
    const { ids, level } = confirmedByCard(evidence, citizen, rules, Date.now());
    if (ids.length === 0) return undefined;
    await credentials.confirmCredentials(account, ids, level, pending.party.file.client_id);
    return { credentialIds: ids, ceiling: level };
  };

  const finish = async (
    ctx: Context,
    pending: Pending,
    state: FlowState,
    { citizen, evidence }: { readonly citizen: Citizen; readonly evidence: readonly Evidence[] },
  ): Promise<void> => {
    const { proofs } = state;
    if (!proofs) throw new TypeError('nothing was proved');
    const now = Date.now();
    const reached = reachedNow(proofs.evidence, { proofing: proofingOf(citizen), ...rules, now, seen: now });
    const byCard = proofs.evidence.some((item) => item.means === 'eid');
    const method = byCard ? 'eid' : methodOf[proofs.evidence.at(-1)?.means ?? 'password'];
    const { account, guestOf } = citizen;
    const confirmed =
      state.confirmed ??
      (guestOf === undefined
        ? await confirmUsed(pending, { evidence, citizen, account: { id: account.id, epoch: proofs.epoch } })
        : undefined);
    // Made in this very flow, or in a browser that its owner has used before: nothing to be told of.
    const known = guestOf !== undefined || state.made === account.id || devices.read(ctx).knows(account.id);
    journal.record(
      {
        type: 'login.succeeded',
        accountId: proofs.accountId,
        clientId: pending.party.file.client_id,
        method,
        level: reached?.level ?? 'basic',
      },
      known ? {} : { newDevice: coarseUserAgent(ctx.get('user-agent')) },
    );
    if (guestOf === undefined) devices.remember(ctx, proofs.accountId, method);
    await door.login(ctx, pending, {
      principal: { accountId: proofs.accountId, epoch: proofs.epoch },
      evidence: lift(proofs.evidence, confirmed),
      ...(confirmed ? { confirmed } : {}),
    });
  };

  const refuse = async (
    pending: Pending,
    state: FlowState,
    cause: NonNullable<FlowState['refusal']>['cause'],
    event: AuditEvent,
    referenceId: string,
  ): Promise<FlowState> => {
    journal.record({ ...event, referenceId });
    const refused = { ...withoutCard(state), refusal: { cause, referenceId } };
    await flows.keep(pending, refused);
    return refused;
  };

  /** The other side of a card that is somebody else's (attacks.md MG-09): its owner learns that it was used, not where. */
  const tellOwner = async (card: FlowState['card']): Promise<void> => {
    const owner = card && (await citizens.findByCard(card.card));
    if (owner) journal.record({ type: 'card.shown_elsewhere', accountId: owner.account.id });
  };

  const changedNames = (before: Citizen, card: ReadCard): string[] => {
    const old = before.card?.attributes ?? {};
    return card.asked.filter(
      (name) => JSON.stringify(old[name]?.value) !== JSON.stringify(card.attributes[name]?.value),
    );
  };

  /** The state after a card that belongs to an account has been used. */
  const afterCard = (state: FlowState, citizen: Citizen, found: NonNullable<FlowState['card']>): FlowState => {
    const { link } = citizen.card ?? {};
    if (!link) throw new TypeError('the account has no card');
    const { id: accountId, epoch } = citizen.account;
    const before = state.proofs?.accountId === accountId && state.proofs.epoch === epoch ? state.proofs.evidence : [];
    return {
      ...withoutCard(state),
      proofs: { accountId, epoch, evidence: [...before, cardEvidence(found, link.id, link.ceiling)] },
    };
  };

  const useCard = async (pending: Pending, state: FlowState, accountId: string): Promise<FlowState> => {
    const found = state.card;
    const before = await citizens.find(accountId);
    if (!found) throw new TypeError('there is no card');
    // Locked since it was looked up: what comes next is decided once more.
    if (!before || before.account.state === 'locked') return state;
    const changed = changedNames(before, found.card);
    const event: AuditEvent = { type: 'card.updated', clientId: pending.party.file.client_id, attributes: changed };
    const citizen = await citizens.refreshFromCard(accountId, found.card, {
      always: changed.length > 0 ? [event] : [],
      moved: [{ type: 'card.moved', clientId: pending.party.file.client_id }],
    });
    return afterCard(state, citizen, found);
  };

  const createAccount = async (ctx: Context, pending: Pending, state: FlowState): Promise<FlowState> => {
    const found = state.card;
    if (!found) throw new TypeError('there is no card');
    const clientId = pending.party.file.client_id;
    try {
      const ceiling = weakest('high', found.card.assured);
      const citizen = await citizens.create({ card: found.card, ceiling, preferences: { locale: localeOf(ctx) } }, [
        { type: 'account.created', by: 'card', clientId },
        { type: 'card.linked', clientId },
      ]);
      const { registration } = state;
      const made = { ...state, made: citizen.account.id };
      return afterCard(
        registration ? { ...made, registration: { ...registration, created: true } } : made,
        citizen,
        found,
      );
    } catch (error) {
      // The same card was used twice at once: the other one made the account, and it is this person's.
      const owner = error instanceof CardTaken ? await citizens.findByCard(found.card) : undefined;
      if (!owner) throw error;
      return useCard(pending, state, owner.account.id);
    }
  };

  const beGuest = async (pending: Pending, state: FlowState): Promise<FlowState> => {
    const found = state.card;
    if (!found || !pending.party.file.guests) throw new TypeError('nobody can be a guest here');
    return afterCard(state, await guests.create(found.card, pending.party.file.client_id), found);
  };

  const refusals = {
    foreignCard: 'foreign_card',
    birthDate: 'birth_date',
    otherCardLinked: 'other_card_linked',
    cardUnusable: 'locked',
    unreachable: 'other_card_linked',
  } as const;
  const joinRefusals = { sameAccount: 'same_account', leavingAccount: 'leaving', unknownCard: 'unknown_card' } as const;

  const advance = async (ctx: Context, { pending }: Position, given: FlowState): Promise<void> => {
    const clientId = pending.party.file.client_id;
    const {
      state,
      step,
      citizen,
      evidence,
      joining: wish,
    } = await look(pending, withoutUncounted(given, rules.counts));
    if ('act' in step) {
      if (step.act === 'finish' && wish) return joining.prove(ctx, pending, state, wish);
      if (step.act === 'finish' && citizen) return finish(ctx, pending, state, { citizen, evidence });
      const next =
        step.act === 'useCard'
          ? await useCard(pending, state, step.accountId)
          : step.act === 'beGuest'
            ? await beGuest(pending, state)
            : await createAccount(ctx, pending, state);
      return advance(ctx, { pending } as Position, next);
    }
    if (step.page === 'refused' && !state.refusal) {
      const { cause } = step;
      const event: AuditEvent =
        cause in joinRefusals
          ? { type: 'join.refused', reason: joinRefusals[cause as keyof typeof joinRefusals] }
          : { type: 'card.refused', reason: refusals[cause as keyof typeof refusals] };
      const accountId = step.accountId ?? citizen?.account.id;
      const account = accountId === undefined ? {} : { accountId };
      await refuse(pending, state, cause, { ...event, clientId, ...account }, String(ctx.state['referenceId']));
      if (cause === 'foreignCard') await tellOwner(state.card);
    } else await flows.keep(pending, state);
    seeOther(ctx, `/anmelden/${pending.uid}`);
    return undefined;
  };

  return {
    async locate(ctx, uid) {
      const pending = await door.pending(ctx, uid);
      const state = withoutUncounted(await flows.read(pending), rules.counts);
      return { pending, device: devices.read(ctx), ...(await look(pending, state)) };
    },
    advance,
    async link(ctx, position, fresh, keep) {
      const { pending, state, citizen } = position;
      const found = state.card;
      if (!citizen || !found) throw new TypeError('there is nothing to link');
      const clientId = pending.party.file.client_id;
      const used = loginsPresent([...position.evidence, ...fresh], position.credentials);
      const ceiling = weakest('high', found.card.assured);
      const confirm = [...new Set(used.flatMap(credentialsOf))];
      const { transfer } = state;
      const byCode = transfer?.accountId === citizen.account.id && citizen.card !== undefined;
      const outcome = citizen.card
        ? await citizens.replaceCard(
            citizen.account,
            found.card,
            { ceiling, confirm, keep, ...(byCode ? { transferCode: transfer.code } : {}) },
            [{ type: 'card.replaced', by: byCode ? 'transfer_code' : 'login', clientId }],
          )
        : await citizens.linkCard(citizen.account, found.card, { ceiling, confirm, keep }, [
            { type: 'card.linked', clientId },
          ]);
      if (outcome.kind !== 'linked') {
        const owner = await citizens.findByCard(found.card);
        if (outcome.kind === 'stale' || owner?.account.id === citizen.account.id) {
          // Overtaken by another tab or by the account's own changes: what comes next is decided once more.
          const { transfer: _spent, ...rest } = state;
          await advance(ctx, position, rest);
          return;
        }
        const cause = outcome.kind === 'otherCardLinked' ? 'otherCardLinked' : 'foreignCard';
        const reason = outcome.kind === 'otherCardLinked' ? 'other_card_linked' : 'taken';
        await refuse(
          pending,
          state,
          cause,
          { type: 'card.refused', reason, clientId, accountId: citizen.account.id },
          String(ctx.state['referenceId']),
        );
        if (outcome.kind === 'taken') await tellOwner(found);
        seeOther(ctx, `/anmelden/${pending.uid}`);
        return;
      }
      // The card of before was somebody's proof; what it gave must not count as if the new one had given it.
      const own = [...(state.proofs?.evidence ?? []), ...fresh].filter(({ means }) => means !== 'eid');
      const made = own.map((item) =>
        used.includes(item) ? { ...item, ceiling: strongest(item.ceiling, ceiling) } : item,
      );
      const { id: accountId, epoch } = outcome.citizen.account;
      const proofs = { accountId, epoch, evidence: made };
      const linked = { ...state, proofs, confirmed: { credentialIds: confirm, ceiling } };
      await advance(ctx, position, afterCard(linked, outcome.citizen, found));
    },
  };
};
