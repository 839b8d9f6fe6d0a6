import { createHash, timingSafeEqual } from 'node:crypto';
import type { Level } from '../../assurance/levels.ts';
import type { Artifacts, JsonObject } from '../../storage/artifacts.ts';
import { newSecret, secretForm } from '../relying-party/pending-logins.ts';
import type { Wish } from './request.ts';

/** What went over the wire, in the order in which it went. */
export const steps = [
  'par',
  'parAnswer',
  'authorization',
  'answer',
  'altered',
  'jarm',
  'token',
  'tokenAnswer',
  'again',
  'againAnswer',
  'idToken',
  'userinfo',
  'userinfoAnswer',
] as const;
export type Step = (typeof steps)[number];

export interface Message {
  readonly step: Step;
  readonly text: string;
}

/** What the playground compares, as any service must. */
export const checks = [
  'jarm',
  'state',
  'iss',
  'alg',
  'signature',
  'id_token_iss',
  'aud',
  'exp',
  'nonce',
  'at_hash',
  'acr',
  'sub',
] as const;

export interface Check {
  readonly name: (typeof checks)[number];
  readonly passed: boolean;
  /** What was expected and what came. */
  readonly detail: string;
}

/** One login from its request to its end. */
export interface Run {
  readonly wish: Wish;
  readonly nonce: string;
  readonly verifier: string;
  /** Where the browser is sent; absent when not even the request came about. */
  readonly address?: string;
  readonly messages: readonly Message[];
  readonly checks: readonly Check[];
  /** `error`: the provider said no. `refused`: the playground did, since a check failed. */
  readonly outcome: 'open' | 'accepted' | 'refused' | 'error';
  readonly error?: string;
  readonly level?: Level;
}

export interface Runs {
  /** The run of a state, for the browser that began it only. */
  find(state: string, browser: string | undefined): Promise<Run | undefined>;
  save(state: string, browser: string, run: Run): Promise<void>;
  /** True for the first answer to a request and for no other. */
  answered(state: string): Promise<boolean>;
  /** Puts an answer that came by POST aside: the browser's cookie does not come with it. */
  keepAnswer(parameters: string): Promise<string>;
  takeAnswer(id: string): Promise<string | undefined>;
}

/** Seconds. The provider keeps a login open for an hour. */
const life = 65 * 60;

const digest = (value: string): string => createHash('sha256').update(value).digest('base64url');

export const createRuns = (artifacts: Artifacts): Runs => ({
  async find(state, browser) {
    if (browser === undefined || !secretForm.test(state)) return undefined;
    const found = (await artifacts.find('playground-run', state))?.payload as { owner: string; run: Run } | undefined;
    return found && timingSafeEqual(Buffer.from(found.owner), Buffer.from(digest(browser))) ? found.run : undefined;
  },
  async save(state, browser, run) {
    const payload = { owner: digest(browser), run } as unknown as JsonObject;
    await artifacts.save('playground-run', state, payload, { ttl: life });
  },
  answered: (state) => artifacts.saveNew('playground-answered', state, {}, { ttl: life }),
  async keepAnswer(parameters) {
    const id = newSecret();
    await artifacts.save('playground-answer', id, { parameters }, { ttl: 60 });
    return id;
  },
  async takeAnswer(id) {
    const found = await artifacts.find('playground-answer', id);
    await artifacts.remove('playground-answer', id);
    return found?.payload['parameters'] as string | undefined;
  },
});
