import { createHash, generateKeyPairSync, sign } from 'node:crypto';

/** A passkey of everybody who is measured, held by the driver: one key under as many ids as there are accounts. */
const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });

const sha256 = (data: string | Buffer): Buffer => createHash('sha256').update(data).digest();

/** COSE (RFC 9053, 7.1.1), base64url: what the servers know of it. */
export const cosePublicKey = (): string => {
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
  const [head, between] = [Buffer.from('a5010203262001215820', 'hex'), Buffer.from('225820', 'hex')];
  return Buffer.concat([head, Buffer.from(x, 'base64url'), between, Buffer.from(y, 'base64url')]).toString('base64url');
};

export const passkeyId = (number: number): string => sha256(`passkey ${number}`).toString('base64url');

/** What the browser would post: present, verified, synced, without a counter. */
export const answerTo = (
  challenge: string,
  origin: string,
  holder: { readonly number: number; readonly userHandle: string },
): string => {
  const clientData = Buffer.from(JSON.stringify({ type: 'webauthn.get', challenge, origin, crossOrigin: false }));
  const authenticatorData = Buffer.concat([sha256(new URL(origin).hostname), Buffer.from([0x1d]), Buffer.alloc(4)]);
  const signature = sign('sha256', Buffer.concat([authenticatorData, sha256(clientData)]), privateKey);
  const id = passkeyId(holder.number);
  return JSON.stringify({
    id,
    rawId: id,
    type: 'public-key',
    response: {
      clientDataJSON: clientData.toString('base64url'),
      authenticatorData: authenticatorData.toString('base64url'),
      signature: signature.toString('base64url'),
      userHandle: holder.userHandle,
    },
  });
};
