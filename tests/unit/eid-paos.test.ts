import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { eidOperations, type EidOperation } from '../../src/id/authentication/eid/port.ts';
import { parseRoot, type Element } from '../../src/id/authentication/eid/tr03130/xml.ts';
import { readTlvs, valueAt } from '../../src/simulators/eid-server/eac/ber-tlv.ts';
import { isSignedBy } from '../../src/simulators/eid-server/eac/cv-certificate.ts';
import {
  authorityFile,
  ensureTerminalPki,
  type TerminalPki,
} from '../../src/simulators/eid-server/eac/terminal-pki.ts';
import { operationsIn, terminalRights } from '../../src/simulators/eid-server/eac/terminal-rights.ts';
import { loginFaults } from '../../src/simulators/eid-server/faults.ts';
import { createConversations, type Conversations } from '../../src/simulators/eid-server/paos/conversation.ts';
import type { Wish } from '../../src/simulators/eid-server/read-request.ts';
import { createEidServerSessions, type EidServerSession } from '../../src/simulators/eid-server/sessions.ts';
import { ensureDevelopmentPki } from '../../src/simulators/development-pki.ts';
import { loadTestPersons } from '../../src/simulators/test-persons.ts';
import { silentLog } from '../../src/web/log.ts';
import { certificates } from '../support/app.ts';
import { dataGroupsOf } from '../support/ausweisapp-card.ts';
import { createChip, type Chip } from '../support/chip.ts';
import { resetClock, shiftClock } from '../support/clock.ts';

const now = Date.parse('2026-03-01T12:00:00Z');
const { cards } = loadTestPersons('config/test-persons.yaml');
const groupsOf = (id: string): ReadonlyMap<number, Buffer> => {
  const card = cards.find((known) => known.id === id);
  if (card === undefined) throw new Error(id);
  return dataGroupsOf(card);
};

let directory: string;
let tlsCertificates: string[];
let pki: TerminalPki;
const wish = () => ({ directory, origin: 'https://localhost:3000', tlsCertificates, sectorSecret: 'a sector' });
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'terminal-pki-'));
  tlsCertificates = [(await ensureDevelopmentPki(certificates)).of.localhost.certificate];
  pki = await ensureTerminalPki(wish());
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const element = (name: string, text: string): string => `<${name}>${text}</${name}>`;
const iso = 'urn:iso:std:iso-iec:24727:tech:schema';
const majors = 'http://www.bsi.bund.de/ecard/api/1.1/resultmajor';
const minors = 'http://www.bsi.bund.de/ecard/api/1.1/resultminor';

/** A message of a client, as AusweisApp spells it. */
const message = (body: string, id = 'urn:uuid:7'): Buffer =>
  Buffer.from(
    `<?xml version="1.0" encoding="UTF-8"?><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/" xmlns:wsa="http://www.w3.org/2005/03/addressing" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soap:Header>${element('wsa:MessageID', id)}</soap:Header><soap:Body>${body}</soap:Body></soap:Envelope>`,
  );
const result = (minor?: string): string =>
  `<Result xmlns="urn:oasis:names:tc:dss:1.0:core:schema">${element('ResultMajor', `${majors}#${minor === undefined ? 'ok' : 'error'}`)}${minor === undefined ? '' : element('ResultMinor', `${minors}/${minor}`)}</Result>`;
const answering = (name: string, content: string): string => `<${name} xmlns="${iso}">${result()}${content}</${name}>`;
const start = (sessionIdentifier: string): string =>
  `<StartPAOS xmlns="${iso}">${element('SessionIdentifier', sessionIdentifier)}<ConnectionHandle>${element('ContextHandle', 'c0')}${element('SlotHandle', 's1')}</ConnectionHandle></StartPAOS>`;
const initialized = `<InitializeFrameworkResponse xmlns="http://www.bsi.bund.de/ecard/api/1.1">${result()}</InitializeFrameworkResponse>`;
const eacOutput = (type: string, content: string): string =>
  answering(
    'DIDAuthenticateResponse',
    `<AuthenticationProtocolData xsi:type="iso:${type}" xmlns:iso="${iso}">${content}</AuthenticationProtocolData>`,
  );
const eac1Output = (rights?: Buffer): string =>
  eacOutput(
    'EAC1OutputType',
    (rights === undefined ? '' : element('CertificateHolderAuthorizationTemplate', rights.toString('hex'))) +
      element('IDPICC', '01'.repeat(32)) +
      element('Challenge', '0102030405060708'),
  );
const eac2Output = ({ cardSecurity, nonce, token }: ReturnType<Chip['authenticate']>): string =>
  eacOutput(
    'EAC2OutputType',
    element('EFCardSecurity', cardSecurity.toString('hex')) +
      element('AuthenticationToken', token.toString('hex')) +
      element('Nonce', nonce.toString('hex')),
  );
const transmitted = (answers: readonly Buffer[]): string =>
  answering('TransmitResponse', answers.map((one) => element('OutputAPDU', one.toString('hex'))).join(''));

describe('the conversation with a client', () => {
  let session: EidServerSession;
  let converse: Conversations;
  const wishes = new Map<EidOperation, Wish>(
    eidOperations.map((operation) => [
      operation,
      ['FamilyNames', 'DateOfBirth', 'RestrictedID'].includes(operation)
        ? 'REQUIRED'
        : ['GivenNames', 'PlaceOfResidence', 'BirthName', 'AgeVerification'].includes(operation)
          ? 'ALLOWED'
          : 'PROHIBITED',
    ]),
  );

  beforeEach(() => {
    const opened = createEidServerSessions(1).open(
      {
        operation: 'useID',
        schema: '2.4',
        wishes,
        age: 18,
        transactionInfo: 'Anmeldung bei „Köln“ & Co.',
        minimumLevel: undefined,
        eidTypes: new Map(),
        psk: undefined,
      },
      loginFaults(undefined),
      now,
    );
    if (opened === undefined) throw new Error('no session');
    session = opened;
    converse = createConversations(pki, silentLog);
  });

  const say = (body: string): Element => parseRoot(converse(session, message(body), now));
  const all = (root: Element, name: string): string[] =>
    [...root.getElementsByTagNameNS('*', name)].map(({ textContent }) => textContent ?? '');
  const only = (root: Element, name: string): string => {
    const [text, ...more] = all(root, name);
    if (text === undefined || more.length > 0) throw new Error(`${name}: ${more.length + 1}`);
    return text;
  };
  const hexIn = (root: Element, name: string): Buffer => Buffer.from(only(root, name), 'hex');

  /** Goes on as far as the chip's answers, and gives the last message of the server. */
  const converseWith = (
    chip: Chip,
    { rights, bend = (answers) => answers }: { rights?: Buffer; bend?: (answers: Buffer[]) => Buffer[] } = {},
  ): Element => {
    say(start(session.psk.id));
    say(initialized);
    const point = hexIn(say(eac1Output(rights)), 'EphemeralPublicKey');
    const commands = all(say(eac2Output(chip.authenticate(point))), 'InputAPDU');
    return say(transmitted(bend(commands.map((apdu) => chip.answer(Buffer.from(apdu, 'hex'))))));
  };

  test('a card is read: data, age, pseudonym', () => {
    const last = converseWith(createChip({ groups: groupsOf('erika') }));
    expect(only(last, 'ResultMajor')).toBe(`${majors}#ok`);
    expect(session.reading).toMatchObject({
      kind: 'read',
      card: {
        family_names: 'MUSTERMANN',
        given_names: 'ERIKA',
        birth_name: 'GABLER',
        date_of_birth: '19640812',
        place_of_residence: { street: 'HEIDESTRASSE 17', city: 'KÖLN', country: 'D', zip_code: '51147' },
      },
      restrictedId: expect.stringMatching(/^[0-9A-F]{64}$/),
      fulfilsAge: true,
    });
    const allowed = session.reading?.kind === 'read' ? session.reading.allowed : new Map();
    expect([...allowed].filter(([, answer]) => answer === 'ALLOWED').map(([operation]) => operation)).toEqual(
      eidOperations.filter((operation) => wishes.get(operation) !== 'PROHIBITED'),
    );
  });

  test('the first question names certificates, rights, dates and the purpose', () => {
    expect(say(start(session.psk.id)).getElementsByTagNameNS('*', 'InitializeFramework')).toHaveLength(1);
    const question = say(initialized);
    expect(all(question, 'Certificate')).toEqual([pki.terminal.toString('hex'), pki.documentVerifier.toString('hex')]);
    expect(operationsIn(hexIn(question, 'RequiredCHAT'))).toEqual(
      new Set(['FamilyNames', 'DateOfBirth', 'RestrictedID']),
    );
    expect(operationsIn(hexIn(question, 'OptionalCHAT'))).toEqual(
      new Set(['GivenNames', 'PlaceOfResidence', 'BirthName', 'AgeVerification']),
    );
    const dates = readTlvs(valueAt(hexIn(question, 'AuthenticatedAuxiliaryData'), 0x67));
    expect(dates.map(({ value }) => valueAt(value, 0x53).toString())).toEqual(['20260301', '20080301']);
    expect(only(question, 'TransactionInfo')).toBe('Anmeldung bei „Köln“ & Co.');
    expect(only(question, 'RelatesTo')).toBe('urn:uuid:7');
    expect([only(question, 'ContextHandle'), only(question, 'SlotHandle')]).toEqual(['c0', 's1']);
  });

  test('what the citizen deselects is not read', () => {
    converseWith(createChip({ groups: groupsOf('erika') }), {
      rights: terminalRights(['FamilyNames', 'DateOfBirth', 'RestrictedID']),
    });
    expect(session.reading).toMatchObject({
      kind: 'read',
      card: { family_names: 'MUSTERMANN' },
      fulfilsAge: undefined,
    });
    expect(session.reading?.kind === 'read' && session.reading.card).not.toHaveProperty('given_names');
  });

  test('a client that takes more rights than were asked for gets no more read', () => {
    converseWith(createChip({ groups: groupsOf('erika') }), { rights: terminalRights(eidOperations) });
    expect(session.reading?.kind === 'read' && session.reading.allowed.get('CommunityID')).toBe('PROHIBITED');
  });

  test('what is not on the chip is NOTONCHIP', () => {
    converseWith(createChip({ groups: groupsOf('unionsbuerger') }));
    const allowed = session.reading?.kind === 'read' ? session.reading.allowed : undefined;
    expect([allowed?.get('PlaceOfResidence'), allowed?.get('BirthName'), allowed?.get('GivenNames')]).toEqual([
      'NOTONCHIP',
      'NOTONCHIP',
      'ALLOWED',
    ]);
  });

  test('a card that says that it has expired is invalid', () => {
    const last = converseWith(createChip({ groups: groupsOf('erika'), verifications: [0x6300, 0x9000] }));
    expect(only(last, 'ResultMajor')).toBe(`${majors}#error`);
    expect(session.reading).toEqual({ kind: 'invalid' });
  });

  test('a card of somebody too young says so', () => {
    converseWith(createChip({ groups: groupsOf('minderjaehrig'), verifications: [0x9000, 0x6300] }));
    expect(session.reading).toMatchObject({ kind: 'read', fulfilsAge: false });
  });

  const failed = { kind: 'failed', minor: `${minors}/al/common#incorrectParameter` };

  test.each<[string, (answers: Buffer[]) => Buffer[]]>([
    ['a changed answer', ([first = Buffer.alloc(0), ...rest]) => [Buffer.from(first).fill(0x63, 2, 3), ...rest]],
    ['an answer less', (answers) => answers.slice(1)],
    ['two answers in each other’s place', ([one, two, ...rest]) => [two, one, ...rest] as Buffer[]],
    ['an answer too many', (answers) => [...answers, Buffer.from('9000', 'hex')]],
  ])('%s fails the session', (_, bend) => {
    const last = converseWith(createChip({ groups: groupsOf('erika') }), { bend });
    expect(session.reading).toEqual(failed);
    expect(only(last, 'ResultMajor')).toBe(`${majors}#error`);
  });

  test('a chip that refuses a command fails the session', () => {
    converseWith(createChip({ groups: groupsOf('erika'), verifications: [0x6982] }));
    expect(session.reading).toEqual(failed);
  });

  test('a chip without the key that it names fails the session', () => {
    say(start(session.psk.id));
    say(initialized);
    say(eac1Output());
    const chip = createChip({ groups: groupsOf('erika') });
    const other = Buffer.from(pki.sectorPoint);
    say(eac2Output(chip.authenticate(other)));
    expect(session.reading).toEqual(failed);
  });

  test.each([
    ['another session', () => start('0'.repeat(32))],
    ['an answer before the question', () => eac1Output()],
    ['the framework before the start', () => initialized],
    ['something unknown', () => `<Transfer xmlns="${iso}">${result()}</Transfer>`],
  ])('%s fails the session', (_, body) => {
    expect(only(say(body()), 'ResultMinor')).toBe(failed.minor);
    expect(session.reading).toEqual(failed);
  });

  test('a second start fails the session', () => {
    say(start(session.psk.id));
    say(start(session.psk.id));
    expect(session.reading).toEqual(failed);
  });

  test('what is no XML fails the session, DOCTYPE and all', () => {
    converse(session, Buffer.from('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'), now);
    expect(session.reading).toEqual(failed);
  });

  test.each([
    ['sal#cancellationByUser', { kind: 'cancelled' }],
    ['al/common#unknownError', { kind: 'failed', minor: `${minors}/al/common#unknownError` }],
  ])('the client ends it with %s', (minor, reading) => {
    say(start(session.psk.id));
    say(initialized);
    const last = say(`<DIDAuthenticateResponse xmlns="${iso}">${result(minor)}</DIDAuthenticateResponse>`);
    expect(session.reading).toEqual(reading);
    expect(only(last, 'ResultMinor')).toBe(`${minors}/${minor}`);
  });

  test('what has ended stays as it is', () => {
    converseWith(createChip({ groups: groupsOf('erika') }));
    const { reading } = session;
    expect(only(say(start(session.psk.id)), 'ResultMajor')).toBe(`${majors}#error`);
    converse(session, Buffer.from('no XML'), now);
    expect(session.reading).toBe(reading);
  });
});

describe('the test PKI', () => {
  const authority = (): Buffer => readFileSync(join(directory, authorityFile));

  test('leads from the terminal to the authority that the card of AusweisApp 1.26 names', () => {
    expect(isSignedBy(pki.terminal, pki.documentVerifier)).toBe(true);
    expect(isSignedBy(pki.documentVerifier, authority())).toBe(true);
    expect(isSignedBy(authority(), authority())).toBe(true);
    expect(isSignedBy(pki.terminal, authority())).toBe(false);
    expect(valueAt(authority(), 0x7f21, 0x7f4e, 0x5f20).toString()).toBe('DETESTeID00005');
  });

  test('the authority’s file has no byte that the client would lose, over many keys', async () => {
    for (let i = 0; i < 20; i += 1) {
      rmSync(join(directory, authorityFile));
      await ensureTerminalPki(wish());
      expect(authority().includes(0x0d)).toBe(false);
    }
    pki = await ensureTerminalPki(wish());
  });

  test('stays over starts, and holds no key but the terminal’s', async () => {
    const before = authority();
    const again = await ensureTerminalPki(wish());
    expect(again.terminal).toEqual(pki.terminal);
    expect(authority()).toEqual(before);
    expect(readdirSync(directory).filter((name) => name.endsWith('.key'))).toEqual(['at.key']);
    expect(readdirSync(directory)).toContain('DEVELOPMENT');
  });

  test.each([
    ['another origin', () => ({ origin: 'https://localhost:4000' })],
    ['another TLS certificate', () => ({ tlsCertificates: [] })],
    ['another sector', () => ({ sectorSecret: 'another' })],
  ])('is made anew for %s', async (_, change) => {
    const other = await ensureTerminalPki({ ...wish(), ...change() });
    expect(other.terminal).not.toEqual(pki.terminal);
    pki = await ensureTerminalPki(wish());
  });

  test('is made anew before it ends', async () => {
    shiftClock(384 * 86_400_000);
    try {
      expect((await ensureTerminalPki(wish())).terminal).not.toEqual(pki.terminal);
    } finally {
      resetClock();
    }
    pki = await ensureTerminalPki(wish());
  });

  test('is refused in production', async () => {
    const before = process.env['NODE_ENV'];
    process.env['NODE_ENV'] = 'production';
    try {
      await expect(ensureTerminalPki(wish())).rejects.toThrow('production');
    } finally {
      process.env['NODE_ENV'] = before;
    }
  });
});
