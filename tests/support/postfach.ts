import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { MeinPostfach } from '../../src/portal/mein-postfach/app.ts';
import type { Mailbox } from '../../src/portal/mein-postfach/records/mailboxes.ts';
import { goOn, startServices, type Service, type Services } from '../attack/service.ts';
import { contractOf } from './api-contract.ts';
import { startTestApp, type TestApp, type TestAppOptions } from './app.ts';
import { createPerson } from './browse.ts';

export interface TestFile {
  readonly name: string;
  readonly type: string;
  readonly content: Buffer;
}

export interface ApiAnswer {
  readonly status: number;
  readonly body: Record<string, unknown>;
  readonly headers: Headers;
}

/** A sender with a client of its own at Bayern-ID. */
export interface TestSender {
  readonly service: Service;
  token(scope?: string): Promise<string>;
  /** The handle of a person's mailbox for this sender's authority, by a login there. */
  handleOf(login: { readonly login: string; readonly password: string }): Promise<string>;
  deliver(messageId: string, letter: Record<string, unknown>, files?: readonly TestFile[]): Promise<ApiAnswer>;
  /** Any other request to the API. */
  call(method: string, path: string, body?: unknown): Promise<ApiAnswer>;
}

export interface PostfachWorld {
  readonly app: TestApp;
  readonly services: Services;
  /** Adds authority, client and sender; `file` are further keys of the sender's file, `client` of the client's. */
  sender(
    id: string,
    options?: {
      readonly authority?: string;
      readonly file?: Record<string, unknown>;
      readonly client?: Record<string, unknown>;
    },
  ): Promise<TestSender>;
  /** Gives an account a confirmed address. */
  giveEmail(login: string): Promise<void>;
  /** The mailbox of an account, as a citizen's page opens it. */
  mailboxOf(login: string): Promise<Mailbox>;
  readonly postfach: MeinPostfach;
  stop(): Promise<void>;
}

export const sha512 = (content: Buffer): string => createHash('sha512').update(content).digest('hex');

export const declared = (files: readonly TestFile[]): Record<string, unknown>[] =>
  files.map(({ name, type, content }) => ({ name, type, length: content.length, sha512: sha512(content) }));

/** A sound letter. */
export const letterTo = (recipient: string, more: Record<string, unknown> = {}): Record<string, unknown> => ({
  recipient,
  service: 'Hundesteuer',
  subject: 'Ihr Bescheid über die Hundesteuer',
  content: { type: 'text', body: 'Sehr geehrte Frau Mustermann,\nanbei der Bescheid.' },
  level: 'basic',
  ...more,
});

/**
 * The whole of Bayern-ID with Mein Postfach, and senders that have real tokens.
 *
 * @param elsewhere starts Mein Postfach where the options leave it out.
 */
export const startPostfach = async (
  options: TestAppOptions = {},
  elsewhere?: (app: TestApp) => Promise<void>,
): Promise<PostfachWorld> => {
  const app = await startTestApp(options);
  await elsewhere?.(app);
  const services = await startServices(app);
  const running = (): MeinPostfach => {
    if (!app.app.postfach) throw new Error('Mein Postfach runs in another process');
    return app.app.postfach;
  };
  const contract = await contractOf(app.postfach);
  const audience = `${app.postfach}/api`;

  const answerOf = async (method: string, path: string, response: Response): Promise<ApiAnswer> => {
    const text = await response.text();
    const body = text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
    contract.answer(method, path, response.status, response.headers.get('content-type') ?? '', body);
    return { status: response.status, body, headers: response.headers };
  };

  return {
    app,
    services,
    async sender(id, { authority = 'bayern', file = {}, client = {} } = {}) {
      if (authority !== 'bayern') {
        const permissive = {
          name: authority,
          client_id_prefix: '',
          client_names: 'any',
          hosts: 'any',
          scopes: ['openid', 'profile', 'postfach'],
          consent: 'none',
          resources: 'any',
        };
        writeFileSync(join(app.config, 'authorities', `${authority}.yaml`), stringify(permissive));
        mkdirSync(join(app.config, 'clients', authority), { recursive: true });
      }
      const spec = {
        scope: 'openid postfach',
        grant_types: ['authorization_code', 'client_credentials'],
        resources: { [audience]: ['postfach:deliver', 'postfach:read'] },
        ...client,
      };
      const service = await services.add({
        clientId: id,
        by: 'private_key_jwt',
        file: spec,
        ...(authority === 'bayern' ? {} : { authority }),
      });
      const senders = join(app.config, 'postfach', 'senders');
      mkdirSync(senders, { recursive: true });
      const own = { sender: id, authority, name: `Amt ${id}`, client_ids: [id], letters_per_minute: 100_000, ...file };
      writeFileSync(join(senders, `${id}.yaml`), stringify(own));
      const wrong = (await app.app.postfach?.senders.now()) ?? [];
      if (wrong.length > 0) throw new Error(wrong.map(({ message }) => message).join('; '));

      // Tokens for APIs live a minute, and a busy machine is slow.
      const tokens = new Map<string, { readonly value: string; readonly until: number }>();
      const token: TestSender['token'] = async (scope = 'postfach:deliver postfach:read') => {
        const known = tokens.get(scope);
        if (known !== undefined && performance.now() < known.until) return known.value;
        const granted = await service.tokens({ grant_type: 'client_credentials', scope, resource: audience });
        tokens.set(scope, { value: granted.access_token, until: performance.now() + 15_000 });
        return granted.access_token;
      };
      return {
        service,
        token,
        async handleOf(login) {
          const person = createPerson();
          const page = await goOn(app, person, await service.ask(person, { scope: 'openid postfach' }), { login });
          const { access_token: access } = await service.redeem(page);
          const response = await fetch(`${app.issuer}/me`, { headers: { authorization: `Bearer ${access}` } });
          const { postfach } = (await response.json()) as { readonly postfach?: string };
          if (postfach === undefined) throw new Error('no handle was released');
          return postfach;
        },
        async deliver(messageId, letter, files = []) {
          const form = new FormData();
          form.append('letter', new Blob([JSON.stringify(letter)], { type: 'application/json' }), 'letter.json');
          for (const { name, type, content } of files)
            form.append('attachment', new Blob([new Uint8Array(content)], { type }), name);
          const path = `/api/letters/${messageId}`;
          const response = await fetch(`${app.postfach}${path}`, {
            method: 'PUT',
            headers: { authorization: `Bearer ${await token()}` },
            body: form,
          });
          const answer = await answerOf('PUT', path, response);
          if (answer.status < 300 && !contract.request('Letter', letter))
            throw new Error('a letter was taken that is not as described');
          return answer;
        },
        async call(method, path, body) {
          const response = await fetch(`${app.postfach}${path}`, {
            method,
            headers: {
              authorization: `Bearer ${await token()}`,
              ...(body === undefined ? {} : { 'content-type': 'application/json' }),
            },
            ...(body === undefined ? {} : { body: JSON.stringify(body) }),
          });
          return answerOf(method, path, response);
        },
      };
    },
    async giveEmail(login) {
      const account = (await app.citizen(login))?.account;
      if (!account) throw new Error('there is no such account');
      const { id, epoch } = account;
      await app.app.id?.accounts.setEmail({ id, epoch }, `${login}@example.org`, []);
    },
    async mailboxOf(login) {
      const { 'bayern/mein-postfach': subject = '' } = await app.subjects(login);
      const mailbox = await running().records.mailboxes.of(subject);
      if (!mailbox) throw new Error('there is no mailbox');
      return mailbox;
    },
    get postfach() {
      return running();
    },
    async stop() {
      await services.close();
      await app.stop();
    },
  };
};

export const newId = (): string => randomUUID();
