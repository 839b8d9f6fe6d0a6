import { createHash, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';
import type { Page } from './cookie-browser.ts';

/** What the page asks the browser's credential API for. */
export interface Asked {
  readonly kind: 'get' | 'create';
  readonly options: {
    readonly challenge: string;
    readonly rpId?: string;
    readonly rp?: { readonly id: string };
    readonly user?: { readonly id: string };
    readonly allowCredentials?: readonly { readonly id: string }[];
    readonly excludeCredentials?: readonly { readonly id: string }[];
    readonly userVerification?: string;
  };
}

/** The request to the credential API that stands on a page. */
export const askedOn = (page: Page): Asked => {
  const text = /data-passkey="([^"]+)"/.exec(page.body)?.[1];
  if (text === undefined) throw new Error(`no passkey is asked for at ${page.url.href} (${page.status})`);
  return JSON.parse(text.replaceAll('&quot;', '"').replaceAll('&amp;', '&')) as Asked;
};

/** What an answer says otherwise than it should. */
export interface Lies {
  readonly challenge?: string;
  readonly origin?: string;
  readonly rpId?: string;
  readonly type?: string;
  readonly crossOrigin?: boolean;
  readonly userVerified?: boolean;
  readonly userPresent?: boolean;
  readonly counter?: number;
  readonly userHandle?: string | undefined;
  readonly credentialId?: string;
  readonly synced?: boolean;
  readonly key?: KeyObject;
}

const sha256 = (data: string | Buffer): Buffer => createHash('sha256').update(data).digest();

/** CBOR (RFC 8949) of what WebAuthn needs: maps in the given order, integers, texts, bytes. */
const cbor = (value: number | string | Buffer | ReadonlyMap<number | string, unknown>): Buffer => {
  const head = (major: number, count: number): Buffer => {
    if (count < 24) return Buffer.from([(major << 5) | count]);
    return count < 256
      ? Buffer.from([(major << 5) | 24, count])
      : Buffer.from([(major << 5) | 25, count >> 8, count & 255]);
  };
  if (typeof value === 'number') return value >= 0 ? head(0, value) : head(1, -1 - value);
  if (typeof value === 'string') return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)]);
  if (Buffer.isBuffer(value)) return Buffer.concat([head(2, value.length), value]);
  const map = value as ReadonlyMap<number | string, number | string | Buffer>;
  return Buffer.concat([head(5, map.size), ...[...map].flatMap(([key, item]) => [cbor(key), cbor(item)])]);
};

/** Holds one passkey, and answers as a browser would; it lies when it is told to. */
export interface Authenticator {
  readonly credentialId: string;
  /** As an authenticator that counts; 0 for one that does not. */
  counter: number;
  userHandle: string | undefined;
  /** The field `answer` of a form that makes a passkey. */
  make(page: Page, lies?: Lies): string;
  /** The field `answer` of a form that logs in. */
  answer(page: Page, lies?: Lies): string;
}

/** ES256, attestation "none" (WebAuthn 8.7). */
export const createAuthenticator = (
  made: { readonly synced?: boolean; readonly counts?: boolean } = {},
): Authenticator => {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const credentialId = randomBytes(32).toString('base64url');
  const synced = made.synced ?? true;

  const clientData = (page: Page, type: string, asked: Asked, lies: Lies): Buffer =>
    Buffer.from(
      JSON.stringify({
        type: lies.type ?? type,
        challenge: lies.challenge ?? asked.options.challenge,
        origin: lies.origin ?? page.url.origin,
        crossOrigin: lies.crossOrigin ?? false,
      }),
    );

  const authenticatorData = (rpId: string, lies: Lies, attested: Buffer = Buffer.alloc(0)): Buffer => {
    const flags =
      (lies.userPresent === false ? 0 : 1) |
      (lies.userVerified === false ? 0 : 4) |
      ((lies.synced ?? synced) ? 8 | 16 : 0) |
      (attested.length > 0 ? 64 : 0);
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(lies.counter ?? authenticator.counter);
    return Buffer.concat([sha256(lies.rpId ?? rpId), Buffer.from([flags]), counter, attested]);
  };

  const authenticator: Authenticator = {
    credentialId,
    counter: 0,
    userHandle: undefined,

    make(page, lies = {}) {
      const asked = askedOn(page);
      const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
      const id = Buffer.from(credentialId, 'base64url');
      const length = Buffer.alloc(2);
      length.writeUInt16BE(id.length);
      const key = cbor(
        new Map<number, unknown>([
          [1, 2],
          [3, -7],
          [-1, 1],
          [-2, Buffer.from(x, 'base64url')],
          [-3, Buffer.from(y, 'base64url')],
        ]),
      );
      const attested = Buffer.concat([Buffer.alloc(16), length, id, key]);
      authenticator.userHandle = asked.options.user?.id;
      const attestationObject = cbor(
        new Map<string, unknown>([
          ['fmt', 'none'],
          ['attStmt', new Map()],
          ['authData', authenticatorData(asked.options.rp?.id ?? '', lies, attested)],
        ]),
      );
      return JSON.stringify({
        id: credentialId,
        rawId: credentialId,
        type: 'public-key',
        response: {
          clientDataJSON: clientData(page, 'webauthn.create', asked, lies).toString('base64url'),
          attestationObject: attestationObject.toString('base64url'),
          transports: ['internal'],
        },
      });
    },

    answer(page, lies = {}) {
      const asked = askedOn(page);
      if (made.counts === true) authenticator.counter += 1;
      const data = authenticatorData(asked.options.rpId ?? '', lies);
      const client = clientData(page, 'webauthn.get', asked, lies);
      const signature = sign('sha256', Buffer.concat([data, sha256(client)]), lies.key ?? privateKey);
      const id = lies.credentialId ?? credentialId;
      const userHandle = 'userHandle' in lies ? lies.userHandle : authenticator.userHandle;
      return JSON.stringify({
        id,
        rawId: id,
        type: 'public-key',
        response: {
          clientDataJSON: client.toString('base64url'),
          authenticatorData: data.toString('base64url'),
          signature: signature.toString('base64url'),
          ...(userHandle === undefined ? {} : { userHandle }),
        },
      });
    },
  };
  return authenticator;
};
