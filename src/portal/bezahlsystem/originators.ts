import { z } from 'zod';
import { citizenText, inBothLanguages } from '../../config/citizen-text.ts';
import { aboutFile } from '../../config/checked.ts';
import type { Finding, Issue } from '../../config/report.ts';
import { createYamlFilesLoader, fileName } from '../module-api/files-loader.ts';
import type { FilesLoader, LoadedFiles } from '../module-api/files-reload.ts';

const clientName = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$/, 'use small letters, digits and hyphens, at most 64');

/** Ids of XBezahldienste 1.0.0, as they stand in the API's paths. */
const pathId = z.string().regex(/^[\w-]{1,36}$/, 'use letters, digits, _ and -, at most 36');

const origin = z
  .string()
  .refine(
    (text) => URL.parse(text)?.origin === text,
    'must be an origin such as https://dienst.example, without a path',
  );

const endPoint = z.strictObject({
  id: pathId.describe('Id of the end point in the paths of the API, for example the AGS of the authority.'),
  payee: z
    .strictObject({
      name: citizenText(140),
      address: z.array(citizenText(140)).min(1).max(5).describe('Lines of its postal address.'),
      account_reference: citizenText(70).describe('What its bookkeeping calls the account.'),
    })
    .describe('Who gets the money, as citizens read it.'),
  kassenzeichen: z
    .strictObject({
      prefix: z
        .string()
        .regex(/^[A-Z0-9]{0,12}$/, 'use capital letters and digits, at most 12')
        .default(''),
      digits: z.int().min(8).max(18).default(10).describe('Random digits between the prefix and two check digits.'),
    })
    .prefault({})
    .describe('How its Kassenzeichen are made.'),
  provider: clientName.describe('Which of bezahlsystem.providers takes the money.'),
  booking_data: z
    .array(z.string().min(1).max(100))
    .default([])
    .describe('What each item has to say in bookingData, so that the authority can book it.'),
});

export type EndPoint = z.output<typeof endPoint>;

/** Who may ask for fees: one file per online service, in the folder `bezahlsystem.originators`. */
export const originatorFile = z.strictObject({
  originator: pathId.describe('Id of the online service in the paths of the API; the file is named after it.'),
  authority: clientName.describe('The authority that its clients belong to at Bayern-ID.'),
  name: inBothLanguages.describe('What citizens read as the service, one text or { de, en }.'),
  client_ids: z.array(clientName).min(1).describe('Clients of Bayern-ID that ask for fees in its name.'),
  redirect_origins: z
    .array(origin)
    .min(1)
    .describe('Where citizens may be led back to: origins that redirectUrl has to be of.'),
  notice_uri: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('Told by a signed JWT when a payment or a refund has ended.'),
  requests_per_minute: z.int().min(1).max(1_000_000).default(600).describe('Fees and refunds that are taken from it.'),
  end_points: z.array(endPoint).min(1).describe('The authorities that get the money.'),
});

export type Originator = z.output<typeof originatorFile>;

export interface Originators {
  /** Every originator by its id. */
  readonly all: ReadonlyMap<string, Originator>;
}

export const endPointOf = (originator: Originator | undefined, id: string): EndPoint | undefined =>
  originator?.end_points.find((one) => one.id === id);

export type LoadedOriginators = LoadedFiles<Originators>;
export type OriginatorLoader = FilesLoader<Originators>;

/**
 * @param options.variables what `${NAME}` stands for in the files.
 * @param options.providers names of the providers in the settings.
 */
export const createOriginatorLoader = (options: {
  readonly directory: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly providers: readonly string[];
  readonly production: boolean;
}): OriginatorLoader => {
  const overHttp = (address: string): boolean => options.production && address.startsWith('http:');
  return createYamlFilesLoader({
    directories: [options.directory],
    variables: options.variables,
    schema: originatorFile,
    idOf: ({ originator }) => originator,
    begin: () => ({
      check(path, file) {
        const issues: Issue[] = [];
        const fail = (at: Issue['path'], message: string): void => void issues.push({ path: at, message });
        if (fileName(path) !== file.originator) fail(['originator'], `the file must be named ${file.originator}.yaml`);
        file.redirect_origins.forEach((address, i) => {
          if (overHttp(address)) fail(['redirect_origins', i], 'must be https');
        });
        if (file.notice_uri !== undefined && overHttp(file.notice_uri)) fail(['notice_uri'], 'must be https');
        const seen = new Set<string>();
        file.end_points.forEach(({ id, provider }, i) => {
          if (seen.has(id)) fail(['end_points', i, 'id'], `${id} is there twice`);
          seen.add(id);
          if (!options.providers.includes(provider))
            fail(
              ['end_points', i, 'provider'],
              `bezahlsystem.providers has no ${provider}; it has ${options.providers.join(', ') || 'none'}`,
            );
        });
        return issues;
      },
      set: (all) => ({ all }),
    }),
  });
};

/** Originators whose clients Bayern-ID does not know, or that belong to another authority. For whoever has the files of both at hand. */
export const unknownClientsOfOriginators = (
  { set, fileOf }: LoadedOriginators,
  authorityOf: (clientId: string) => string | undefined,
): Finding[] =>
  [...(set?.all.values() ?? [])].flatMap((originator) =>
    originator.client_ids.flatMap((client) => {
      const authority = authorityOf(client);
      if (authority === originator.authority) return [];
      const message =
        authority === undefined
          ? `${client} is no client of Bayern-ID`
          : `${client} belongs to the authority ${authority}, not to ${originator.authority}`;
      return [{ ...aboutFile(fileOf(originator.originator) ?? originator.originator, message), key: 'client_ids' }];
    }),
  );
