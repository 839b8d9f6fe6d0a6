import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { startTestApp, type TestApp } from '../support/app.ts';
import { createPerson, textOf, type Person } from '../support/browse.ts';
import { resetClock, shiftClock } from '../support/clock.ts';
import type { Page } from '../support/cookie-browser.ts';
import { max } from '../support/journey.ts';
import { goOn, startServices, type Service, type Services } from '../attack/service.ts';

/**
 * What OpenID Identity Assurance Schema Definition 1.0 demands of a `verified_claims` element, restated for the kinds of
 * evidence that we give: nothing else may stand in it, nothing may be empty.
 */
const fullDate = z.string().regex(/^\d{4}-\d\d-\d\d$/);
const place = z.strictObject({
  formatted: z.string().min(1).optional(),
  street_address: z.string().min(1).optional(),
  locality: z.string().min(1).optional(),
  region: z.string().min(1).optional(),
  postal_code: z.string().min(1).optional(),
  country: z.string().min(1).optional(),
});
const element = z.strictObject({
  verification: z.strictObject({
    trust_framework: z.literal('eidas'),
    assurance_level: z.enum(['low', 'substantial', 'high']).optional(),
    time: z.iso.datetime().optional(),
    evidence: z
      .array(
        z.strictObject({
          type: z.literal('document'),
          check_details: z
            .array(
              z.strictObject({
                check_method: z.literal('vcrypt').optional(),
                organization: z.string().min(1).optional(),
                time: z.iso.datetime().optional(),
              }),
            )
            .min(1)
            .optional(),
          document_details: z
            .strictObject({
              type: z.enum(['idcard', 'de_erp', 'de_idcard_foreigners']).optional(),
              issuer: z.strictObject({ country_code: z.string().length(2).optional() }).optional(),
              date_of_expiry: fullDate.optional(),
            })
            .optional(),
        }),
      )
      .min(1)
      .optional(),
  }),
  claims: z
    .strictObject({
      given_name: z.string().min(1),
      family_name: z.string().min(1),
      birth_family_name: z.string().min(1),
      birthdate: z.string().regex(/^\d{4}(-\d\d-\d\d)?$/),
      place_of_birth: place,
      nationalities: z.array(z.string().min(2)).min(1),
      address: place,
      title: z.string().min(1),
      also_known_as: z.string().min(1),
    })
    .partial()
    .refine((claims) => Object.keys(claims).length > 0),
});

let app: TestApp;
let services: Services;
let service: Service;
let person: Person;
const names = [
  'given_name',
  'family_name',
  'birth_family_name',
  'birthdate',
  'place_of_birth',
  'nationalities',
  'address',
  'title',
  'also_known_as',
];
beforeAll(async () => {
  app = await startTestApp();
  services = await startServices(app);
  service = await services.add({ clientId: 'verified', file: { verified_claims: [...names, 'date_of_expiry'] } });
  const linking = await services.add({ clientId: 'linking', file: { minimum_level: 'high', verified_claims: names } });
  person = createPerson();
  const claims = Object.fromEntries(names.map((name) => [name, null]));
  const wanted = { userinfo: { verified_claims: { verification: { trust_framework: null }, claims } } };
  const asked = await linking.ask(person, { claims: JSON.stringify(wanted) });
  linking.answer(await goOn(app, person, asked, { login: max, card: 'max' }));
});
afterAll(async () => {
  resetClock();
  await services.close();
  await app.stop();
});

const everything = {
  verification: {
    trust_framework: null,
    assurance_level: null,
    time: null,
    evidence: [
      {
        type: { value: 'document' },
        check_details: [{ check_method: null, organization: null, time: null }],
        document_details: { type: null, issuer: { country_code: null }, date_of_expiry: null },
      },
    ],
  },
  claims: Object.fromEntries(names.map((name) => [name, null])),
};

const both = async (from: Service, page: Page): Promise<{ id_token: unknown; userinfo: unknown }> => {
  const tokens = await from.redeem(page);
  const me = await fetch(`${app.issuer}/me`, { headers: { authorization: `Bearer ${tokens.access_token}` } });
  const info = (await me.json()) as Record<string, unknown>;
  return { id_token: tokens.claims['verified_claims'], userinfo: info['verified_claims'] };
};

describe('verified_claims', () => {
  test.each(['id_token', 'userinfo'] as const)('in %s, where it was asked for and nowhere else', async (use) => {
    const claims = JSON.stringify({ [use]: { verified_claims: everything } });
    const given = await both(service, await service.ask(person, { claims }));
    const found = element.parse(given[use]);
    expect(found).toMatchObject({
      verification: {
        assurance_level: 'high',
        evidence: [{ document_details: { type: 'idcard', date_of_expiry: '2033-02-28' } }],
      },
      claims: { given_name: 'MAX', birthdate: '1991-03-17', nationalities: ['DE'], address: { country: 'DE' } },
    });
    expect(given[use === 'id_token' ? 'userinfo' : 'id_token']).toBeUndefined();
  });

  test.each([
    'erika',
    'ohne-anschrift',
    'ohne-geburtstag',
    'titel',
    'zeichen',
    'ein-name',
    'ohne-geburtsnamen',
    'aufenthaltstitel',
  ])('of the card “%s” keeps the form of the specification, with what is there', async (card) => {
    const other = createPerson();
    const claims = JSON.stringify({ userinfo: { verified_claims: everything } });
    const assign = await goOn(app, other, await service.ask(other, { claims }), { card });
    const page = await other.submit(assign, '/zuordnen', { answer: 'new' });
    element.parse((await both(service, page)).userinfo);
  });

  test('the last day of the document goes out only where file and citizen allow it', async () => {
    const silent = await services.add({ clientId: 'no-expiry', file: { verified_claims: names } });
    const claims = JSON.stringify({ userinfo: { verified_claims: everything } });
    expect(JSON.stringify((await both(silent, await silent.ask(person, { claims }))).userinfo)).not.toContain('2033');
    const asking = await services.add({
      clientId: 'asked-expiry',
      file: { verified_claims: [...names, 'date_of_expiry'], consent: 'ask', legal_basis: null },
    });
    const page = await asking.ask(person, { claims });
    expect(textOf(page)).toContain('Gültig bis');
    const released = await person.submit(page, '/freigabe', { decision: 'release', optional: 'verified:given_name' });
    expect((await both(asking, released)).userinfo).toMatchObject({ claims: { given_name: 'MAX' } });
    const again = await asking.ask(person, { claims });
    expect(JSON.stringify((await both(asking, again)).userinfo)).not.toContain('2033');
  });

  test('names that every object has are asked for like any other that is unknown: in vain, and the rest is answered', async () => {
    const everyObject = { constructor: { value: 'x' }, toString: null, hasOwnProperty: null };
    const wanted = {
      verification: {
        trust_framework: null,
        ...everyObject,
        evidence: [{ type: null, ...everyObject, document_details: { type: null, ...everyObject } }],
      },
      claims: { given_name: null, ...everyObject },
    };
    const claims = JSON.stringify({ userinfo: { verified_claims: wanted } });
    expect((await both(service, await service.ask(person, { claims }))).userinfo).toEqual({
      verification: {
        trust_framework: 'eidas',
        evidence: [{ type: 'document', document_details: { type: 'idcard' } }],
      },
      claims: { given_name: 'MAX' },
    });
  });

  test('a level that was idled away takes the data along', async () => {
    const claims = JSON.stringify({ userinfo: { verified_claims: everything } });
    const other = createPerson();
    service.answer(await goOn(app, other, await service.ask(other), { card: 'max' }));
    shiftClock(6 * 60_000);
    const substantial = await service.ask(other, { claims });
    expect((await both(service, substantial)).userinfo).toBeDefined();
    shiftClock(31 * 60_000);
    expect((await both(service, await service.ask(other, { claims }))).userinfo).toBeUndefined();
    resetClock();
  });

  test('discovery announces what is answered', async () => {
    const metadata = (await (await fetch(`${app.issuer}/.well-known/openid-configuration`)).json()) as Record<
      string,
      unknown
    >;
    expect(metadata).toMatchObject({
      verified_claims_supported: true,
      trust_frameworks_supported: ['eidas'],
      evidence_supported: ['document'],
      documents_supported: ['idcard', 'de_erp', 'de_idcard_foreigners'],
      documents_check_methods_supported: ['vcrypt'],
    });
    expect([...(metadata['claims_in_verified_claims_supported'] as string[])].sort()).toEqual([...names].sort());
  });
});
