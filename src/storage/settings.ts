import { z } from 'zod';
import type { StoresOptions } from './open.ts';
import type { RedisLocation, RedisNode } from './redis-location.ts';

const node = z.string().regex(/^[^\s:/]+:\d{1,5}$/, 'host:port');

const isLoopback = (host: string): boolean =>
  host === '' || host === 'localhost' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host);

const isSafe = (text: string, encrypted: (url: URL) => boolean): boolean => {
  const url = URL.parse(text);
  return url === null || isLoopback(url.hostname) || encrypted(url);
};

/** `require` verifies nothing at libpq; only what checks the server's certificate counts. */
const databaseIsEncrypted = (url: URL): boolean =>
  ['verify-full', 'verify-ca'].includes(url.searchParams.get('sslmode') ?? '');
const redisIsEncrypted = (url: URL): boolean => url.protocol === 'rediss:';

const access = {
  username: z.string().min(1).optional().describe('User of Redis (ACL); without it, the default user.'),
  password: z.string().min(1).optional().describe('Password of Redis; better given as a secret file.'),
  tls: z.boolean().default(true).describe('Encrypt and check the server’s certificate. Default true.'),
};

const acknowledged = {
  acknowledged_by: z
    .int()
    .min(0)
    .default(1)
    .describe(
      'So many replicas must have what was used up or ended before it counts, so that a fail-over does not undo it. Needs one replica more than this. Default 1.',
    ),
};

const redis = z
  .union([
    z.strictObject({
      url: z.url({ protocol: /^rediss?$/ }).describe('One server: rediss://user:password@host:port/database.'),
    }),
    z.strictObject({
      sentinels: z.array(node).min(1).describe('Addresses of the Sentinels, host:port.'),
      name: z.string().min(1).describe('Name of the group that the Sentinels watch.'),
      sentinel_password: z.string().min(1).optional().describe('Password of the Sentinels themselves.'),
      ...access,
      ...acknowledged,
    }),
    z.strictObject({
      cluster: z.array(node).min(1).describe('Addresses of some nodes of the Cluster, host:port; it names the others.'),
      ...access,
      ...acknowledged,
    }),
  ])
  .describe(
    'Redis for artifacts and counters: one server, a group under Sentinel, or a Cluster. Its maxmemory-policy must be noeviction.',
  );

/** Where a process keeps what it knows. Without any key: files in `data`. */
export const storageSettings = z
  .strictObject({
    directory: z
      .string()
      .min(1)
      .default('data')
      .describe(
        'Folder of the SQLite files and of secrets, relative to the working directory. Created with mode 0700.',
      ),
    database_url: z
      .url({ protocol: /^postgres(ql)?$/ })
      .optional()
      .describe(
        'PostgreSQL instead of files: postgres://user:password@host/database?sslmode=verify-full. Needed for more than one process of a part.',
      ),
    database_connections: z
      .int()
      .min(1)
      .max(200)
      .default(10)
      .describe(
        'Connections that a process of a part opens to PostgreSQL at most, and as many again for artifacts and counters without Redis. All processes together must stay below max_connections of the server, also while a version is exchanged. Default 10.',
      ),
    redis: redis.optional(),
    allow_unencrypted: z
      .boolean()
      .default(false)
      .describe('Allow connections to PostgreSQL and Redis on other machines without TLS. Default false.'),
  })
  .check(({ value, issues }) => {
    if (value.allow_unencrypted) return;
    const refuse = (path: string[], message: string): void => {
      issues.push({ code: 'custom', input: value, path, message });
    };
    if (value.database_url !== undefined && !isSafe(value.database_url, databaseIsEncrypted)) {
      refuse(
        ['database_url'],
        'A database on another machine needs sslmode=verify-full (or storage.allow_unencrypted: true)',
      );
    }
    if (value.redis === undefined) return;
    if ('url' in value.redis ? !isSafe(value.redis.url, redisIsEncrypted) : !value.redis.tls) {
      refuse(['redis'], 'Redis on another machine needs TLS (or storage.allow_unencrypted: true)');
    }
  })
  .describe('Where data is kept.');

export type StorageSettings = z.infer<typeof storageSettings>;

const toNode = (text: string): RedisNode => {
  const [host = '', port = ''] = text.split(':');
  return { host, port: Number(port) };
};

const toRedisLocation = (settings: NonNullable<StorageSettings['redis']>): RedisLocation => {
  if ('url' in settings) return settings;
  const { acknowledged_by: acknowledgedBy, ...place } = settings;
  if ('cluster' in place) return { ...place, acknowledgedBy, cluster: place.cluster.map(toNode) };
  const { sentinels, sentinel_password: sentinelPassword, ...rest } = place;
  return { ...rest, acknowledgedBy, sentinels: sentinels.map(toNode), sentinelPassword };
};

/** The settings in the form that `openStores` takes. */
export function storesLocation(
  settings: StorageSettings,
): Pick<StoresOptions, 'directory' | 'databaseUrl' | 'databaseConnections' | 'redis'> {
  return {
    directory: settings.directory,
    databaseUrl: settings.database_url,
    databaseConnections: settings.database_connections,
    redis: settings.redis === undefined ? undefined : toRedisLocation(settings.redis),
  };
}
