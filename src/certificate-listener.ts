import { readFileSync } from 'node:fs';
import type { Settings } from './settings.ts';
import { hostsOfOrigin } from './web/host.ts';
import type { Log } from './web/log.ts';
import { listen, type Handler, type Listening } from './web/server.ts';

/** Every certificate may come in; who it is and whether it counts is decided behind: at the token endpoint, and by what a token is bound to. */
export const listenWithCertificates = (
  name: string,
  mutualTls: NonNullable<Settings['id']['mutual_tls']>,
  handler: Handler,
  settings: Settings,
  log: Log,
): Promise<Listening> =>
  listen({
    name,
    port: mutualTls.port,
    hosts: settings.web.listen,
    knownHosts: hostsOfOrigin(mutualTls.origin),
    handler,
    log,
    tls: {
      key: readFileSync(mutualTls.key_file),
      cert: readFileSync(mutualTls.certificate_file),
      ca: readFileSync(mutualTls.ca_file),
      minVersion: 'TLSv1.2',
      requestCert: true,
      rejectUnauthorized: false,
    },
  });
