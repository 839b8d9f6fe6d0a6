import { describe, expect, test } from '@jest/globals';
import type { ReadCard } from '../../src/id/identity/repository.ts';
import { nextStep, type Facts, type Step } from '../../src/id/interaction/flow.ts';
import type { FlowState } from '../../src/id/interaction/state.ts';

const now = Date.UTC(2026, 10, 23, 12);
const card = { card: {} as ReadCard, at: now - 1000 };
const proofs = { accountId: 'erika', epoch: 1, evidence: [] };
const half = {
  accountId: 'erika',
  epoch: 1,
  evidence: { means: 'password', credentialId: 'p', at: now, amr: ['pwd'], ceiling: 'low' },
  at: now - 1000,
} as const;
const facts = (over: Partial<Facts> = {}): Facts => ({ wanted: 'basic', consent: false, now, ...over });

describe('what comes next', () => {
  test.each<[string, FlowState, Facts, Step]>([
    ['nobody yet: the ways to log in', {}, facts(), { page: 'login' }],
    ['half a login: the code', { half }, facts(), { page: 'code' }],
    ['half a login is none, whatever was reached', { half, proofs }, facts({ reached: 'high' }), { page: 'code' }],
    ['half a login at a step-up', { half }, facts({ pinned: 'erika', wanted: 'substantial' }), { page: 'code' }],
    ['half a login beside a card', { half, card, intent: 'existing' }, facts({ owner: 'max' }), { page: 'code' }],
    ['half a login that waited too long', { half: { ...half, at: now - 5 * 60_000 } }, facts(), { page: 'login' }],
    ['half a login does not answer a question for consent', { half }, facts({ consent: true }), { page: 'consent' }],
    ['a password that is enough', { proofs }, facts({ reached: 'basic' }), { act: 'finish' }],
    ['a password that is not enough', { proofs }, facts({ reached: 'low', wanted: 'high' }), { page: 'stepUp' }],
    ['a password that reaches nothing any more', { proofs }, facts(), { page: 'stepUp' }],
    ['a step-up', {}, facts({ pinned: 'erika', wanted: 'high' }), { page: 'stepUp' }],
    ['a known card', { card }, facts({ owner: 'erika' }), { act: 'useCard', accountId: 'erika' }],
    [
      'one’s own card at a step-up',
      { card },
      facts({ owner: 'erika', pinned: 'erika' }),
      { act: 'useCard', accountId: 'erika' },
    ],
    [
      'another person’s card at a step-up',
      { card },
      facts({ owner: 'max', pinned: 'erika' }),
      { page: 'refused', cause: 'foreignCard' },
    ],
    [
      'another person’s card after a password',
      { card, proofs },
      facts({ owner: 'max' }),
      { page: 'refused', cause: 'foreignCard' },
    ],
    [
      'the card of a locked account',
      { card },
      facts({ owner: 'max', ownerLocked: true }),
      { page: 'refused', cause: 'cardUnusable', accountId: 'max' },
    ],
    [
      'another person’s card is another person’s first, locked or not',
      { card, proofs },
      facts({ owner: 'max', ownerLocked: true }),
      { page: 'refused', cause: 'foreignCard' },
    ],
    ['an unknown card: one question', { card }, facts(), { page: 'assign' }],
    ['“I have an account”', { card, intent: 'existing' }, facts(), { page: 'login' }],
    ['“new account”', { card, intent: 'new' }, facts(), { act: 'createAccount' }],
    ['“I have an account”, and the password', { card, intent: 'existing', proofs }, facts(), { page: 'link' }],
    ['an unknown card at a step-up', { card }, facts({ pinned: 'erika' }), { page: 'link' }],
    [
      '“new account” does not help to leave a pinned one',
      { card, intent: 'new' },
      facts({ pinned: 'erika' }),
      { page: 'link' },
    ],
    [
      'a birth date that does not fit',
      { card, proofs },
      facts({ obstacle: 'birthDate' }),
      { page: 'refused', cause: 'birthDate' },
    ],
    [
      'an account with another card',
      { card },
      facts({ pinned: 'erika', obstacle: 'otherCardLinked' }),
      { page: 'refused', cause: 'otherCardLinked' },
    ],
    [
      'a card read too long ago counts as none',
      { card: { ...card, at: now - 10 * 60_000 } },
      facts({ owner: 'erika' }),
      { page: 'login' },
    ],
    [
      'what was refused stays refused',
      { refusal: { cause: 'foreignCard', referenceId: 'r' }, proofs },
      facts({ reached: 'high' }),
      { page: 'refused', cause: 'foreignCard' },
    ],
    [
      'a failed card is no obstacle to a password',
      { failure: { cause: 'ended', referenceId: 'r' } },
      facts(),
      { page: 'login' },
    ],
    [
      'a question for consent is nothing else',
      { proofs, card },
      facts({ consent: true, owner: 'max' }),
      { page: 'consent' },
    ],
  ])('%s', (_, state, known, step) => expect(nextStep(state, known)).toEqual(step));
});
