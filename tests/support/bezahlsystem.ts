import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createRemoteJWKSet, exportJWK, generateKeyPair, jwtVerify, SignJWT, type JWTPayload } from 'jose';
import { stringify } from 'yaml';
import type { Bezahlsystem } from '../../src/portal/bezahlsystem/app.ts';
import type { CardId } from '../../src/simulators/payment-provider/cards.ts';
import { startServices, type Service, type Services } from '../attack/service.ts';
import { contractOf } from './api-contract.ts';
import { startTestApp, type TestApp, type TestAppOptions } from './app.ts';
import { createPerson, type Person } from './browse.ts';
import type { Page } from './cookie-browser.ts';
import { atProvider } from './payer.ts';

export interface ApiAnswer {
  readonly status: number;
  readonly body: Record<string, unknown>;
  /** As it came. */
  readonly text: string;
  readonly headers: Headers;
}

export interface Information {
  readonly transactionUrl: string;
  readonly transactionRedirectUrl?: string;
  readonly transactionId: string;
  readonly transactionReference: string;
  readonly paymentMethod?: string;
  readonly paymentMethodDetail?: string;
  readonly status: string;
  readonly statusDetail?: string;
}

export interface CallOptions {
  /** Sent as it is, in place of JSON of a value. */
  readonly raw?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** In place of the one that the service has. */
  readonly token?: string;
  readonly scheme?: 'DPoP' | 'Bearer';
  /** Claims of the proof that are not as they should be. */
  readonly proof?: JWTPayload;
}

/** A service with a client of its own at Bayern-ID and a file at the Bezahlsystem; its tokens are bound to a key (DPoP). */
export interface TestService {
  readonly id: string;
  readonly service: Service;
  /** Path of its first end point: `<originator>/<end point>`. */
  readonly place: string;
  readonly returnUrl: string;
  token(scope?: string): Promise<string>;
  call(method: string, path: string, body?: unknown, options?: CallOptions): Promise<ApiAnswer>;
  /** A sound request; `more` overrides members. */
  request(more?: Record<string, unknown>): Record<string, unknown>;
  /** Makes a payment. @throws unless it is made */
  create(more?: Record<string, unknown>): Promise<Information>;
  read(transactionId: string): Promise<Information>;
  /** Notices that it got and whose signature is good, the oldest first. */
  readonly notices: readonly JWTPayload[];
  /** Ends when so many notices are there. */
  notified(count: number): Promise<readonly JWTPayload[]>;
  /** What it answers to the next notices; 200 in the end. */
  answerNext(...statuses: readonly number[]): void;
}

export interface BezahlWorld {
  readonly app: TestApp;
  readonly services: Services;
  readonly bezahlsystem: Bezahlsystem;
  service(
    id: string,
    options?: { readonly file?: Record<string, unknown>; readonly endPoint?: Record<string, unknown> },
  ): Promise<TestService>;
  /** Goes from the payment page to the provider. @returns the provider's page */
  choose(person: Person, information: Information): Promise<string>;
  /** The whole way of somebody who pays; ends when the provider's call-back is applied. @returns the result page */
  pays(information: Information, card: CardId, person?: Person): Promise<Page>;
  /** Call-backs that are due are delivered and applied. */
  settle(): Promise<void>;
  stop(): Promise<void>;
}

/** Where the page sends the browser next. */
export const refreshOf = (page: Page): string => /url=(.*)$/.exec(page.headers.get('refresh') ?? '')?.[1] ?? '';

interface Listener {
  readonly origin: string;
  readonly received: JWTPayload[];
  notified(count: number): Promise<readonly JWTPayload[]>;
  answerNext(...statuses: readonly number[]): void;
  stop(): Promise<void>;
}

/** Where a service is told; checks what comes as the description says. */
const startListener = async (issuer: string, audience: string): Promise<Listener> => {
  const keys = createRemoteJWKSet(new URL(`${issuer}/api/jwks.json`));
  const received: JWTPayload[] = [];
  const waiting = new Set<() => void>();
  let answers: number[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const status = answers.shift() ?? 200;
      if (status !== 200) {
        response.writeHead(status).end();
        return;
      }
      void jwtVerify(Buffer.concat(chunks).toString(), keys, {
        issuer,
        audience,
        typ: 'payment-notice+jwt',
        algorithms: ['ES256'],
      }).then(
        ({ payload }) => {
          received.push(payload);
          response.writeHead(204).end();
          for (const look of waiting) look();
        },
        () => response.writeHead(401).end(),
      );
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    notified: (count) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (received.length < count) return;
          waiting.delete(look);
          resolve(received);
        };
        waiting.add(look);
        look();
      }),
    answerNext(...statuses) {
      answers = [...statuses];
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};

/** The whole of Bayern-ID with the Bezahlsystem and the payment simulator, and services that have real tokens. */
export const startBezahlsystem = async (options: TestAppOptions = {}): Promise<BezahlWorld> => {
  const app = await startTestApp(options);
  const services = await startServices(app);
  const contract = await contractOf(app.bezahlsystem);
  const audience = `${app.bezahlsystem}/api`;
  const listeners: Listener[] = [];
  const { bezahlsystem, paymentSimulator } = app.app;
  if (!bezahlsystem || !paymentSimulator) throw new Error('the Bezahlsystem does not run here');
  const proofKey = await generateKeyPair('ES256', { extractable: true });
  const jwk = await exportJWK(proofKey.publicKey);

  const proof = (method: string, url: string, token?: string, claims: JWTPayload = {}): Promise<string> =>
    new SignJWT({
      jti: randomUUID(),
      iat: Math.floor(Date.now() / 1000),
      htm: method,
      htu: url,
      ...(token === undefined ? {} : { ath: createHash('sha256').update(token).digest('base64url') }),
      ...claims,
    })
      .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk })
      .sign(proofKey.privateKey);

  const world: BezahlWorld = {
    app,
    services,
    bezahlsystem,
    async service(id, { file = {}, endPoint = {} } = {}) {
      const service = await services.add({
        clientId: id,
        by: 'private_key_jwt',
        file: {
          grant_types: ['authorization_code', 'client_credentials'],
          resources: { [audience]: ['payments:create', 'payments:read'] },
        },
      });
      const listener = await startListener(app.bezahlsystem, id);
      listeners.push(listener);
      const folder = join(app.config, 'development', 'bezahlsystem', 'originators');
      mkdirSync(folder, { recursive: true });
      const own = {
        originator: id,
        authority: 'bayern',
        name: `Dienst ${id}`,
        client_ids: [id],
        redirect_origins: [services.origin],
        notice_uri: `${listener.origin}/zahlungen`,
        requests_per_minute: 100_000,
        end_points: [
          {
            id: 'amt',
            payee: {
              name: 'Stadt Musterstadt',
              address: ['Rathausplatz 1', '90000 Musterstadt'],
              account_reference: 'K 1',
            },
            kassenzeichen: { prefix: 'MU', digits: 10 },
            provider: 'sandbox',
            ...endPoint,
          },
        ],
        ...file,
      };
      writeFileSync(join(folder, `${id}.yaml`), stringify(own));
      const wrong = await bezahlsystem.originators.now();
      if (wrong.length > 0) throw new Error(wrong.map(({ message }) => message).join('; '));

      // Tests move the clock; tokens live a minute.
      const tokens = new Map<string, { readonly value: string; readonly until: number; readonly at: number }>();
      const token: TestService['token'] = async (scope = 'payments:create payments:read') => {
        const known = tokens.get(scope);
        if (known !== undefined && performance.now() < known.until && Math.abs(Date.now() - known.at) < 15_000)
          return known.value;
        const { fields } = await service.authentication();
        const granted = await service.tokens(
          { grant_type: 'client_credentials', scope, resource: audience },
          { headers: { dpop: await proof('POST', `${app.issuer}/token`) }, fields },
        );
        if (granted.access_token === '') throw new Error(`no token: ${granted.error ?? granted.status}`);
        tokens.set(scope, {
          value: granted.access_token,
          until: performance.now() + 15_000,
          at: Date.now(),
        });
        return granted.access_token;
      };
      const returnUrl = `${services.origin}/${id}/zurueck`;
      const made: TestService = {
        id,
        service,
        place: `${id}/amt`,
        returnUrl,
        token,
        async call(method, path, body, { raw, headers = {}, token: other, scheme = 'DPoP', proof: claims } = {}) {
          const value = other ?? (await token());
          const url = `${app.bezahlsystem}${path}`;
          const content = raw ?? (body === undefined ? undefined : JSON.stringify(body));
          const response = await fetch(url, {
            method,
            headers: {
              authorization: `${scheme} ${value}`,
              ...(scheme === 'DPoP' ? { dpop: await proof(method, url.split('?')[0] ?? url, value, claims) } : {}),
              ...(content === undefined ? {} : { 'content-type': 'application/json' }),
              ...headers,
            },
            ...(content === undefined ? {} : { body: content }),
          });
          const text = await response.text();
          const type = response.headers.get('content-type') ?? '';
          const answer = type.includes('json') && text !== '' ? (JSON.parse(text) as Record<string, unknown>) : {};
          contract.answer(method, path, response.status, type, type.includes('json') ? answer : text);
          return { status: response.status, body: answer, text, headers: response.headers };
        },
        request: (more = {}) => ({
          requestId: randomUUID(),
          requestTimestamp: new Date().toISOString(),
          currency: 'EUR',
          grosAmount: 13,
          purpose: 'Fuehrungszeugnis 4711',
          description: 'Gebühr für ein Führungszeugnis',
          redirectUrl: returnUrl,
          items: [
            {
              id: '1',
              reference: 'FZ',
              description: 'Führungszeugnis',
              taxRate: 0,
              quantity: 1,
              totalNetAmount: 13,
              totalTaxAmount: 0,
              singleNetAmount: 13,
              singleTaxAmount: 0,
            },
          ],
          ...more,
        }),
        async create(more) {
          const request = made.request(more);
          const { status, body } = await made.call('POST', `/api/paymenttransaction/${id}/amt`, request);
          if (status !== 200) throw new Error(`the payment was not made: ${status} ${JSON.stringify(body)}`);
          if (!contract.request('PaymentRequest', request))
            throw new Error('a request was taken that is not as described');
          return body['paymentInformation'] as Information;
        },
        async read(transactionId) {
          const { status, body } = await made.call('GET', `/api/paymenttransaction/${id}/amt/${transactionId}`);
          if (status !== 200) throw new Error(`the payment was not read: ${status}`);
          return body['paymentInformation'] as Information;
        },
        notices: listener.received,
        notified: (count) => listener.notified(count),
        answerNext: (...statuses) => listener.answerNext(...statuses),
      };
      return made;
    },

    async choose(person, { transactionRedirectUrl = '' }) {
      const page = await person.visit(transactionRedirectUrl);
      const next = await person.submit(page, new URL(transactionRedirectUrl).pathname, { method: 'CREDITCARD' });
      const url = refreshOf(next);
      if (url === '') throw new Error(`the page leads to no provider (${next.status} ${next.url.href})`);
      return url;
    },

    async pays(information, card, person = createPerson()) {
      const back = await atProvider.pays(await world.choose(person, information), card);
      await world.settle();
      return person.visit(back);
    },

    async settle() {
      await paymentSimulator.settle();
      await bezahlsystem.settled();
    },

    async stop() {
      await services.close();
      await app.stop();
      for (const listener of listeners) await listener.stop();
    },
  };
  return world;
};
