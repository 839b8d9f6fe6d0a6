import { describe, expect, test } from '@jest/globals';
import { namespaces } from '../../src/id/authentication/eid/tr03130/names.ts';
import { writeUseId, type UseIdSettings } from '../../src/id/authentication/eid/tr03130/requests.ts';
import { childNamed, children, parseRoot, textOf, type Element } from '../../src/id/authentication/eid/tr03130/xml.ts';
import { readRequest, SchemaViolation, type UseIdRequest } from '../../src/simulators/eid-server/read-request.ts';
import { isDenied } from '../../src/simulators/eid-server/reading.ts';
import { loadTestPersons } from '../../src/simulators/test-persons.ts';

const psk = { id: 'i'.repeat(32), key: 'ab'.repeat(32) };
const useId = (settings: UseIdSettings): string => writeUseId({ operations: {}, transactionInfo: 'X' }, psk, settings);
const parse = (content: string): Element => {
  const [first] = children(parseRoot(`<b xmlns:eid="${namespaces.eid}">${content}</b>`));
  if (first === undefined) throw new Error('nothing to read');
  return first;
};
const names = (parent: Element | undefined): string[] =>
  (parent ? children(parent) : []).map(({ localName }) => localName ?? '');

describe('useID asks about the eID itself', () => {
  test('level and types, in the order of the schema', () => {
    const message = parse(
      useId({
        schema: '2.4',
        minimum_level: 'substantial',
        eid_types: { HWKeyStore: 'denied', SECertified: 'allowed' },
      }),
    );
    expect(names(message)).toEqual([
      'UseOperations',
      'TransactionInfo',
      'LevelOfAssuranceRequest',
      'EIDTypeRequest',
      'PSK',
    ]);
    expect(textOf(message, 'LevelOfAssuranceRequest')).toBe('http://bsi.bund.de/eID/LoA/substantiell');
    const types = childNamed(message, 'EIDTypeRequest');
    expect((types ? children(types) : []).map((type) => [type.localName, type.textContent])).toEqual([
      ['SECertified', 'ALLOWED'],
      ['HWKeyStore', 'DENIED'],
    ]);
  });

  test.each([
    ['low', 'normal'],
    ['substantial', 'substantiell'],
    ['high', 'hoch'],
  ] as const)('%s by its German name: %s', (level, name) =>
    expect(textOf(parse(useId({ schema: '2.4', minimum_level: level })), 'LevelOfAssuranceRequest')).toBe(
      `http://bsi.bund.de/eID/LoA/${name}`,
    ),
  );

  test('or nothing of it', () =>
    expect(names(parse(useId({ schema: '2.4' })))).toEqual(['UseOperations', 'TransactionInfo', 'PSK']));
});

describe('the simulated eID-Server reads it as the schema has it', () => {
  const read = (content: string): UseIdRequest => readRequest(parse(content)) as UseIdRequest;
  const full = useId({ schema: '2.4', minimum_level: 'high', eid_types: { SECertified: 'denied' } });

  test('level and types', () => {
    const request = read(full);
    expect(request.minimumLevel).toBe('hoch');
    expect([...request.eidTypes]).toEqual([['SECertified', 'DENIED']]);
  });

  test('an empty element asks for nothing', () => {
    const request = read(full.replace(/http[^<]*hoch/, '').replace(/<eid:SECertified>.*<\/eid:SECertified>/, ''));
    expect([request.minimumLevel, request.eidTypes.size]).toEqual([undefined, 0]);
  });

  test.each([
    ['an unknown level', full.replace('hoch', 'hoechst')],
    ['a level of eIDAS', full.replace(/http[^<]*hoch/, 'http://eidas.europa.eu/LoA/high')],
    ['an unknown type', full.replaceAll('SECertified', 'Paper')],
    ['an unknown word', full.replace('DENIED', 'FORBIDDEN')],
    ['a type twice', full.replace(/<eid:SECertified>.*<\/eid:SECertified>/, '$&$&')],
    ['types before level', full.replace(/(<eid:LevelOf.*?Request>)(<eid:EIDType.*?Request>)/, '$2$1')],
    ['2.0 with a level', full.replaceAll('CommunityID', 'MunicipalityID')],
  ])('%s violates the schema', (_title, content) => expect(() => read(content)).toThrow(SchemaViolation));
});

describe('TR-03130-1, 3.3.12: which eID the simulator lets through', () => {
  const { cards } = loadTestPersons('config/test-persons.yaml');
  const [card, smart] = ['erika', 'smart-eid'].map((id) => {
    const found = cards.find((known) => known.id === id);
    if (!found) throw new Error(id);
    return found;
  });
  test.each<[string, Omit<UseIdSettings, 'schema'>, [boolean, boolean]]>([
    ['nothing asked', {}, [false, false]],
    ['a level that both reach', { minimum_level: 'substantial' }, [false, false]],
    ['a level that only the card reaches', { minimum_level: 'high' }, [false, true]],
    [
      'the type allowed in spite of the level',
      { minimum_level: 'high', eid_types: { SECertified: 'allowed' } },
      [false, false],
    ],
    [
      'the type denied in spite of the level',
      { minimum_level: 'low', eid_types: { CardCertified: 'denied' } },
      [true, false],
    ],
    ['another type denied', { eid_types: { HWKeyStore: 'denied' } }, [false, false]],
  ])('%s', (_title, settings, denied) => {
    const request = readRequest(parse(useId({ schema: '2.4', ...settings }))) as UseIdRequest;
    expect([card, smart].map((one) => one && isDenied(one, request))).toEqual(denied);
  });
});
