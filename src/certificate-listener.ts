import { readFileSync } from 'node:fs';
import type { Settings } from './settings.ts';
import { hostsOfOrigin } from './web/host.ts';
import { listen, type Listening, type ListenOptions } from './web/server.ts';

/** Every certificate may come in: who it is and whether it counts decides whoever reads the request, by files and tokens. */
export const listenWithCertificates = (
  settings: Settings,
  { name, handler, log, ...own }: Pick<ListenOptions, 'name' | 'handler' | 'log' | 'methods' | 'requestTimeout'>,
  at: {
    readonly origin: string;
    readonly port: number;
    readonly key_file: string;
    readonly certificate_file: string;
    readonly ca_file?: string;
  },
): Promise<Listening> =>
  listen({
    name: `${name} (client certificates)`,
    port: at.port,
    hosts: settings.web.listen,
    knownHosts: hostsOfOrigin(at.origin),
    handler,
    log,
    ...own,
    tls: {
      key: readFileSync(at.key_file),
      cert: readFileSync(at.certificate_file),
      ...(at.ca_file === undefined ? {} : { ca: readFileSync(at.ca_file) }),
      minVersion: 'TLSv1.2',
      requestCert: true,
      rejectUnauthorized: false,
    },
  });
