import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepareAusweisApp, type AusweisAppState } from '../../src/simulators/ausweisapp.ts';
import type { CardFiles } from './ausweisapp-card.ts';

/** What the client says over its websocket; the fields are those that are looked at. */
interface Message {
  readonly msg: string;
  readonly error?: string;
  readonly result?: { readonly major?: string; readonly minor?: string };
  readonly url?: string;
  readonly chat?: { readonly required: readonly string[]; readonly optional: readonly string[] };
  readonly transactionInfo?: string;
  readonly description?: { readonly subjectName?: string; readonly issuerName?: string; readonly subjectUrl?: string };
}

/** How one use of the card is to go. */
export interface CardUse {
  /** Undefined: the client's own card, Erika Mustermann. */
  readonly card?: CardFiles;
  /** The citizen ends it, before the card or at the PIN. */
  readonly cancelAt?: 'rights' | 'pin';
  /** Optional data that stay checked; undefined: all. */
  readonly optional?: readonly string[];
}

/** What came of it. */
export interface UseOutcome {
  readonly major: string;
  readonly minor: string | undefined;
  /** The messages of this use, by name, in their order. */
  readonly messages: readonly Message[];
  /** The client met its own race (see AusweisApp.use). */
  readonly raced: boolean;
}

export interface AusweisApp {
  /** Where the browser goes, with ?tcTokenURL=… behind it. */
  readonly address: string;
  readonly version: string;
  /**
   * Plays the citizen in front of the client for the next use, until its result is told. To be called before the browser
   * goes there.
   *
   * Version 1.26.2 has a race: right after a card was laid on its simulated reader, the check of the card may still hold
   * the connection that the login wants. It logs "Card is already connected" then and ends the login as
   * al/common#unknownError; whoever sees `raced` begins the whole login anew.
   */
  use(how: CardUse): Promise<UseOutcome>;
  log(): string;
  close(): Promise<void>;
}

const raceLine = 'Card is already connected';

/** One of the processors that this process may run on. */
const someProcessor = (): string => {
  const list = /^Cpus_allowed_list:\s*(\S+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '0';
  return list.split(/[,-]/).at(-1) ?? '0';
};

/**
 * The client without a screen, on a port of its own, with settings and folders of its own. It runs on one processor and as
 * a batch job, so that none of its threads takes the processor from another in the midst of its work: that loses its race
 * in 3 of 100 logins, and in 30 without it.
 */
export const openAusweisApp = async (
  state: Extract<AusweisAppState, { kind: 'ready' }>,
  directory: string,
  port: number,
): Promise<AusweisApp> => {
  const { program, configHome } = await prepareAusweisApp(state, directory);
  const home = mkdtempSync(join(tmpdir(), 'ausweisapp-'));
  const calmly = ['-c', someProcessor(), 'chrt', '--batch', '0'];
  const headless = ['--no-proxy', '--no-logfile', '--ui', 'webservice', '--ui', 'websocket', '--port', String(port)];
  const child = spawn('taskset', [...calmly, program, ...headless], {
    env: {
      PATH: process.env['PATH'],
      HOME: home,
      XDG_CONFIG_HOME: configHome,
      XDG_RUNTIME_DIR: home,
      QT_QPA_PLATFORM: 'offscreen',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const closed = once(child, 'close');
  let output = '';
  let listening: () => void = () => undefined;
  const ready = new Promise<void>((fulfil, reject) => {
    listening = fulfil;
    void closed.then(() => reject(new Error(`the client ended:\n${output.slice(-4000)}`)));
  });
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk;
      if (output.includes('Enable WebSocket')) listening();
    });

  const close = async (): Promise<void> => {
    child.kill('SIGKILL');
    await closed;
    rmSync(home, { recursive: true, force: true });
  };

  try {
    await ready;
    const socket = new WebSocket(`ws://127.0.0.1:${port}/eID-Kernel`);
    await new Promise<void>((fulfil, reject) => {
      socket.addEventListener('open', () => fulfil());
      socket.addEventListener('error', () => reject(new Error(`no websocket:\n${output.slice(-4000)}`)));
    });
    let hear: (message: Message) => void = () => undefined;
    socket.addEventListener('message', ({ data }) => hear(JSON.parse(String(data)) as Message));
    const send = (command: object): void => socket.send(JSON.stringify(command));

    const use = ({ card, cancelAt, optional }: CardUse): Promise<UseOutcome> =>
      new Promise((fulfil, reject) => {
        const messages: Message[] = [];
        const from = output.length;
        void closed.then(() => reject(new Error(`the client ended:\n${output.slice(-4000)}`)));
        hear = (message) => {
          messages.push(message);
          const { msg, result, error } = message;
          if (msg === 'ACCESS_RIGHTS' && optional !== undefined && message.chat?.optional.length !== 0)
            send({ cmd: 'SET_ACCESS_RIGHTS', chat: optional });
          if (msg === 'ACCESS_RIGHTS') send({ cmd: 'GET_CERTIFICATE' });
          if (msg === 'CERTIFICATE') send({ cmd: cancelAt === 'rights' ? 'CANCEL' : 'ACCEPT' });
          if (msg === 'INSERT_CARD')
            send({ cmd: 'SET_CARD', name: 'Simulator', ...(card === undefined ? {} : { simulator: card }) });
          // The simulated reader has keys of its own.
          if (msg === 'ENTER_PIN') send({ cmd: cancelAt === 'pin' ? 'CANCEL' : 'SET_PIN' });
          if (msg !== 'AUTH' || (result === undefined && error === undefined)) return;
          hear = () => undefined;
          fulfil({
            major: result?.major?.split('#').at(-1) ?? error ?? '',
            minor: result?.minor?.split('/resultminor/').at(-1),
            messages,
            raced: output.slice(from).includes(raceLine) && result?.minor?.endsWith('al/common#unknownError') === true,
          });
        };
      });

    return {
      address: `http://127.0.0.1:${port}/eID-Client`,
      version: state.version,
      use,
      log: () => output,
      async close() {
        socket.close();
        await close();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
};
