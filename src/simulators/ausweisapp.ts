import { execFile } from 'node:child_process';
import { copyFile, mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Where Debian's packages put the client: `ausweisapp2`, and later `ausweisapp`. */
const installed = ['/usr/bin/AusweisApp2', '/usr/bin/AusweisApp'];

/**
 * The versions whose built-in card can be used: from 2.3.0 on it checks Terminal Authentication against an authority
 * whose key is not public; between them nothing was tried.
 */
const usable = /^1\.26\./;

/** What there is of the real client on this machine. */
export type AusweisAppState =
  | { readonly kind: 'ready'; readonly version: string; readonly program: string }
  | { readonly kind: 'missing' }
  | { readonly kind: 'unfit'; readonly version: string };

const run = promisify(execFile);

/** What a program says of itself: "AusweisApp2 1.26.2". @returns undefined when it cannot be run */
const versionOf = async (program: string): Promise<string | undefined> => {
  try {
    const { stdout } = await run(program, ['--version'], {
      env: { ...process.env, QT_QPA_PLATFORM: 'offscreen' },
      timeout: 30_000,
    });
    return /\b(\d+\.\d+\.\d+)\b/.exec(stdout)?.[1];
  } catch {
    return undefined;
  }
};

/** Whether this machine has the client, and in a version that can be used. */
export const findAusweisApp = async (programs: readonly string[] = installed): Promise<AusweisAppState> => {
  for (const program of programs) {
    const version = await versionOf(program);
    if (version !== undefined)
      return usable.test(version) ? { kind: 'ready', version, program } : { kind: 'unfit', version };
  }
  return { kind: 'missing' };
};

/** Shows the simulated card among the readers; the developer mode, which would switch checks off, stays off. */
const settings = '[General]\ndeveloperOptions=true\nsimulator=true\n';

export interface PreparedAusweisApp {
  readonly program: string;
  /** For XDG_CONFIG_HOME: settings of its own, so that nobody's real AusweisApp is touched. */
  readonly configHome: string;
}

/**
 * Copies the client into the folder of the test PKI: it trusts the authorities that lie beside it, and only a copy has
 * any there. Settings are written once and kept.
 */
export const prepareAusweisApp = async (
  { program }: Extract<AusweisAppState, { kind: 'ready' }>,
  directory: string,
): Promise<PreparedAusweisApp> => {
  const copy = join(directory, 'AusweisApp2');
  const configHome = join(directory, 'config');
  const settingsFolder = join(configHome, 'Unknown Organization');
  await mkdir(settingsFolder, { recursive: true });
  // A copy that runs cannot be written to, only replaced.
  await copyFile(program, `${copy}.new`);
  await rename(`${copy}.new`, copy);
  await writeFile(join(settingsFolder, 'AusweisApp2.conf'), settings, { flag: 'wx' }).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  });
  return { program: copy, configHome };
};

/** What somebody needs to know who wants to log in with the real client. */
export interface AusweisAppGuide {
  readonly directory: string;
  /** Of the pages, PEM. */
  readonly tlsCertificate: string;
  readonly state: AusweisAppState;
  /** Where there is a client that can be used. */
  readonly prepared?: PreparedAusweisApp;
}

/** Looks for the client, and prepares a copy beside the test PKI. `tlsCertificate` is that of the pages, PEM. */
export const guideToAusweisApp = async (directory: string, tlsCertificate: string): Promise<AusweisAppGuide> => {
  const state = await findAusweisApp();
  const guide = { directory, tlsCertificate, state };
  return state.kind === 'ready' ? { ...guide, prepared: await prepareAusweisApp(state, directory) } : guide;
};
