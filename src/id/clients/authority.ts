import { z } from 'zod';
import { levels } from '../../assurance/levels.ts';
import { publicAuthorityFields } from '../../config/authority.ts';
import { oneOrBoth } from '../../config/citizen-text.ts';
import type { Branding } from '../../config/branding.ts';
import { hostPattern, webAddress } from './addresses.ts';
import { apiScope, scopeNames, verifiedClaimNames } from './schema.ts';

const any = z.literal('any');

const apis = z.union([any, z.record(webAddress, z.array(apiScope).min(1))]).default({});

/**
 * An authority, and what its client files may say: those in the folder of its name below config/clients, for `bayern`
 * those without a folder as well. What is not granted here is refused there. Keys that a client file has too mean the
 * same in both.
 */
export const authorityFile = z.strictObject({
  name: oneOrBoth.describe('What citizens read.'),
  ...publicAuthorityFields,
  contact: z.email().optional().describe('Who answers for its files.'),
  client_id_prefix: z
    .string()
    .regex(/^[a-z0-9-]*$/, 'use small letters, digits and hyphens')
    .optional()
    .describe("What its client ids begin with. Default: the authority's name and a hyphen."),
  client_names: z
    .union([any, z.array(oneOrBoth)])
    .default([])
    .describe('Names that its services may show to citizens; a * at the end stands for any ending. Or any.'),
  hosts: z
    .union([any, z.array(hostPattern)])
    .default([])
    .describe(
      'Hosts in addresses of its files, *.stadt.example for all below one. Or any. Outside production loopback needs no entry.',
    ),
  scopes: z.array(z.enum(scopeNames)).default(['openid']).describe('Scopes that its clients may list.'),
  verified_claims: z
    .union([any, z.array(z.enum(verifiedClaimNames))])
    .default([])
    .describe('Claims that its clients may list as verified_claims. Or any.'),
  lowest_minimum_level: z.enum(levels).default('basic').describe('No minimum_level of its clients is below this one.'),
  lowest_verified_claims_minimum: z
    .enum(levels)
    .default('substantial')
    .describe('No verified_claims_minimum of its clients is below this one.'),
  consent: z.enum(['ask', 'none']).default('ask').describe('none: its clients may do without a consent page.'),
  pkce: z
    .enum(['required', 'optional'])
    .default('required')
    .describe('optional: its confidential clients may do without PKCE.'),
  subject_types: z
    .array(z.enum(['pairwise', 'public']))
    .default(['pairwise'])
    .describe('public: its clients may see the sub that all public ones see.'),
  resources: apis.describe('APIs that its clients may ask tokens for, by audience, each with its scopes. Or any.'),
  api: apis.describe('APIs that its clients may offer, by audience, each with its scopes. Or any.'),
  files: z
    .union([any, z.array(z.string().min(1))])
    .default([])
    .describe('Folders in which the files lie that jwks_file and client_secret_file name. Or any.'),
  environment: z
    .union([any, z.array(z.string().regex(/^[A-Z][A-Z0-9_]*$/))])
    .default([])
    .describe('What the environment variables that client_secret_env names begin with. Or any.'),
});

export type AuthorityFile = z.output<typeof authorityFile>;

/** An authority's file and its own name, which is the file's. */
export interface Authority extends Omit<AuthorityFile, 'branding'> {
  readonly id: string;
  /** Its look, with what the file refers to. */
  readonly branding?: Branding;
}
