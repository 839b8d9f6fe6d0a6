import { deflateSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import type { Content, Document } from '../../src/portal/fuehrungszeugnis/application/content.ts';
import { inspectFile } from '../../src/portal/fuehrungszeugnis/application/document-file.ts';
import {
  parseFee,
  parseKind,
  parseRecipient,
  parseTyped,
} from '../../src/portal/fuehrungszeugnis/application/forms.ts';
import {
  doneSteps,
  fieldsToType,
  isEuropean,
  isYoungerThan,
  neededDocuments,
  nextStep,
  obstacleOf,
  samePerson,
} from '../../src/portal/fuehrungszeugnis/application/rules.ts';
import { mayBecome, states } from '../../src/portal/fuehrungszeugnis/application/states.ts';
import { formatPayer } from '../../src/portal/fuehrungszeugnis/payment/payer.ts';
import type { VerifiedPerson } from '../../src/portal/fuehrungszeugnis/verified-person.ts';
import type { Json } from '../../src/storage/artifacts.ts';
import { parseForm } from '../../src/web/forms.ts';

const read = (value: Json) => ({ value, level: 'high', readAt: 0 }) as const;
const erika: VerifiedPerson = {
  given_name: read('ERIKA'),
  family_name: read('MUSTERMANN'),
  birth_family_name: read('GABLER'),
  birthdate: read('1964-08-12'),
  place_of_birth: read({ locality: 'BERLIN' }),
  nationalities: read(['DE']),
  address: read({ street_address: 'HEIDESTRASSE 17', postal_code: '51147', locality: 'KÖLN', country: 'DE' }),
};
const form = (fields: Record<string, string>) => parseForm(Buffer.from(new URLSearchParams(fields).toString()));
const now = Date.UTC(2026, 10, 26, 12);

describe('who may apply', () => {
  test.each([
    ['2012-11-26', false],
    ['2012-11-27', true],
    ['2013-01-01', true],
    ['1964', false],
    // Of the year alone the first day counts: nobody is shut out for a card without a day.
    ['2012', false],
    ['2013', true],
    ['', false],
  ])('born %s is younger than 14: %s', (birthdate, younger) => expect(isYoungerThan(14, birthdate, now)).toBe(younger));

  test.each<[string, VerifiedPerson, string | undefined]>([
    ['Erika', erika, undefined],
    ['a single name', { family_name: read('SUHARTO'), birthdate: read('1970-01-01') }, undefined],
    ['nothing read', {}, 'noData'],
    ['no birth date', { family_name: read('X') }, 'noData'],
    ['a child', { ...erika, birthdate: read('2020-01-01') }, 'tooYoung'],
  ])('%s', (_, person, obstacle) => expect(obstacleOf(person, now)).toBe(obstacle));
});

describe('what is typed', () => {
  test('is only what the card lacks', () => {
    expect(fieldsToType(erika)).toEqual({ needed: [], optional: ['mother_birth_name'] });
    expect(fieldsToType({ family_name: read('X'), birthdate: read('1970') })).toEqual({
      needed: ['place_of_birth', 'nationality', 'street_address', 'postal_code', 'locality'],
      optional: ['birth_family_name', 'mother_birth_name'],
    });
    const { value } = parseTyped(form({ place_of_birth: 'Anderswo', mother_birth_name: '  Eva   Alt ' }), erika);
    expect(value).toEqual({ mother_birth_name: 'Eva Alt' });
  });

  test('is checked', () => {
    const { value, errors } = parseTyped(
      form({ nationality: 'Deutsch', street_address: 'x'.repeat(201), postal_code: '1234', locality: 'a\u202Eb' }),
      {},
    );
    expect(value).toBeUndefined();
    expect(errors).toEqual({
      place_of_birth: 'missing',
      nationality: 'country',
      street_address: 'long',
      postal_code: 'postalCode',
      locality: 'long',
    });
  });
});

describe('kind, recipient and fee', () => {
  test('are read', () => {
    expect(parseKind(form({ form: 'O', extended: '1' })).value).toEqual({ form: 'O', extended: true });
    expect(parseKind(form({ form: 'X' })).errors).toEqual({ form: 'missing' });
    expect(parseFee(form({ fee: 'means' })).value).toEqual({ way: 'exempt', reason: 'means' });
    expect(parseFee(form({})).errors).toEqual({ fee: 'missing' });
    const authority = { name: 'Amt', street_address: 'Weg 1', postal_code: '90000', locality: 'Ort', reference: 'A 1' };
    expect(parseRecipient(form(authority)).value).toEqual(authority);
    expect(parseRecipient(form({ ...authority, inspect: '1' })).errors).toEqual({ inspect_at: 'missing' });
  });

  test.each<[Partial<Content>, boolean]>([
    [{ person: erika }, false],
    [{ person: { ...erika, nationalities: read(['FR']) } }, true],
    [{ person: { ...erika, nationalities: read(['FRA']) } }, true],
    [{ person: { ...erika, nationalities: read(['DE', 'IT']) } }, true],
    [{ person: { ...erika, nationalities: read(['CH']) } }, false],
    [{ person: {}, typed: { nationality: 'AT' } }, true],
  ])('European: %#', (content, european) => expect(isEuropean(content)).toBe(european));
});

describe('steps', () => {
  const content: Content = { locale: 'de', kind: { form: 'N', extended: false }, person: erika, fee: { way: 'pay' } };
  const document = (purpose: Document['purpose']) => ({ purpose });

  test.each<[string, Content, readonly Pick<Document, 'purpose'>[], string]>([
    ['nothing', { locale: 'de' }, [], 'art'],
    ['kind', { locale: 'de', kind: { form: 'N', extended: false } }, [], 'daten'],
    ['all', content, [], 'pruefen'],
    ['an authority is missing', { ...content, kind: { form: 'O', extended: false } }, [], 'empfaenger'],
    ['the demand is missing', { ...content, kind: { form: 'N', extended: true } }, [], 'nachweise'],
    ['the demand is there', { ...content, kind: { form: 'N', extended: true } }, [document('demand')], 'pruefen'],
    ['the wrong proof', { ...content, fee: { way: 'exempt', reason: 'means' } }, [document('demand')], 'nachweise'],
    [
      'what the card lacks is not typed',
      { ...content, person: { ...erika, address: undefined as never } },
      [],
      'daten',
    ],
  ])('%s', (_, given, documents, next) => {
    expect(nextStep(given, documents)).toBe(next);
    expect(doneSteps(given, documents).has('pruefen')).toBe(false);
  });

  test('need documents for what has to be proved', () => {
    expect(neededDocuments({ kind: { form: 'N', extended: true }, fee: { way: 'exempt', reason: 'means' } })).toEqual([
      'demand',
      'exemption',
    ]);
    expect(neededDocuments(content)).toEqual([]);
  });

  test('are of one person', () => {
    expect(samePerson(erika, { ...erika, family_name: { ...read('MUSTERMANN'), readAt: 1 } })).toBe(true);
    expect(samePerson(erika, { ...erika, family_name: read('NEU') })).toBe(false);
    const { address: _, ...without } = erika;
    expect(samePerson(erika, without)).toBe(false);
  });
});

test('states only go on', () => {
  const ways = states.flatMap((from) => states.filter((to) => mayBecome(from, to)).map((to) => `${from} ${to}`));
  expect(ways).toEqual([
    'draft paying',
    'draft filed',
    'paying draft',
    'paying filed',
    'filed processing',
    'filed answered',
    'processing answered',
  ]);
});

test('the payment page gets name, address and mailbox, and nothing else', () => {
  expect(formatPayer({ locale: 'de', person: erika, typed: { mother_birth_name: 'X' }, postfach: 'handle' })).toEqual({
    name: 'MUSTERMANN',
    firstName: 'ERIKA',
    isOrganization: false,
    address: { street: 'HEIDESTRASSE 17', postalCode: '51147', city: 'KÖLN', country: 'DE' },
    postfach: 'handle',
  });
});

describe('a file', () => {
  const pdf = '%PDF-1.7\n';
  test.each([
    ['a.pdf', pdf, { type: 'application/pdf' }],
    ['a.PDF', pdf, { type: 'application/pdf' }],
    ['a.png', '\u0089PNG\r\n\u001a\n', { type: 'image/png' }],
    ['a.jpeg', '\u00ff\u00d8\u00ff\u00e0', { type: 'image/jpeg' }],
    ['a.pdf.exe', pdf, { problem: 'type' }],
    ['a.png', pdf, { problem: 'type' }],
    ['a.svg', '<svg xmlns="http://www.w3.org/2000/svg"/>', { problem: 'type' }],
    ['a.pdf', '', { problem: 'empty' }],
    ['a.pdf', pdf + 'x'.repeat(100), { problem: 'large' }],
    ['a.pdf', `${pdf}<< /Launch 1 >>`, { problem: 'active' }],
    ['a.pdf', `${pdf}<< /JS (x) >>`, { problem: 'active' }],
    ['a.pdf', `${pdf}<< /J#61va#53cript (x) >>`, { problem: 'active' }],
  ])('%s', async (name, content, expected) =>
    expect(await inspectFile(name, Buffer.from(content, 'latin1'), 100)).toEqual(expected),
  );

  test('a script in packed objects is found', async () => {
    const packed = deflateSync('1 0 << /S /JavaScript /JS (app.alert(1)) >>').toString('latin1');
    const object = (content: string): Buffer =>
      Buffer.from(
        `${pdf}1 0 obj << /Type /ObjStm /Filter /FlateDecode /Length ${content.length} >> stream\n${content}\nendstream endobj`,
        'latin1',
      );
    expect(await inspectFile('a.pdf', object(packed), 10_000)).toEqual({ problem: 'active' });
    const harmless = deflateSync('1 0 << /Type /Page >>').toString('latin1');
    expect(await inspectFile('a.pdf', object(harmless), 10_000)).toEqual({ type: 'application/pdf' });
  });
});
