import type { z } from 'zod';
import { errorFields, type Log } from '../../../web/log.ts';
import type { Fetch } from '../../relying-party/provider.ts';
import type { Source, Sources } from './sources.ts';

/** What one module said. */
export type Told<Data> =
  | { readonly state: 'told'; readonly data: Data }
  /** It did not answer, or not in time, or with nonsense. */
  | { readonly state: 'away' }
  /** Only a new login would bring a token for it. */
  | { readonly state: 'loginAgain' };

type OverviewOf<All extends Readonly<Record<string, Source>>> = {
  readonly [Name in keyof All]: Told<z.output<All[Name]['schema']>>;
};

/** What each module said about whoever is logged in. */
export type Overview = OverviewOf<Sources>;

/** Whether a stronger login would show more. */
export const keepsBack = ({ applications }: Overview): boolean =>
  applications.state === 'told' && applications.data.locked > 0;

export interface OverviewDeps {
  readonly fetch: Fetch;
  readonly log: Log;
  /** ms that a page waits for a module. */
  readonly patience: number;
}

/** ms: a page of a portal must come, whatever one module does. */
export const patience = 2000;

/** Bytes of an answer; more is nonsense. */
const largest = 256 * 1024;

/** What does not end is not read to its end. */
const atMost = async (bytes: number, { body }: Response): Promise<Buffer> => {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    size += chunk.length;
    if (size > bytes) throw new Error('too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
};

const read = async (source: Source, token: string, fetching: Fetch, signal: AbortSignal): Promise<unknown> => {
  const response = await fetching(source.address, {
    method: 'GET',
    headers: { authorization: `Bearer ${token}`, accept: 'application/json' },
    redirect: 'error',
    signal,
  });
  if (!response.ok) throw new Error(`status ${response.status}`);
  return JSON.parse((await atMost(largest, response)).toString('utf8'));
};

/** Ends after `ms`, whatever happens to what was asked. */
const within = async <Value>(ms: number, ask: (signal: AbortSignal) => Promise<Value>): Promise<Value> => {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error('no answer in time'));
      controller.abort();
    }, ms);
  });
  try {
    return await Promise.race([ask(controller.signal), late]);
  } finally {
    clearTimeout(timer);
  }
};

/**
 * Asks all modules at once. Each counts for itself: one that is down costs what it would have told, and no more than
 * `patience`.
 *
 * @param tokenFor a token for an audience in the citizen's name; asked once for each.
 */
export const readOverview = async <All extends Readonly<Record<string, Source>>>(
  sources: All,
  tokenFor: (audience: string) => Promise<string | undefined>,
  { fetch: fetching, log, patience: most }: OverviewDeps,
): Promise<OverviewOf<All>> => {
  const tokens = new Map<string, Promise<string | undefined>>();
  const tokenOnce = (audience: string): Promise<string | undefined> => {
    const known = tokens.get(audience) ?? tokenFor(audience);
    tokens.set(audience, known);
    return known;
  };
  const ask = async (name: string, source: Source): Promise<Told<unknown>> => {
    try {
      return await within(most, async (signal) => {
        const token = await tokenOnce(source.audience);
        if (token === undefined) return { state: 'loginAgain' };
        return { state: 'told', data: source.schema.parse(await read(source, token, fetching, signal)) };
      });
    } catch (error) {
      log.warn('module_away', { kind: name, ...errorFields(error) });
      return { state: 'away' };
    }
  };
  const told = await Promise.all(
    Object.entries(sources).map(async ([name, source]) => [name, await ask(name, source)] as const),
  );
  return Object.fromEntries(told) as OverviewOf<All>;
};
