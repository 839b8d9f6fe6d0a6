import { acrOf } from '../../assurance/names.ts';

/** What a service sends as the parameter `claims` to get data of the card with their proof. A test sends it. */
export const verifiedClaimsRequest = {
  id_token: { acr: { essential: true, values: [acrOf('high')] } },
  userinfo: {
    verified_claims: {
      verification: { trust_framework: { value: 'eidas' }, assurance_level: null, time: null },
      claims: { given_name: null, family_name: null, birthdate: null },
    },
  },
};

/** What userinfo then holds for Erika Mustermann. A test compares it with the real answer, times and subject aside. */
export const verifiedClaimsAnswer = {
  sub: 'LTpZ8YDbtqMW0mWmV2mVHw5t6Z4hVq1p',
  verified_claims: {
    verification: { trust_framework: 'eidas', assurance_level: 'high', time: '2026-01-31T09:30:00.000Z' },
    claims: { given_name: 'ERIKA', family_name: 'MUSTERMANN', birthdate: '1964-08-12' },
  },
};

/** The line of the client's file without which nothing of the above is given. */
export const verifiedClaimsLine = 'verified_claims: [given_name, family_name, birthdate]';
