import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { stringify } from 'yaml';
import { levels } from '../assurance/levels.ts';
import { checkYaml, locate } from '../config/checked.ts';
import { ConfigError, formatFinding, type Finding } from '../config/report.ts';
import { beyondLimits } from '../id/clients/limits.ts';
import { createClientLoader, stateAuthority } from '../id/clients/load.ts';
import { clientFile, scopeNames } from '../id/clients/schema.ts';
import { soundness } from '../id/clients/soundness.ts';

export interface NewClientOptions {
  /** Holds authorities/ and clients/. */
  readonly directory: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly env: NodeJS.ProcessEnv;
  readonly production: boolean;
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
  /** Somebody sits there: a wrong answer is asked for again. From a pipe it ends the command. */
  readonly interactive: boolean;
}

type Given = Readonly<Record<string, unknown>>;

/** What is wrong with an answer. */
type Fault = string | undefined;

type Ask = (question: string, preset: string, fault?: (answer: string) => Fault) => Promise<string>;

/** What the schema says about one key of the file by itself. */
const faultOf = (key: keyof typeof clientFile.shape, value: unknown): Fault => {
  const { success, error } = clientFile.shape[key].safeParse(value);
  return success ? undefined : error.issues.map(({ message }) => message).join('; ');
};

const words = (answer: string): string[] => answer.split(/[\s,]+/).filter(Boolean);

const oneOf =
  (allowed: readonly string[]) =>
  (answer: string): Fault =>
    allowed.includes(answer) ? undefined : `one of ${allowed.join(', ')}`;

const needed = (answer: string): Fault => (answer === '' ? 'an answer is needed' : undefined);

/** Ways to authenticate, best first. Each leads to the one question that it still needs, about a place and never a secret. */
const ways: Readonly<Record<string, (ask: Ask, id: string) => Promise<Given>>> = {
  key_file: async (ask, id) => ({
    jwks_file: await ask('File with its public keys', `secrets/${id}.public.json`, needed),
  }),
  key_address: async (ask) => ({
    jwks_uri: await ask('Address of its public keys', '', (answer) => needed(answer) ?? faultOf('jwks_uri', answer)),
  }),
  secret_file: async (ask, id) => ({
    client_secret_file: await ask('File with its secret (32 characters or more)', `secrets/${id}`, needed),
  }),
  secret_variable: async (ask, id) => ({
    client_secret_env: await ask(
      'Environment variable with its secret',
      `CLIENT_${id.toUpperCase().replaceAll('-', '_')}_SECRET`,
      (answer) => faultOf('client_secret_env', answer),
    ),
  }),
  none: () => Promise.resolve({ application_type: 'native', token_endpoint_auth_method: 'none' }),
};

const questions = async (ask: Ask, id: string): Promise<Given> => {
  const de = await ask('Name that citizens read, in German', '', needed);
  const en = await ask('The same in English', de);
  const redirects = await ask('Addresses to which answers go (redirect_uris)', '', (answer) =>
    answer === '' ? needed(answer) : faultOf('redirect_uris', words(answer)),
  );
  const scope = await ask(`Scopes, of ${scopeNames.join(' ')}`, 'openid profile', (answer) => faultOf('scope', answer));
  const level = await ask(`Lowest level of a login: ${levels.join(', ')}`, 'basic', oneOf(levels));
  const way = await ask(`How it authenticates: ${Object.keys(ways).join(', ')}`, 'key_file', oneOf(Object.keys(ways)));
  return {
    client_name: de === en ? de : { de, en },
    redirect_uris: words(redirects),
    ...(await ways[way]?.(ask, id)),
    scope,
    ...(words(scope).includes('offline_access') ? { grant_types: ['authorization_code', 'refresh_token'] } : {}),
    minimum_level: level,
  };
};

/**
 * Asks what a service needs and writes its file. Lines from a pipe are answers in the order of the questions, an empty
 * one stands for the preset. Nothing is overwritten, and nothing is written that authority or schema refuse.
 *
 * @returns the exit code.
 * @throws when the answers end too early or one is wrong and nobody is there to be asked again.
 */
export const newClient = async (options: NewClientOptions): Promise<number> => {
  const { directory, variables, production, output } = options;
  const say = (text: string): void => void output.write(`${text}\n`);
  const loaded = await createClientLoader({ ...options, withoutSecrets: true }).load();
  if (!loaded.set) throw new ConfigError(loaded.findings);
  const { authorities } = loaded.set;

  const lines = createInterface({ input: options.input, ...(options.interactive ? { output } : {}) });
  // Lines of a pipe come all at once, before anybody has asked: the iterator keeps them.
  const answers = lines[Symbol.asyncIterator]();
  const ask: Ask = async (question, preset, fault) => {
    for (;;) {
      output.write(preset === '' ? `${question}: ` : `${question} [${preset}]: `);
      const next = await answers.next();
      if (next.done === true) throw new Error(`the answers ended before “${question}”`);
      const answer = next.value.trim() || preset;
      const wrong = fault?.(answer);
      if (!options.interactive) say('');
      if (wrong === undefined) return answer;
      if (!options.interactive) throw new Error(`${question}: ${wrong}`);
      say(`  ${wrong}`);
    }
  };

  try {
    const authority = await ask(
      `Authority: ${[...authorities.keys()].join(', ')}`,
      stateAuthority,
      oneOf([...authorities.keys()]),
    );
    const limits = authorities.get(authority);
    if (!limits) throw new Error(`there is no authority ${authority}`);
    const prefix = limits.client_id_prefix ?? `${authority}-`;
    const id = await ask(`Client id${prefix === '' ? '' : `, beginning with ${prefix}`}`, '', (answer) => {
      const other = loaded.fileOf(answer);
      return other === undefined ? faultOf('client_id', answer) : `is in ${other} already`;
    });
    const folder = join(directory, 'clients', ...(authority === stateAuthority ? [] : [authority]));
    const path = join(folder, `${id}.yaml`);
    const given = { client_id: id, ...(await questions(ask, id)) };
    const schema = relative(dirname(path), join(directory, 'schema', 'client.json'));
    const text = `# yaml-language-server: $schema=${schema}\n${stringify(given, { lineWidth: 120 })}`;

    const { value, findings } = checkYaml(path, { text }, clientFile, variables);
    const found: readonly Finding[] = value
      ? locate(path, { text }, [...beyondLimits(value, limits, production), ...soundness(value, production)])
      : findings;
    for (const finding of found) say(formatFinding(finding));
    if (found.some(({ severity }) => severity === 'error')) {
      say('Nothing was written: with this file no change of any client would come into force.');
      return 1;
    }
    await mkdir(folder, { recursive: true });
    await writeFile(path, text, { flag: 'wx' });
    say(`Wrote ${path}.`);
    const awaited = value?.jwks_file ?? value?.client_secret_file ?? value?.client_secret_env;
    if (awaited !== undefined) say(`Until ${awaited} is there, no change of any client comes into force.`);
    return 0;
  } finally {
    lines.close();
  }
};
