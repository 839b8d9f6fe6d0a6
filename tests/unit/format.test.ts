import { expect, test } from '@jest/globals';
import { formatCountry, formatNationality } from '../../src/web/i18n/format.ts';

test.each([
  ['D', 'Deutschland', 'Germany'],
  ['DE', 'Deutschland', 'Germany'],
  ['TUN', 'Tunesien', 'Tunisia'],
  ['FRA', 'Frankreich', 'France'],
  ['RKS', 'Kosovo', 'Kosovo'],
  ['ZZZ', 'ZZZ', 'ZZZ'],
  ['Erde', 'Erde', 'Erde'],
])('the country %s', (code, german, english) => {
  expect([formatCountry('de', code), formatCountry('en', code)]).toEqual([german, english]);
});

test.each([
  ['DE', 'deutsch', 'German'],
  ['TUN', 'Tunesien', 'Tunisia'],
  ['XXA', 'staatenlos', 'stateless'],
  ['XXB', 'anerkannter Flüchtling', 'recognised refugee'],
])('the nationality %s', (code, german, english) => {
  expect([formatNationality('de', code), formatNationality('en', code)]).toEqual([german, english]);
});
