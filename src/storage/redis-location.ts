import { Cluster, Redis } from 'ioredis';
import type { RedisOptions } from 'ioredis';

export interface RedisNode {
  readonly host: string;
  readonly port: number;
}

interface RedisAccess {
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  readonly tls?: boolean | undefined;
}

/** So many replicas must have what was used up or taken away before it counts; 0 where there are none. */
interface Acknowledged {
  readonly acknowledgedBy?: number | undefined;
}

/** One server by its address, a group watched by Sentinel, or a Cluster by some of its nodes. */
export type RedisLocation =
  | { readonly url: string }
  | ({
      readonly sentinels: readonly RedisNode[];
      /** The name of the group at the Sentinels. */
      readonly name: string;
      readonly sentinelPassword?: string | undefined;
    } & RedisAccess &
      Acknowledged)
  | ({ readonly cluster: readonly RedisNode[] } & RedisAccess & Acknowledged);

/** In ms. A socket that owes an answer for this long is given up, so that a lost network is noticed. */
const socketTimeout = 1500;

const reconnectAfter = (tried: number): number => Math.min(2000, 25 * 2 ** Math.min(tried, 10));

const common = {
  lazyConnect: true,
  // A command that cannot be sent fails now; a command whose answer was lost is not repeated, since it may have run.
  enableOfflineQueue: false,
  autoResendUnfulfilledCommands: false,
  maxRetriesPerRequest: 0,
  connectTimeout: socketTimeout,
  disconnectTimeout: 200,
  socketTimeout,
  retryStrategy: reconnectAfter,
  // After a fail-over the old primary answers READONLY: look for the new one.
  reconnectOnError: (error) => error.message.startsWith('READONLY'),
  enableAutoPipelining: true,
} satisfies RedisOptions;

const accessOf = ({ username, password, tls }: RedisAccess): Pick<RedisOptions, 'username' | 'password' | 'tls'> => ({
  ...(username === undefined ? {} : { username }),
  ...(password === undefined ? {} : { password }),
  ...(tls === true ? { tls: {} } : {}),
});

/** A client that is not connected yet. */
export const createRedisClient = (location: RedisLocation): Redis | Cluster => {
  if ('url' in location) return new Redis(location.url, common);
  if ('sentinels' in location) {
    return new Redis({
      ...common,
      ...accessOf(location),
      sentinels: location.sentinels.map(({ host, port }) => ({ host, port })),
      name: location.name,
      ...(location.sentinelPassword === undefined ? {} : { sentinelPassword: location.sentinelPassword }),
      ...(location.tls === true ? { enableTLSForSentinelMode: true, sentinelTLS: {} } : {}),
      sentinelRetryStrategy: reconnectAfter,
      sentinelCommandTimeout: socketTimeout,
      failoverDetector: true,
    });
  }
  return new Cluster(
    location.cluster.map(({ host, port }) => ({ host, port })),
    {
      lazyConnect: true,
      enableOfflineQueue: false,
      enableAutoPipelining: true,
      clusterRetryStrategy: reconnectAfter,
      maxRedirections: 8,
      redisOptions: {
        autoResendUnfulfilledCommands: false,
        maxRetriesPerRequest: 0,
        connectTimeout: socketTimeout,
        disconnectTimeout: 200,
        socketTimeout,
        ...accessOf(location),
      },
      // Certificates carry names, which a look-up beforehand would replace by addresses.
      ...(location.tls === true ? { dnsLookup: (address, found) => found(null, address) } : {}),
    },
  );
};
