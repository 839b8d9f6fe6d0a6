import { z } from 'zod';
import type { ApiAccess } from '../../relying-party/kit.ts';
import type { BayernPortalSettings } from '../settings.ts';

/** States of an application as Mein Postfach names them. */
export const applicationStates = [
  'INITIATED',
  'SUBMITTED',
  'RECEIVED',
  'PROCESSING',
  'ACTION_REQUIRED',
  'COMPLETED',
] as const;

const letters = z.object({ unread: z.int().nonnegative() });

/** A name in both languages. */
const inBoth = z.object({ de: z.string(), en: z.string() });

const applications = z.object({
  applications: z.array(
    z.object({
      id: z.string(),
      service: z.string(),
      sender: inBoth,
      status: z.enum(applicationStates),
      since: z.iso.datetime({ offset: true }),
      address: z.url({ protocol: /^https?$/ }),
    }),
  ),
  /** How many more there are, of which this login is too weak to hear. */
  locked: z.int().nonnegative(),
});

const payments = z.object({
  payments: z.array(
    z.object({
      id: z.string(),
      /** `checking`: perhaps paid already. */
      state: z.enum(['open', 'checking']),
      service: inBoth,
      payee: z.string(),
      /** Euros. */
      amount: z.number().positive(),
      payableUntil: z.iso.datetime({ offset: true }),
      address: z.url({ protocol: /^https?$/ }),
    }),
  ),
});

/** What a tile of the start page is made of: a resource of another module's API, read with the citizen's own token. */
export interface Source<Schema extends z.ZodType = z.ZodType> extends ApiAccess {
  readonly address: string;
  readonly schema: Schema;
}

/**
 * The modules that the start page reads from. Another one is an entry here, one in pages/tiles.tsx, and the API's scope in
 * config/clients/bayern-portal.yaml.
 */
export const sourcesOf = ({
  mein_postfach_origin: postfach,
  bezahlsystem_origin: bezahlsystem,
}: BayernPortalSettings) => {
  const mailbox = { audience: `${postfach}/api`, scope: 'postfach:overview' };
  const fees = { audience: `${bezahlsystem}/api`, scope: 'payments:overview' };
  return {
    letters: { ...mailbox, address: `${postfach}/api/citizen/letters/unread`, schema: letters },
    applications: { ...mailbox, address: `${postfach}/api/citizen/applications`, schema: applications },
    payments: { ...fees, address: `${bezahlsystem}/api/citizen/payments/open`, schema: payments },
  } satisfies Record<string, Source>;
};

export type Sources = ReturnType<typeof sourcesOf>;

/** The APIs behind sources, each once. */
export const apisOf = (sources: Readonly<Record<string, Source>>): readonly ApiAccess[] => [
  ...new Map(Object.values(sources).map(({ audience, scope }) => [audience, { audience, scope }])).values(),
];
