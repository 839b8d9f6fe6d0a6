import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { flowTexts } from '../../src/id/interaction/texts/index.ts';
import { findAusweisApp } from '../../src/simulators/ausweisapp.ts';
import { ensureDevelopmentPki } from '../../src/simulators/development-pki.ts';
import { loadTestPersons, type TestCard } from '../../src/simulators/test-persons.ts';
import { certificates, startTestApp, type TestApp } from '../support/app.ts';
import { openAusweisApp, type AusweisApp } from '../support/ausweisapp.ts';
import { cardFiles, type CardFiles } from '../support/ausweisapp-card.ts';
import { useRealCard } from '../support/ausweisapp-login.ts';
import { createPerson, textOf, type Person } from '../support/browse.ts';
import { loginAtPortal, max } from '../support/journey.ts';
import { freePort } from '../support/process.ts';
import { describeIf } from '../support/lack.ts';

const found = await findAusweisApp();
const { cause } = flowTexts.de.eidFailure;

const cards = loadTestPersons('config/test-persons.yaml').cards;
const files = (id: string, change: Partial<TestCard> = {}): CardFiles => {
  const card = cards.find((known) => known.id === id);
  if (card === undefined) throw new Error(`no test card ${id}`);
  return cardFiles({ ...card, ...change });
};

describeIf(found.kind === 'ready', 'whole logins with the real AusweisApp', () => {
  let app: TestApp;
  let client: AusweisApp;
  let directory: string;

  beforeAll(async () => {
    if (found.kind !== 'ready') throw new Error('not reached');
    await ensureDevelopmentPki(certificates);
    setDefaultCACertificates([...getCACertificates(), readFileSync(join(certificates, 'ca.pem'), 'utf8')]);
    directory = mkdtempSync(join(tmpdir(), 'ausweisapp-pki-'));
    const [port, paosPort] = await Promise.all([freePort(), freePort()]);
    const address = `http://127.0.0.1:${port}/eID-Client`;
    app = await startTestApp({ ausweisapp: { client: address, directory, paosPort } });
    client = await openAusweisApp(found, directory, port);
  });
  afterAll(async () => {
    await client.close();
    await app.stop();
    rmSync(directory, { recursive: true, force: true });
  });
  beforeEach(async () => {
    await app.events();
  });

  const types = async (): Promise<string[]> => (await app.events()).map(({ type }) => type);
  const use = async (person: Person, offer: Parameters<typeof useRealCard>[2], how: Parameters<typeof useRealCard>[3]) =>
    useRealCard(client, person, offer, how, async () => void (await app.events()));

  test('a login with the card alone', async () => {
    const person = createPerson();
    const { page, told } = await use(person, await person.visit(`${app.portal}/login`), {});
    console.log(told, textOf(page).slice(0, 500), app.log.slice(-10), client.log().slice(-3000));
  });
});
