import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { ClientMetadata, Provider } from 'oidc-provider';
import { createSlices } from '../../config/slices.ts';
import { ClientRefused, type RelyingParty } from '../clients/client.ts';
import type { ClientSet } from '../clients/load.ts';
import { clientMetadata } from './client-adapter.ts';
import type { KeySet } from './keys.ts';
import { ownClientId } from './own-client.ts';
import { publicDocuments, type Documents } from './public-documents.ts';

/** What a provider is built from, and is built anew from when it changes. */
export interface Setup {
  /** As the files have it. */
  readonly files: ClientSet;
  readonly keys: KeySet;
  /** Clients that an operator has switched off. */
  readonly off: ReadonlySet<string>;
}

/** A provider, what it was built from, and what it has answered at its public addresses. */
export interface Running {
  readonly set: ClientSet;
  readonly keys: KeySet;
  readonly provider: Provider;
  readonly documents: Documents;
  readonly handle: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
}

export interface ChangeOverParts {
  readonly build: (set: ClientSet, keys: KeySet, documents: Documents) => Provider;
  /** Mein Konto. */
  readonly own: RelyingParty;
  readonly ownHeaders: Readonly<Record<string, string>>;
  /** Called for each client that is none any more, once the provider without it is in force. */
  readonly ended: (clientId: string) => Promise<void>;
}

export interface ChangeOver {
  readonly running: () => Running;
  readonly setup: () => Setup;
  /** @throws ClientRefused naming the client that is not valid; what was in force goes on. */
  readonly change: (wanted: Partial<Setup>) => Promise<void>;
}

/** A client that is switched off is as good as unknown. */
const inForce = ({ files, off }: Setup, own: RelyingParty): ClientSet => ({
  ...files,
  clients: new Map([[ownClientId, own], ...[...files.clients].filter(([clientId]) => !off.has(clientId))]),
});

/**
 * The provider in force. The library can change neither clients nor keys of one that is built, so each change builds a
 * second one and goes over to it once every client of it is valid; requests under way end on the old one.
 */
export const createChangeOver = async (parts: ChangeOverParts, first: Setup): Promise<ChangeOver> => {
  /** Every provider has the same switches, so what one found valid the next one would as well. */
  const valid = new WeakSet<RelyingParty>();

  /** The library validates a client at its first use; a set with an invalid one must not come into force at all. */
  const validated = async (setup: Setup): Promise<Running> => {
    const documents: Documents = new Map();
    const set = inForce(setup, parts.own);
    const provider = parts.build(set, setup.keys, documents);
    const pause = createSlices();
    for (const [clientId, party] of set.clients) {
      await pause();
      if (valid.has(party)) continue;
      try {
        await provider.Client.validate(clientMetadata(party) as ClientMetadata);
      } catch (error) {
        const { error_description: reason } = error as { error_description?: string };
        throw new ClientRefused(clientId, reason ?? String(error));
      }
      valid.add(party);
    }
    const handle = provider.callback();
    // The library makes them; a request that nobody sent has it make them once, and what comes out is kept.
    for (const path of publicDocuments) {
      const request = new IncomingMessage(new Socket());
      Object.assign(request, { method: 'GET', url: path, headers: { ...parts.ownHeaders } });
      await handle(request, new ServerResponse(request));
    }
    return { set, keys: setup.keys, provider, documents, handle };
  };

  let setup = first;
  let running = await validated(setup);
  let changing = Promise.resolve();
  return {
    running: () => running,
    setup: () => setup,
    // One change after the other, each from what the last one has left.
    change(wanted) {
      const done = changing.then(async () => {
        const next = { ...setup, ...wanted };
        const built = await validated(next);
        const gone = [...running.set.clients.keys()].filter((clientId) => !built.set.clients.has(clientId));
        setup = next;
        running = built;
        for (const clientId of gone) await parts.ended(clientId);
      });
      changing = done.catch(() => {});
      return done;
    },
  };
};
