import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createAccountSealers, type AccountSealers } from '../../src/id/records/account-sealing.ts';
import { createSealer, type Sealer } from '../../src/storage/sealing.ts';
import { freezeClock, resetClock, shiftClock } from '../support/clock.ts';

let opened: number;
let sealers: AccountSealers;
beforeEach(() => {
  freezeClock(Date.UTC(2026, 10, 23));
  opened = 0;
  const wrapping = createSealer([{ id: '1', key: Buffer.alloc(32, 1) }]);
  const counting: Sealer = {
    ...wrapping,
    open(box, context) {
      opened += 1;
      return wrapping.open(box, context);
    },
  };
  sealers = createAccountSealers(counting);
});
afterEach(resetClock);

const changed = (box: Uint8Array): Uint8Array => box.map((byte, index) => (index === box.length - 1 ? byte ^ 1 : byte));

test('a key is unwrapped once for the steps of a login, and again after ten seconds', () => {
  const { dataKey } = sealers.make('a');
  for (let i = 0; i < 5; i++) sealers.open('a', Uint8Array.from(dataKey));
  expect(opened).toBe(1);
  shiftClock(10_000);
  sealers.open('a', dataKey);
  expect(opened).toBe(2);
});

test('what was opened a moment ago opens neither another account nor what was changed', () => {
  const { sealer, dataKey } = sealers.make('a');
  const box = sealer.seal('attributes/self', { name: 'Erika' });
  const same = sealers.open('a', dataKey);
  expect(same.open('attributes/self', box)).toEqual({ name: 'Erika' });
  expect(() => same.open('attributes/self', changed(box))).toThrow();
  expect(() => same.open('attributes/card', box)).toThrow();
  expect(() => sealers.open('a', changed(dataKey))).toThrow();
  expect(() => sealers.open('b', dataKey)).toThrow();
  const other = sealers.make('b');
  expect(() => sealers.open('b', other.dataKey).open('attributes/self', box)).toThrow();
  expect(sealers.open('a', dataKey).open('attributes/self', box)).toEqual({ name: 'Erika' });
});

test('what is written anew is read anew', () => {
  const { sealer, dataKey } = sealers.make('a');
  const read = (box: Uint8Array): unknown => sealers.open('a', dataKey).open('attributes/self', box);
  expect(read(sealer.seal('attributes/self', { name: 'Erika' }))).toEqual({ name: 'Erika' });
  expect(read(sealer.seal('attributes/self', { name: 'Max' }))).toEqual({ name: 'Max' });
});

test('nobody changes what the next one reads', () => {
  const { sealer, dataKey } = sealers.make('a');
  const box = sealer.seal('attributes/self', { place: { locality: 'Augsburg' } });
  const value = sealers.open('a', dataKey).open<{ place: { locality: string } }>('attributes/self', box);
  expect(() => (value.place.locality = 'Bamberg')).toThrow(TypeError);
});

test('the keys of a thousand accounts are kept, and then the oldest go', () => {
  const keys = Array.from({ length: 1001 }, (_, i) => ({ id: `a${i}`, ...sealers.make(`a${i}`) }));
  for (const { id, dataKey } of keys) sealers.open(id, dataKey);
  for (const { id, dataKey } of keys.slice(1)) sealers.open(id, dataKey);
  expect(opened).toBe(1001);
  const [first] = keys;
  if (first) sealers.open(first.id, first.dataKey);
  expect(opened).toBe(1002);
});
