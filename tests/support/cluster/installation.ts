import { randomBytes } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { runFolder } from '../run-folder.js';

/** What all nodes of an installation share: configuration, secrets, certificates. */
export interface Installation {
  readonly home: string;
  /** Two services of the test: one that asks for consent, and one that gets refresh tokens. */
  readonly clients: { readonly ask: TestClient; readonly offline: TestClient };
  /** Ids of cards that no account has yet. */
  readonly cards: readonly string[];
}

export interface TestClient {
  readonly id: string;
  readonly secret: string;
  readonly redirectUri: string;
}

const authority = {
  name: 'Bayern',
  client_id_prefix: '',
  client_names: 'any',
  hosts: 'any',
  scopes: ['openid', 'profile', 'email', 'phone', 'address', 'identity', 'postfach', 'offline_access'],
  verified_claims: 'any',
  consent: 'none',
  resources: 'any',
  api: 'any',
  files: 'any',
  environment: 'any',
};

interface Persons {
  readonly cards: Readonly<Record<string, unknown>>[];
}

/** Copies of Max's card, each with a chip of its own. */
const manyCards = (count: number, file: string): string[] => {
  const persons = parse(readFileSync(file, 'utf8')) as Persons;
  const model = persons.cards.find(({ id }) => id === 'max');
  const ids = Array.from({ length: count }, (_, i) => `karte-${i + 1}`);
  const made = ids.map((id) => ({ ...model, id, card_key: id, title: id, ordinary: false }));
  writeFileSync(file, stringify({ ...persons, cards: [...persons.cards, ...made] }));
  return ids;
};

/** @param cards how many cards there are that nobody has used. */
export const makeInstallation = (cards: number): Installation => {
  const home = mkdtempSync(join(tmpdir(), 'bayern-id-cluster-'));
  cpSync('config', join(home, 'config'), { recursive: true });
  writeFileSync(join(home, 'config', 'authorities', 'bayern.yaml'), stringify(authority));
  // RSA keys take seconds: all tests of a run share them.
  const certificates = join(runFolder(), 'certificates');
  mkdirSync(certificates, { recursive: true });
  symlinkSync(certificates, join(home, 'certs'));
  const client = (id: string, file: object): TestClient => {
    const secret = randomBytes(32).toString('base64url');
    const secretFile = join(home, `${id}.secret`);
    writeFileSync(secretFile, secret, { mode: 0o600 });
    const redirectUri = `http://127.0.0.1:9/${id}`;
    const written = {
      client_id: id,
      client_name: `Dienst ${id}`,
      redirect_uris: [redirectUri],
      token_endpoint_auth_method: 'client_secret_basic',
      client_secret_file: secretFile,
      ...file,
    };
    writeFileSync(join(home, 'config', 'clients', `${id}.yaml`), stringify(written));
    return { id, secret, redirectUri };
  };
  return {
    home,
    clients: {
      ask: client('fragt', { scope: 'openid profile email', purpose: { de: 'Ein Test', en: 'A test' } }),
      offline: client('dauert', {
        scope: 'openid profile offline_access',
        grant_types: ['authorization_code', 'refresh_token'],
        consent: 'none',
        legal_basis: 'Art. 6 DSGVO',
      }),
    },
    cards: manyCards(cards, join(home, 'config', 'test-persons.yaml')),
  };
};
