import { randomBytes } from 'node:crypto';
import type { EidOperation } from '../../id/authentication/eid/port.ts';
import type { TestCard } from '../test-persons.ts';
import { readCard } from './reading.ts';
import type { EidServerSession, EidServerSessions } from './sessions.ts';
import { fetchTcToken, NoTcToken, type TcToken, type TcTokenOptions } from './tc-token.ts';

/** One use of the simulated client, from the TC Token to the way back. */
export interface ClientRun {
  readonly id: string;
  readonly token: TcToken;
  readonly session: EidServerSession;
  readonly expiresAt: number;
  card?: TestCard;
  deselected?: ReadonlySet<EidOperation>;
}

/** The client goes back to the browser at once, without having asked anybody anything. */
export interface ClientEnd {
  /** RefreshAddress or CommunicationErrorAddress with ResultMajor and ResultMinor. */
  readonly location: string;
}

export type ResultMinor =
  'cancellationByUser' | 'trustedChannelEstablishmentFailed' | 'communicationError' | 'serverError';

const lifetime = 10 * 60_000;

const addResult = (address: string, minor: ResultMinor | undefined): string => {
  const parameters = minor === undefined ? 'ResultMajor=ok' : `ResultMajor=error&ResultMinor=${minor}`;
  return `${address}${address.includes('?') ? '&' : '?'}${parameters}`;
};

export interface ClientOptions {
  readonly sessions: EidServerSessions;
  readonly tcToken: TcTokenOptions;
  readonly paosAddress: string;
  readonly sectorSecret: string;
  readonly mostRuns: number;
}

/** The simulated eID client and card reader. It keeps no link to a browser but the run's unguessable id. */
export const createClient = (options: ClientOptions) => {
  const runs = new Map<string, ClientRun>();

  const isOurs = (address: string | undefined): address is string =>
    address !== undefined && options.tcToken.origins.has(URL.parse(address)?.origin ?? '');

  const toRefresh = (token: TcToken, minor?: ResultMinor): ClientEnd => ({
    location: addResult(token.refreshAddress, minor),
  });

  const toErrorAddress = (token: TcToken): ClientEnd => {
    if (!isOurs(token.communicationErrorAddress)) throw new NoTcToken('no usable CommunicationErrorAddress');
    return { location: addResult(token.communicationErrorAddress, 'communicationError') };
  };

  const endRun = (run: ClientRun, end: ClientEnd): ClientEnd => {
    runs.delete(run.id);
    return end;
  };

  const communicationFails = (run: ClientRun): ClientEnd => endRun(run, toErrorAddress(run.token));

  const cancel = (run: ClientRun): ClientEnd => {
    run.session.reading = { kind: 'cancelled' };
    return endRun(run, toRefresh(run.token, 'cancellationByUser'));
  };

  return {
    /**
     * Fetches the TC Token and checks it by the client's rules.
     * @throws NoTcToken when there is nowhere to go back to
     */
    async begin(tcTokenUrl: string, now: number): Promise<ClientRun | ClientEnd> {
      const { token, origin } = await fetchTcToken(tcTokenUrl, options.tcToken);
      // A real client follows the redirects of a foreign RefreshAddress until it is home again; ours never has any.
      if (URL.parse(token.refreshAddress)?.origin !== origin) return toErrorAddress(token);
      const session = options.sessions.findByPsk(token.psk.id, now);
      const channel = token.serverAddress === options.paosAddress && session?.psk.key === token.psk.key.toLowerCase();
      if (session === undefined || !channel) return toRefresh(token, 'trustedChannelEstablishmentFailed');
      for (const run of runs.values()) {
        if (run.expiresAt > now && runs.size < options.mostRuns) break;
        runs.delete(run.id);
      }
      const run: ClientRun = { id: randomBytes(32).toString('base64url'), token, session, expiresAt: now + lifetime };
      runs.set(run.id, run);
      return run;
    },

    find(id: string, now: number): ClientRun | undefined {
      const run = runs.get(id);
      return run !== undefined && run.expiresAt > now ? run : undefined;
    },

    cancel,

    /** The card was read with the right PIN; the result waits at the eID-Server. */
    finish(run: ClientRun, card: TestCard, deselected: ReadonlySet<EidOperation>, now: number): ClientEnd {
      if (run.session.faults.client === 'cancel') return cancel(run);
      if (run.session.faults.client === 'communicationError') return communicationFails(run);
      const reading = readCard(card, run.session.request, {
        deselected,
        sectorSecret: options.sectorSecret,
        now,
      });
      run.session.reading = reading;
      return endRun(run, toRefresh(run.token, reading.kind === 'read' ? undefined : 'serverError'));
    },
  };
};

export type EidClient = ReturnType<typeof createClient>;

export const isRun = (begun: ClientRun | ClientEnd): begun is ClientRun => 'session' in begun;
