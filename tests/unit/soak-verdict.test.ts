import { expect, test } from '@jest/globals';
import { courseOf, mostMemory, notFlat, type Sample } from '../../bench/soak-verdict.ts';

const rounds = 40;
const run = (of: (share: number, i: number) => Sample): Sample[] =>
  Array.from({ length: rounds }, (_, i) => of(i / (rounds - 1), i));
/** What was measured of a sound node: it finds its size in the first seconds, and wavers then. */
const wavering = (i: number): number => [0, 4, -3, 6, -5, 2][i % 6] ?? 0;
const sound = (share: number, i: number): Sample => ({
  memory: Math.min(350, 200 + share * 900) + wavering(i),
  handles: 40 + wavering(i + 2),
  ...([10, 12, 14, 35, 37, 39].includes(i) ? { heap: 93 + wavering(i) } : {}),
});
const grown = (more: (share: number) => Partial<Record<keyof Sample, number>>): Sample[] =>
  run((share, i) => {
    const { memory, handles, heap } = sound(share, i);
    const added = more(share);
    return {
      memory: memory + (added.memory ?? 0),
      handles: handles + (added.handles ?? 0),
      ...(heap === undefined ? {} : { heap: heap + (added.heap ?? 0) }),
    };
  });

test.each([2, 60])('a node that finds its size and wavers then is flat, after %i minutes', (minutes) =>
  expect(notFlat(courseOf(run(sound)), minutes)).toEqual([]),
);

test.each([
  ['objects that nobody needs', { heap: 40 }, ['objects × ']],
  ['memory outside of the heap', { memory: 260 }, [' MB resident', 'resident memory × ']],
  ['connections', { handles: 60 }, [' handles more']],
] as const)('a leak is seen within two minutes: %s', (_, growth, words) => {
  const samples = grown((share) =>
    Object.fromEntries(Object.entries(growth).map(([key, most]) => [key, most * share])),
  );
  const said = notFlat(courseOf(samples), 2);
  expect(said).toEqual(words.map((text) => expect.stringContaining(text)));
});

test('RL-09: an hour shows what grows slowly', () => {
  const samples = grown((share) => ({ heap: 16 * share, memory: 90 * share }));
  expect(notFlat(courseOf(samples), 2)).toEqual([]);
  expect(notFlat(courseOf(samples), 60)).toEqual([
    expect.stringContaining('resident memory × '),
    expect.stringContaining('objects × '),
  ]);
});

test('standing still is not enough where it stands too high', () =>
  expect(notFlat(courseOf(grown(() => ({ memory: mostMemory - 300 }))), 2)).toEqual([
    expect.stringMatching(/^\d+ MB resident$/),
  ]));

test('what was not measured is not flat', () =>
  expect(notFlat(courseOf(run((share, i) => ({ memory: sound(share, i).memory, handles: 40 }))), 2)).toEqual([
    'objects × NaN',
  ]));
