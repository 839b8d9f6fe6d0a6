import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterAll, beforeAll } from '@jest/globals';
import { findAusweisApp, type AusweisAppState } from '../../src/simulators/ausweisapp.ts';
import { ensureDevelopmentPki } from '../../src/simulators/development-pki.ts';
import { loadTestPersons, type TestCard } from '../../src/simulators/test-persons.ts';
import { certificates, startTestApp, type TestApp } from './app.ts';
import { openAusweisApp, type AusweisApp } from './ausweisapp.ts';
import { cardFiles, type CardFiles } from './ausweisapp-card.ts';
import { describeUnless, describeIf, needFile } from './lack.ts';
import { freePort } from './free-port.ts';

type Usable = Extract<AusweisAppState, { kind: 'ready' }>;

const found = await findAusweisApp();
if (found.kind === 'missing') needFile('/usr/bin/AusweisApp2', 'ausweisapp2');

/** What a skipped suite is given, so that its tests can be named. */
const absent: Usable = { kind: 'ready', version: 'none', program: 'none' };

/** A suite that needs the real client; without it, or with another version, it is skipped and named. */
export const describeWithAusweisApp = (name: string, suite: (usable: Usable) => void): void => {
  const skipped = (): void => suite(absent);
  if (found.kind === 'missing') describeIf(false, name, skipped);
  else if (found.kind === 'unfit')
    describeUnless(`AusweisApp ${found.version}: only the card of 1.26 can be used`, name, skipped);
  else describeUnless(undefined, name, () => suite(found));
};

/**
 * For this suite the test runner's own requests trust the development PKI, as a developer's browser profile would. Not
 * longer: the worker is shared, and servers add what it trusts to the chains that they send, by the authority's name.
 */
export const trustDevelopmentPki = (): void => {
  let before: string[];
  beforeAll(async () => {
    await ensureDevelopmentPki(certificates);
    before = getCACertificates();
    setDefaultCACertificates([...before, readFileSync(join(certificates, 'ca.pem'), 'utf8')]);
  });
  afterAll(() => setDefaultCACertificates(before));
};

const { cards } = loadTestPersons('config/test-persons.yaml');

/** A test person's card for the real client, with other data where they are given. */
export const cardOf = (id: string, change: Partial<TestCard> = {}): CardFiles => {
  const card = cards.find((known) => known.id === id);
  if (card === undefined) throw new Error(`There is no test card "${id}"`);
  return cardFiles({ ...card, ...change });
};

export interface AusweisAppWorld {
  readonly app: TestApp;
  readonly client: AusweisApp;
  stop(): Promise<void>;
}

/** The whole of Bayern-ID on https://localhost, and the real client that trusts its test PKI. */
export const startWithAusweisApp = async (usable: Usable): Promise<AusweisAppWorld> => {
  const directory = mkdtempSync(join(tmpdir(), 'ausweisapp-pki-'));
  const [port, paosPort] = await Promise.all([freePort(), freePort()]);
  const app = await startTestApp({
    ausweisapp: { client: `http://127.0.0.1:${port}/eID-Client`, directory, paosPort },
  });
  const stopApp = async (): Promise<void> => {
    await app.stop();
    rmSync(directory, { recursive: true, force: true });
  };
  try {
    const client = await openAusweisApp(usable, directory, port);
    return {
      app,
      client,
      async stop() {
        await client.close();
        await stopApp();
      },
    };
  } catch (error) {
    await stopApp();
    throw error;
  }
};
