import type { JWK } from 'jose';
import type { Outbound } from '../../web/outbound.ts';
import { keyFault } from '../clients/key-strength.ts';

/** Answers a GET of a client's `jwks_uri`. */
export type KeyDocuments = (address: string) => Promise<Response>;

interface Fetched {
  /** Of the last good answer. */
  readonly body: string;
  readonly at: number;
}

/** ms for which an answer counts without asking again; the library keeps its copy for as long once more. */
const fresh = 60_000;
/** ms after a failure before the service is asked again. */
const rest = 10_000;
/** ms for which the last good answer stands in for a service that does not answer. A key that was withdrawn lives no longer. */
const longest = 3600_000;

/** Keys that are weak, private or symmetric are left out: from an address they can come at any time. */
const soundKeys = (text: string): string => {
  const { keys } = JSON.parse(text) as { keys: JWK[] };
  return JSON.stringify({ keys: keys.filter((key) => keyFault(key) === undefined) });
};

/**
 * Keeps what was fetched from clients' `jwks_uri`, beyond the life of a provider: otherwise every change of any client
 * would make all services' keys be fetched again, and one that is down at that moment could no longer log anybody in.
 */
export const createKeyDocuments = (outbound: Outbound): KeyDocuments => {
  const good = new Map<string, Fetched>();
  const failed = new Map<string, number>();
  const running = new Map<string, Promise<string | undefined>>();

  const ask = async (address: string): Promise<string | undefined> => {
    try {
      const response = await outbound(address, { headers: { accept: 'application/json' } });
      if (response.status !== 200) throw new Error('the service has no keys there');
      const body = soundKeys(await response.text());
      good.set(address, { body, at: Date.now() });
      failed.delete(address);
      return body;
    } catch {
      failed.set(address, Date.now());
      return undefined;
    }
  };

  return async (address) => {
    const known = good.get(address);
    const now = Date.now();
    const resting = now - (failed.get(address) ?? -Infinity) < rest;
    let body = known && now - known.at < fresh ? known.body : undefined;
    if (body === undefined && !resting) {
      // Whoever comes while a question is under way waits for its answer.
      const asking = running.get(address) ?? ask(address).finally(() => running.delete(address));
      running.set(address, asking);
      body = await asking;
    }
    if (body === undefined && known && now - known.at < longest) ({ body } = known);
    return body === undefined
      ? new Response(null, { status: 504 })
      : new Response(body, { headers: { 'content-type': 'application/json' } });
  };
};
