import { createCipheriv, createHash, type KeyObject } from 'node:crypto';
import type { Response } from '../../src/simulators/eid-server/eac/apdu.ts';
import { tlv } from '../../src/simulators/eid-server/eac/ber-tlv.ts';
import { agree, generateKey, pointOf } from '../../src/simulators/eid-server/eac/brainpool.ts';
import { authenticationToken } from '../../src/simulators/eid-server/eac/chip-authentication.ts';
import { shortMac } from '../../src/simulators/eid-server/eac/cmac.ts';
import { deriveSessionKeys, type SessionKeys } from '../../src/simulators/eid-server/eac/key-derivation.ts';
import { pad } from '../../src/simulators/eid-server/eac/secure-messaging.ts';
import { cardSecurity } from './ausweisapp-card.ts';

/** What a chip sends back over the secure channel, at this position of the counter. */
export const protectAnswer = (
  { encryption, authentication }: SessionKeys,
  position: number,
  { status, data }: Response,
): Buffer => {
  const counter = Buffer.from(position.toString(16).padStart(32, '0'), 'hex');
  const vector = createCipheriv('aes-128-ecb', encryption, null).setAutoPadding(false).update(counter);
  const cryptogram = createCipheriv('aes-128-cbc', encryption, vector).setAutoPadding(false).update(pad(data));
  const word = Buffer.from(status.toString(16).padStart(4, '0'), 'hex');
  const covered = Buffer.concat([
    ...(data.length > 0 ? [tlv(0x87, Buffer.from([1]), cryptogram)] : []),
    tlv(0x99, word),
  ]);
  const mac = shortMac(authentication, Buffer.concat([counter, pad(covered)]));
  return Buffer.concat([covered, tlv(0x8e, mac), word]);
};

export interface ChipWish {
  readonly groups: ReadonlyMap<number, Buffer>;
  /** What VERIFY answers: validity first, then age. */
  readonly verifications?: readonly number[];
}

export interface Chip {
  /** Its part in Chip Authentication. */
  authenticate(terminalPoint: Buffer): {
    readonly cardSecurity: Buffer;
    readonly nonce: Buffer;
    readonly token: Buffer;
  };
  /** The answer to one protected command. */
  answer(apdu: Buffer): Buffer;
}

const done = { status: 0x9000, data: Buffer.alloc(0) };

/** A chip without reader and client: it has a key, data groups and a secure channel, and believes every terminal. */
export const createChip = ({ groups, verifications = [0x9000, 0x9000] }: ChipWish): Chip => {
  const key: KeyObject = generateKey();
  let keys: SessionKeys | undefined;
  let position = 0;
  const left = [...verifications];

  const respond = (apdu: Buffer): Response => {
    const [, instruction, first = 0] = apdu;
    if (instruction === 0x20) return { ...done, status: left.shift() ?? 0x6a88 };
    if (instruction === 0x86) {
      const id = createHash('sha256').update(pointOf(key)).digest();
      return { ...done, data: tlv(0x7c, tlv(0x81, id)) };
    }
    if (instruction !== 0xb0) return done;
    const file = groups.get(first & 0x1f);
    return file === undefined ? { ...done, status: 0x6a82 } : { ...done, data: file };
  };

  return {
    authenticate(terminalPoint) {
      const nonce = Buffer.from('0102030405060708', 'hex');
      keys = deriveSessionKeys(agree(key, terminalPoint), nonce);
      const token = authenticationToken(keys.authentication, terminalPoint);
      return { cardSecurity: cardSecurity(pointOf(key)), nonce, token };
    },
    answer(apdu) {
      if (keys === undefined) throw new Error('Chip Authentication comes first');
      position += 2;
      return protectAnswer(keys, position, respond(apdu));
    },
  };
};
