import { randomBytes } from 'node:crypto';
import type { Evidence } from '../../assurance/evidence.ts';
import type { Artifacts, JsonObject } from '../../storage/artifacts.ts';
import type { AccountVersion } from '../identity/credentials.ts';
import type { Pending } from '../oidc/door.ts';
import { ownClientId } from '../oidc/own-client.ts';

/** In whose session a second account is to be proved: that account stays, and nobody else's session has a use for it. */
export interface JoinWish {
  readonly sessionUid: string;
  readonly account: AccountVersion;
}

/** Both accounts, proved in one session (attacks.md MG-06). */
export interface JoinProof extends JoinWish {
  readonly other: AccountVersion;
  /** The logins by which the other one was proved. */
  readonly evidence: readonly Evidence[];
}

/** How long a proof of the second account stands, in ms: as one for adding a card (architecture.md 5). */
export const joinProofLife = 10 * 60_000;

/** A wish lives as long as the login that it leads to, in ms. */
const wishLife = 60 * 60_000;

/** The way from Mein Konto to a login of another account and back, without anybody else being logged in meanwhile. */
export interface JoinTickets {
  /** @returns a random name that says nothing to any other session. */
  wish(wish: JoinWish): Promise<string>;
  wished(id: string): Promise<JoinWish | undefined>;
  /** Uses the wish up. @returns the name of the proof, for one caller only. */
  prove(id: string, proof: JoinProof): Promise<string | undefined>;
  proof(id: string): Promise<JoinProof | undefined>;
  /** Uses a proof up: true for one caller only. */
  use(id: string): Promise<boolean>;
}

const wishKind = 'JoinWish';
const proofKind = 'JoinProof';

export const createJoinTickets = (artifacts: Artifacts): JoinTickets => {
  const save = async (kind: string, payload: object, life: number): Promise<string> => {
    const id = randomBytes(32).toString('base64url');
    await artifacts.save(kind, id, payload as JsonObject, { ttl: life / 1000 });
    return id;
  };
  const find = async <Payload>(kind: string, id: string): Promise<Payload | undefined> => {
    const found = await artifacts.find(kind, id);
    return found && found.consumedAt === undefined ? (found.payload as unknown as Payload) : undefined;
  };
  return {
    wish: (wish) => save(wishKind, wish, wishLife),
    wished: (id) => find<JoinWish>(wishKind, id),
    prove: async (id, proof) =>
      (await artifacts.consume(wishKind, id)) ? save(proofKind, proof, joinProofLife) : undefined,
    proof: (id) => find<JoinProof>(proofKind, id),
    use: (id) => artifacts.consume(proofKind, id),
  };
};

/** Where somebody joins two accounts in Mein Konto. */
export const joinPath = '/konto/zusammenlegen';

/** Where the login of the second account says that it leads: no page, so that nothing else ever asks to come back to it. */
export const joinReturn = (id: string): string => `${joinPath}/nachweis/${id}`;

/** The name of the wish in the `state` of one of our own client's requests. */
export const wishIn = (state: unknown): string | undefined =>
  typeof state === 'string' && state.startsWith(joinReturn('')) ? state.slice(joinReturn('').length) : undefined;

/** The wish that a login is for; undefined for every other login. */
export const wishOf = ({ party, params }: Pick<Pending, 'party' | 'params'>): string | undefined =>
  party.file.client_id === ownClientId ? wishIn(params['state']) : undefined;
