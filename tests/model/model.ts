import * as fc from 'fast-check';
import { accountActs, type AccountAct, type Act, type Way, type Wish } from './acts.ts';
import { plastic } from './people.ts';
import type { Event } from './story.ts';

const minute = 60_000;
const day = 86_400_000;

const whose = fc.integer({ min: 0, max: 3 });
const cardNames = [...plastic.keys()];

/** Mostly with its own pseudonym; sometimes while the provider's sector key changes. */
const card = fc
  .tuple(
    fc.constantFrom(...cardNames),
    fc.oneof({ weight: 6, arbitrary: fc.constant(0) }, fc.integer({ min: 1, max: 2 })),
  )
  .map(([name, phase]) => `${name}/${phase}`);

const byPassword = fc.record({
  by: fc.constant('password' as const),
  whose: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, whose),
  right: fc.oneof({ weight: 9, arbitrary: fc.constant(true) }, fc.constant(false)),
});
const byPasskey = fc.record({ by: fc.constant('passkey' as const), which: fc.integer({ min: 0, max: 2 }) });
const byCard = fc.record({ by: fc.constant('card' as const), card });
const way: fc.Arbitrary<Way> = fc.oneof(
  { weight: 4, arbitrary: byPassword },
  { weight: 2, arbitrary: byPasskey },
  { weight: 4, arbitrary: byCard },
);
const ways = fc.array(way, { minLength: 1, maxLength: 3 });

const often = fc.oneof({ weight: 5, arbitrary: fc.constant(true) }, fc.constant(false));
const patience = fc.oneof({ weight: 5, arbitrary: fc.constant(12) }, fc.integer({ min: 1, max: 6 }));

const wish: fc.Arbitrary<Wish> = fc.record({
  level: fc.constantFrom('basic', 'basic', 'low', 'substantial', 'high', 'high'),
  fresh: fc.oneof({ weight: 4, arbitrary: fc.constant(false) }, fc.constant(true)),
  ways,
  account: fc.constantFrom('existing', 'new'),
  link: often,
  keep: fc.boolean(),
  patience,
});

const registration: fc.Arbitrary<Wish> = fc.record({
  level: fc.constant('basic'),
  fresh: fc.constant(false),
  ways: fc.oneof(
    fc.constant([]),
    byCard.map((one) => [one]),
  ),
  account: fc.constant('new'),
  link: often,
  keep: fc.constant(true),
  register: fc.record({ mailbox: whose, password: often }),
  patience,
});

const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 12, arbitrary: fc.record({ kind: fc.constant('log in'), wish }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('log in'), wish: registration }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('go on'), wish }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('log out') }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('ask silently'),
      level: fc.constantFrom('basic', 'low', 'substantial', 'high'),
    }),
  },
  {
    weight: 10,
    arbitrary: fc.record({
      kind: fc.constantFrom('unlink', ...accountActs),
      which: fc.integer({ min: 0, max: 2 }),
      ways,
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('reset'), mailbox: whose, ways }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constantFrom('lock', 'unlock', 'unlock', 'log out everywhere'),
      whose: fc.constant(0),
    }),
  },
);

const browser = fc.integer({ min: 0, max: 1 });

const wait = fc.constantFrom(
  { ms: 4 * minute, jobs: false },
  { ms: 6 * minute, jobs: false },
  { ms: 31 * minute, jobs: false },
  { ms: 3 * 60 * minute, jobs: false },
  { ms: day / 2, jobs: false },
  { ms: 15 * day, jobs: true },
);

const event: fc.Arbitrary<Event> = fc.oneof(
  { weight: 12, arbitrary: fc.record({ kind: fc.constant('act' as const), browser, act }) },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('race' as const),
      acts: fc.tuple(act, act),
      order: fc.array(browser, { minLength: 3, maxLength: 24 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('crash' as const),
      browser,
      act,
      after: fc.integer({ min: 1, max: 120 }),
    }),
  },
  { weight: 3, arbitrary: wait.map((given) => ({ kind: 'wait' as const, ...given })) },
  { weight: 1, arbitrary: fc.constant({ kind: 'restart' as const }) },
);

const begin: Omit<Wish, 'ways'> = {
  level: 'basic',
  fresh: false,
  account: 'new',
  link: true,
  keep: true,
  patience: 14,
};
const logIn = (browserIndex: number, given: Partial<Wish> & Pick<Wish, 'ways'>): Event => ({
  kind: 'act',
  browser: browserIndex,
  act: { kind: 'log in', wish: { ...begin, ...given } },
});
const byMail = logIn(0, { ways: [], register: { mailbox: 0, password: true } });
const anna = (card: 1 | 2): Way => ({ by: 'card', card: `anna-${card}/0` });
const withCard = logIn(0, { level: 'high', ways: [{ by: 'card', card: 'anna-1/0' }] });
const strangers = logIn(1, { ways: [{ by: 'password', whose: 0, right: true }] });
const passkey: Event = { kind: 'act', browser: 0, act: { kind: 'add passkey', which: 0, ways: [] } };
const theirs: Event = { kind: 'act', browser: 1, act: { kind: 'add passkey', which: 0, ways: [] } };

const given = (kind: AccountAct, browserIndex = 0): Event => ({
  kind: 'act',
  browser: browserIndex,
  act: { kind, which: 0, ways: [{ by: 'card', card: 'anna-1/0' }] },
});
/** The old card's level has run out, its login still is a proof. */
const sixMinutes: Event = { kind: 'wait', ms: 6 * minute, jobs: false };
const otherCard = logIn(0, { level: 'high', ways: [{ by: 'card', card: 'anna-2/0' }] });
const goOn: Event = {
  kind: 'act',
  browser: 0,
  act: { kind: 'go on', wish: { ...begin, ways: [{ by: 'password', whose: 0, right: true }] } },
};
const known: Way = { by: 'password', whose: 0, right: true };
const leaves: Event = { kind: 'act', browser: 0, act: { kind: 'log out' } };
const outside: Event = { kind: 'act', browser: 1, act: { kind: 'log out everywhere', whose: 0 } };
const linking = (card: string): Act => ({
  kind: 'log in',
  wish: { ...begin, level: 'high', ways: [{ by: 'card', card }] },
});
const twoAtOnce: Event = { kind: 'race', acts: [linking('anna-1/1'), linking('anna-1/0')], order: [0, 1] };
const takenUp = (browserIndex: number, card: string): Event => ({
  kind: 'act',
  browser: browserIndex,
  act: { kind: 'go on', wish: { ...begin, ways: [{ by: 'card', card }] } },
});
const lock: Event = { kind: 'act', browser: 1, act: { kind: 'lock', whose: 0 } };
const fortnight: Event = { kind: 'wait', ms: 15 * day, jobs: true };

/** Where stories begin: most of what is interesting needs an account that already has something. */
const openings: readonly (readonly Event[])[] = [
  [],
  [byMail],
  [byMail, withCard],
  [byMail, strangers, theirs],
  [byMail, passkey, withCard, strangers],
  [logIn(0, { ways: [{ by: 'card', card: 'anna-1/0' }] })],
  [logIn(0, { ways: [{ by: 'card', card: 'anna-1/0' }], register: { mailbox: 0, password: true } })],
  [byMail, withCard, given('unlink'), logIn(1, { ways: [{ by: 'password', whose: 0, right: true }] })],
  [byMail, withCard, strangers, sixMinutes, otherCard],
  [byMail, strangers, lock],
  [byMail, given('add app'), withCard],
  [byMail, withCard, given('delete')],
  [byMail, withCard, given('delete'), fortnight],
  [byMail, withCard, strangers, logIn(1, { ways: [{ by: 'card', card: 'bert-1/0' }] })],
  // A card waits, while nobody is there, for the login that it is to be added by.
  [byMail, given('add app'), withCard, sixMinutes, goOn],
  // The card goes, and then somebody would take away the passkey that is left.
  [logIn(0, { ways: [anna(1)] }), passkey, given('unlink'), given('remove passkey')],
  // One card, while the sector key changes, for two accounts at once: one finds it by the pseudonym that the other calls its next.
  [byMail, logIn(1, { ways: [], register: { mailbox: 1, password: true } }), twoAtOnce],
  // A login lies open while its proof is voided from elsewhere, and is taken up with a card.
  [byMail, logIn(1, { level: 'high', ways: [known], patience: 2 }), outside, takenUp(1, 'bert-1/0')],
  [
    byMail,
    given('add app'),
    leaves,
    logIn(0, { level: 'high', ways: [known], patience: 3 }),
    outside,
    takenUp(0, 'anna-1/0'),
  ],
  // In one login a card that has expired, and then another that takes its place.
  [fortnight, fortnight, logIn(0, { level: 'high', ways: [anna(1), anna(2)] })],
];

/** A browser is logged out by the other one while it changes the password: at each point of that, one time or another. */
const endedMeanwhile = fc.integer({ min: 1, max: 40 }).map((turns): readonly Event[] => [
  byMail,
  strangers,
  {
    kind: 'race',
    acts: [
      { kind: 'end others', which: 0, ways: [] },
      { kind: 'change password', which: 0, ways: [] },
    ],
    order: [...Array.from({ length: turns }, () => 1), ...Array.from({ length: 80 }, () => 0)],
  },
]);

/** A whole story. `alone`: both browsers are one person's. */
export const stories = fc.record({
  alone: fc.boolean(),
  opening: fc.oneof(
    { weight: openings.length, arbitrary: fc.constantFrom(...openings) },
    { weight: 2, arbitrary: endedMeanwhile },
  ),
  /** Whether everybody tries to get in at the end. */
  look: fc.oneof({ weight: 3, arbitrary: fc.constant(false) }, fc.constant(true)),
  events: fc.array(event, { minLength: 2, maxLength: 8, size: 'max' }),
});
