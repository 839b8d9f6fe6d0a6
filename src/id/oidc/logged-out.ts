import { randomBytes } from 'node:crypto';
import type { Context } from 'koa';
import type { Session } from 'oidc-provider';
import type { Artifacts } from '../../storage/artifacts.ts';
import { readCookie, writeCookie } from '../../web/cookies.ts';
import type { ClientSet } from '../clients/load.ts';
import { noticeKey } from './logout.ts';
import { servicesOf } from './sessions.ts';

/** What a logout came to, for the page that follows it. */
export interface LoggedOut {
  readonly services: readonly { readonly clientId: string; readonly key: string }[];
  /** The service that asked for it. */
  readonly clientId?: string;
  /** The citizen is still logged in at Bayern-ID: only the asking service let go. */
  readonly stayed: boolean;
}

/** Keeps it between the library's redirect and the page: the session, which knew the services, is gone by then. */
export interface LoggedOutStore {
  keep(ctx: Context, outcome: LoggedOut): Promise<void>;
  read(ctx: Context): Promise<LoggedOut | undefined>;
}

const cookie = 'logged-out';

/** Seconds: long enough to see who has confirmed, too short for the next person at this computer. */
const life = 120;

export const createLoggedOutStore = (artifacts: Artifacts): LoggedOutStore => ({
  async keep(ctx, { services, clientId, stayed }) {
    const id = randomBytes(16).toString('base64url');
    const kept = { services, stayed, ...(clientId === undefined ? {} : { clientId }) };
    await artifacts.save('LoggedOut', id, kept, { ttl: life });
    writeCookie(ctx, cookie, id, { maxAge: life });
  },
  async read(ctx) {
    const id = readCookie(ctx, cookie);
    if (id === undefined || id === '') return undefined;
    return (await artifacts.find('LoggedOut', id))?.payload as LoggedOut | undefined;
  },
});

/** Which services are told that this session has ended. */
export const toldServices = (session: Session, clients: ClientSet['clients']): LoggedOut['services'] =>
  servicesOf(session).flatMap(({ clientId, sid }) =>
    clients.get(clientId)?.file.backchannel_logout_uri === undefined
      ? []
      : [{ clientId, key: noticeKey(clientId, sid) }],
  );
