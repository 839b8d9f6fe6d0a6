import { describe, expect, test } from '@jest/globals';
import { cardAttributes } from '../../src/id/identity/attribute.ts';
import { requestFor } from '../../src/id/authentication/eid/attributes.ts';
import { eidOperations, type EidRequest } from '../../src/id/authentication/eid/port.ts';
import { judge } from '../../src/id/authentication/eid/tr03130/judgement.ts';
import { namespaces, resultMinor, schemas, type Schema } from '../../src/id/authentication/eid/tr03130/names.ts';
import { writeGetResult, writeGetServerInfo, writeUseId } from '../../src/id/authentication/eid/tr03130/requests.ts';
import { children, parseRoot, type Element } from '../../src/id/authentication/eid/tr03130/xml.ts';
import { readRequest, SchemaViolation } from '../../src/simulators/eid-server/read-request.ts';
import { readCard } from '../../src/simulators/eid-server/reading.ts';
import {
  writeCardAnswer,
  writeError,
  writeServerInfo,
  writeUseIdAnswer,
} from '../../src/simulators/eid-server/write-answer.ts';
import { loadTestPersons } from '../../src/simulators/test-persons.ts';
import { schemaViolations } from '../support/eid-schema.ts';

const { cards } = loadTestPersons('config/test-persons.yaml');
const now = Date.UTC(2026, 10, 23);
const psk = { id: 'i'.repeat(32), key: 'ab'.repeat(32) };
const nth = <Value>(list: readonly Value[], at: number): Value => {
  const found = list.at(at);
  if (found === undefined) throw new RangeError('there is none');
  return found;
};
const parse = (content: string): Element => {
  const [first] = children(parseRoot(`<b xmlns:eid="${namespaces.eid}" xmlns:dss="${namespaces.dss}">${content}</b>`));
  if (first === undefined) throw new Error('nothing was written');
  return first;
};

/** From nothing at all to everything that can be asked, with every operation once as the only one. */
const requests: readonly EidRequest[] = [
  { operations: {} },
  requestFor({ announcement: 'Dienst „A“ & <B>', attributes: [], level: 'basic' }),
  requestFor({ announcement: 'Dienst', attributes: cardAttributes, level: 'high' }),
  { operations: { AgeVerification: 'required' }, age: 16, transactionInfo: 'Altersprüfung' },
  ...eidOperations
    .filter((operation) => operation !== 'PlaceVerification')
    .map((operation): EidRequest => ({ operations: { [operation]: 'allowed' }, age: 18 })),
];
const settings = (schema: Schema) =>
  schema === '2.0'
    ? [{ schema }]
    : [
        { schema },
        { schema, minimum_level: 'substantial' as const },
        {
          schema,
          minimum_level: 'high' as const,
          eid_types: { HWKeyStore: 'denied', CardCertified: 'allowed' } as const,
        },
      ];

describe.each(schemas)('schema %s', (schema) => {
  test('what we ask fits to the last element', () => {
    for (const set of settings(schema))
      for (const request of requests)
        expect(schemaViolations(parse(writeUseId(request, psk, set)), schema)).toEqual([]);
    expect(schemaViolations(parse(writeGetResult('ab'.repeat(32), 7)), schema)).toEqual([]);
    expect(schemaViolations(parse(writeGetServerInfo()), schema)).toEqual([]);
  });

  test('it fits one generation only: nothing of the other is in it', () => {
    const other = schema === '2.0' ? '2.4' : '2.0';
    const request = requestFor({ announcement: 'Dienst', attributes: [], level: 'basic' });
    expect(schemaViolations(parse(writeUseId(request, psk, { schema })), other)).not.toEqual([]);
  });

  test.each(cards.map(({ id }) => id))('what the simulator answers for the card %s fits as well', (id) => {
    const card = cards.find((one) => one.id === id);
    if (!card) throw new Error('no card');
    for (const set of settings(schema))
      for (const request of requests.slice(0, 4)) {
        const read = readRequest(parse(writeUseId(request, psk, set)));
        if (read.operation !== 'useID') throw new Error('not useID');
        expect(read.schema).toBe(schema);
        const reading = readCard(card, read, { deselected: new Set(), sectorSecret: 's', now });
        if (reading.kind === 'read')
          expect(schemaViolations(parse(writeCardAnswer(reading, read)), schema)).toEqual([]);
      }
  });

  test('its other answers, too', () => {
    const session = { id: 'cd'.repeat(32), psk, paosAddress: 'https://localhost:3012/paos' };
    for (const answer of [
      writeUseIdAnswer(session),
      writeServerInfo(schema, new Set(eidOperations)),
      writeError('useID', resultMinor.tooManyOpenSessions),
      writeError('getResult', resultMinor.noResultYet),
    ])
      expect(schemaViolations(parse(answer), schema)).toEqual([]);
  });

  test('the statement notices every exchange of neighbours, every missing and every foreign element', () => {
    const whole = writeUseId(requestFor({ announcement: 'D', attributes: cardAttributes, level: 'high' }), psk, {
      schema,
      ...(schema === '2.4' ? { minimum_level: 'high', eid_types: { HWKeyStore: 'denied' } } : {}),
    });
    const lists = (root: Element): Element[] =>
      [root, ...children(root).flatMap(lists)].filter((one) => children(one).length > 1);
    let changes = 0;
    for (let list = 0; list < lists(parse(whole)).length; list++)
      for (let at = 1; at < children(nth(lists(parse(whole)), list)).length; at++) {
        const message = parse(whole);
        const parent = nth(lists(message), list);
        const [before, after] = [nth(children(parent), at - 1), nth(children(parent), at)];
        parent.removeChild(after);
        parent.insertBefore(after, before);
        expect(schemaViolations(message, schema)).not.toEqual([]);
        expect(() => readRequest(message)).toThrow(SchemaViolation);
        changes += 1;
      }
    expect(changes).toBeGreaterThan(17);
    expect(schemaViolations(parse(whole.replace(/<eid:PSK>.*<\/eid:PSK>/, '<eid:Psk/>')), schema)).not.toEqual([]);
    expect(
      schemaViolations(parse(whole.replace('<eid:Nationality>ALLOWED</eid:Nationality>', '')), schema),
    ).not.toEqual([]);
  });

  test('reading is tolerant: order, namespaces and blanks may be others', () => {
    const request = requestFor({ announcement: 'D', attributes: cardAttributes, level: 'basic' });
    const asked = readRequest(parse(writeUseId(request, psk, { schema })));
    const card = cards.find(({ id }) => id === 'zeichen');
    if (!card || asked.operation !== 'useID') throw new Error('no card');
    const reading = readCard(card, asked, { deselected: new Set(), sectorSecret: 's', now });
    if (reading.kind !== 'read') throw new Error('not read');
    const strict = writeCardAnswer(reading, asked);
    const set = { assured_without_loa: 'high', minimum_level: undefined, eid_types: undefined } as const;
    const expected = judge(parse(strict), request, set, now);
    expect(expected).toMatchObject({ kind: 'ok', data: { familyNames: 'LÍN-ÇELİK O’ĐỨC' } });
    const reversed = parse(strict);
    const turn = (element: Element): void => {
      for (const child of children(element)) {
        turn(child);
        element.removeChild(child);
        element.insertBefore(child, element.firstChild);
      }
    };
    turn(reversed);
    expect(judge(reversed, request, set, now)).toEqual(expected);
    const bare = strict
      .replaceAll(/<(\/?)(?:eid|dss):(?!getResultResponse)/g, '<$1')
      .replaceAll(/ xmlns:dss="[^"]*"/g, '');
    expect(judge(parse(bare), request, set, now)).toEqual(expected);
    const airy = strict.replaceAll(/>(?=[A-ZÄÖÜ][A-Z]+<)/g, '>\n    ').replaceAll(/(?<=[A-Z])<\//g, '  </');
    expect(airy).not.toBe(strict);
    expect(judge(parse(airy), request, set, now)).toEqual(expected);
  });
});
