import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Artifacts } from '../../../storage/artifacts.ts';

/**
 * What an authenticator has to sign (WebAuthn 13.4.3): random, made for one flow or one session, good for one answer. A
 * challenge proves by itself that we made it, so that showing a login page writes nothing; only an answer does.
 */
export interface Challenges {
  /** base64url. `binding` says what the answer belongs to; it must hold the purpose. */
  issue(binding: string): string;
  /** Takes a challenge out of use: true for one caller, and never for one of another binding, an old or a foreign one. */
  take(challenge: string, binding: string): Promise<boolean>;
}

/** As long as a flow, since autofill waits on an open page for as long; seconds. */
const life = 60 * 60;
const saltBytes = 16;
const timeBytes = 6;

export const createChallenges = (artifacts: Artifacts, key: Buffer): Challenges => {
  const mac = (head: Buffer, binding: string): Buffer =>
    createHmac('sha256', key).update(head).update(binding).digest();
  return {
    issue(binding) {
      const head = Buffer.alloc(saltBytes + timeBytes);
      randomBytes(saltBytes).copy(head);
      head.writeUIntBE(Date.now(), saltBytes, timeBytes);
      return Buffer.concat([head, mac(head, binding)]).toString('base64url');
    },
    async take(challenge, binding) {
      const bytes = Buffer.from(challenge, 'base64url');
      const head = bytes.subarray(0, saltBytes + timeBytes);
      const given = bytes.subarray(saltBytes + timeBytes);
      if (head.length !== saltBytes + timeBytes) return false;
      const wanted = mac(head, binding);
      if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) return false;
      if (Date.now() - head.readUIntBE(saltBytes, timeBytes) >= life * 1000) return false;
      return artifacts.saveNew('PasskeyAnswer', head.toString('base64url'), {}, { ttl: life });
    },
  };
};
