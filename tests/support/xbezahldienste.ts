import { createHash, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { calculateJwkThumbprint, EmbeddedJWK, importJWK, jwtVerify, type JWK } from 'jose';

interface Transaction {
  readonly request: Readonly<Record<string, unknown>>;
  readonly raw: string;
  readonly id: string;
  status: 'INITIAL' | 'PAYED' | 'FAILED' | 'CANCELED';
}

/** Somebody else's payment service with the API XBezahldienste 1.0.0, as strict as its description, behind OAuth with DPoP. */
export interface ForeignService {
  readonly origin: string;
  readonly api: string;
  readonly transactions: ReadonlyMap<string, Transaction>;
  readonly tokensGiven: number;
  /** Forgets its tokens. */
  revoke(): void;
  end(page: string, status: 'PAYED' | 'FAILED' | 'CANCELED'): void;
  stop(): Promise<void>;
}

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
};

const cents = (value: unknown): number => {
  const text = String(value);
  if (typeof value !== 'number' || !/^\d{1,6}(?:\.\d{1,2})?$/.test(text)) throw new Error('VALIDATION_ERROR');
  const [euros = '', rest = ''] = text.split('.');
  return Number(euros) * 100 + Number(rest.padEnd(2, '0'));
};

const known = new Set([
  'requestId',
  'requestTimestamp',
  'currency',
  'grosAmount',
  'purpose',
  'description',
  'redirectUrl',
  'items',
  'requestor',
]);

/** Throws the error's name. */
const validate = (request: Record<string, unknown>): void => {
  const items = request['items'] as Record<string, unknown>[];
  const sound =
    Object.keys(request).every((name) => known.has(name)) &&
    /^[\w-]{1,36}$/.test(String(request['requestId'])) &&
    !Number.isNaN(Date.parse(String(request['requestTimestamp']))) &&
    request['currency'] === 'EUR' &&
    /^[\w\s-]{1,27}$/.test(String(request['purpose'])) &&
    String(request['redirectUrl']).length <= 2082 &&
    Array.isArray(items) &&
    items.length >= 1 &&
    items.length <= 99;
  if (!sound) throw new Error('VALIDATION_ERROR');
  const sum = items.reduce((all, item) => all + cents(item['totalNetAmount']) + cents(item['totalTaxAmount']), 0);
  if (sum !== cents(request['grosAmount'])) throw new Error('CALCULATION_ERROR');
};

export const startForeignService = async (client: {
  readonly id: string;
  readonly key: JWK;
}): Promise<ForeignService> => {
  const transactions = new Map<string, Transaction>();
  const tokens = new Map<string, string>();
  let tokensGiven = 0;

  const answer = (response: ServerResponse, status: number, body: object): void => {
    const type = status < 300 ? 'application/json' : 'application/problem+json';
    response.writeHead(status, { 'content-type': type }).end(JSON.stringify(body));
  };

  const thumbprintOf = async (request: IncomingMessage, token?: string): Promise<string> => {
    const { payload, protectedHeader } = await jwtVerify(String(request.headers['dpop']), EmbeddedJWK, {
      typ: 'dpop+jwt',
    });
    const ath = token === undefined ? undefined : createHash('sha256').update(token).digest('base64url');
    if (payload['htm'] !== request.method || payload['htu'] !== `${origin}${request.url}` || payload['ath'] !== ath)
      throw new Error('invalid_dpop_proof');
    return calculateJwkThumbprint(protectedHeader.jwk as JWK);
  };

  const giveToken = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const form = new URLSearchParams(await bodyOf(request));
    await jwtVerify(form.get('client_assertion') ?? '', await importJWK(client.key, 'ES256'), {
      issuer: client.id,
      subject: client.id,
      audience: origin,
    });
    if (form.get('grant_type') !== 'client_credentials' || form.get('scope') !== 'payments') throw new Error('scope');
    const token = randomUUID();
    tokens.set(token, await thumbprintOf(request));
    tokensGiven += 1;
    answer(response, 200, { access_token: token, token_type: 'DPoP', expires_in: 300 });
  };

  const view = ({ id, status, request }: Transaction): object => ({
    paymentInformation: {
      transactionId: id,
      transactionUrl: `${origin}/api/paymenttransaction/dienst/amt/${id}`,
      ...(status === 'INITIAL' ? { transactionRedirectUrl: `${origin}/seite/${id}` } : {}),
      transactionTimestamp: new Date().toISOString(),
      ...(status === 'PAYED' ? { paymentMethod: 'GIROPAY', paymentMethodDetail: 'Testbank' } : {}),
      status,
    },
    paymentRequest: request,
  });

  const create = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const raw = await bodyOf(request);
    const parsed = JSON.parse(raw) as Record<string, unknown>;
    try {
      validate(parsed);
    } catch (error) {
      return answer(response, 400, { errorCode: (error as Error).message });
    }
    const before = [...transactions.values()].find((one) => one.request['requestId'] === parsed['requestId']);
    if (before !== undefined && before.raw !== raw) return answer(response, 409, { errorCode: 'PAYMENT_EXISTS' });
    const made = before ?? { request: parsed, raw, id: randomUUID(), status: 'INITIAL' as const };
    transactions.set(made.id, made);
    return answer(response, before === undefined ? 201 : 200, view(made));
  };

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = request.url ?? '';
    if (path === '/token') return giveToken(request, response);
    const [scheme, token = ''] = String(request.headers.authorization).split(' ');
    const bound = tokens.get(token);
    if (scheme !== 'DPoP' || bound === undefined || bound !== (await thumbprintOf(request, token)))
      return answer(response, 401, { errorCode: 'FORBIDDEN' });
    if (path === '/api/status/dienst/amt') return answer(response, 200, {});
    if (path === '/api/paymenttransaction/dienst/amt' && request.method === 'POST') return create(request, response);
    const found = transactions.get(/^\/api\/paymenttransaction\/dienst\/amt\/([\w-]+)$/.exec(path)?.[1] ?? '');
    return found === undefined ? answer(response, 404, {}) : answer(response, 200, view(found));
  };

  const server = createServer((request, response) => {
    serve(request, response).catch(() => answer(response, 400, { error: 'invalid_request' }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    api: `${origin}/api`,
    transactions,
    get tokensGiven() {
      return tokensGiven;
    },
    revoke: () => tokens.clear(),
    end(page, status) {
      const found = transactions.get(new URL(page).pathname.split('/').at(-1) ?? '');
      // Ends never change.
      if (found?.status === 'INITIAL') found.status = status;
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
