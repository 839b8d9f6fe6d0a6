import { createCipheriv, createDecipheriv, timingSafeEqual } from 'node:crypto';
import type { Command, Response } from './apdu.ts';
import { findTlv, readTlvs, tlv } from './ber-tlv.ts';
import { shortMac } from './cmac.ts';
import type { SessionKeys } from './key-derivation.ts';

const block = 16;

/** An answer that the chip did not protect, or that was changed on the way. */
export class NotAuthentic extends Error {
  override readonly name = 'NotAuthentic';
}

/** ISO/IEC 9797-1, padding method 2: always at least one byte. */
export const pad = (data: Buffer): Buffer =>
  Buffer.concat([data, Buffer.from([0x80]), Buffer.alloc(block - 1 - (data.length % block))]);

const unpad = (padded: Buffer): Buffer => {
  const end = padded.lastIndexOf(0x80);
  const filling = padded.subarray(end + 1);
  if (end === -1 || filling.length >= block || filling.some((byte) => byte !== 0)) throw new NotAuthentic('no padding');
  return padded.subarray(0, end);
};

const counterAt = (position: number): Buffer => {
  const counter = Buffer.alloc(block);
  counter.writeUInt32BE(position, block - 4);
  return counter;
};

/** The initialization vector is the encrypted send sequence counter (TR-03110-3, F.2.1). */
const vectorAt = (key: Buffer, counter: Buffer): Buffer => {
  const cipher = createCipheriv('aes-128-ecb', key, null).setAutoPadding(false);
  return Buffer.concat([cipher.update(counter), cipher.final()]);
};

export interface Protected {
  /** What the client passes to the chip. */
  readonly apdu: Buffer;
  /** Reads the answer to this very command. @throws NotAuthentic, MalformedTlv */
  readonly open: (answer: Buffer) => Response;
}

export interface SecureMessaging {
  /** Commands have to reach the chip in the order in which they were protected. */
  protect(command: Command): Protected;
}

/** Encrypted and authenticated commands and answers with AES-128 (TR-03110-3, F). The send sequence counter begins at 0. */
export const createSecureMessaging = ({ encryption, authentication }: SessionKeys): SecureMessaging => {
  let sent = 0;

  const encrypt = (data: Buffer, counter: Buffer): Buffer => {
    const cipher = createCipheriv('aes-128-cbc', encryption, vectorAt(encryption, counter)).setAutoPadding(false);
    return Buffer.concat([cipher.update(pad(data)), cipher.final()]);
  };

  const decrypt = (cryptogram: Buffer, counter: Buffer): Buffer => {
    if (cryptogram.length === 0 || cryptogram.length % block !== 0) throw new NotAuthentic('no whole blocks');
    const vector = vectorAt(encryption, counter);
    const decipher = createDecipheriv('aes-128-cbc', encryption, vector).setAutoPadding(false);
    return unpad(Buffer.concat([decipher.update(cryptogram), decipher.final()]));
  };

  const open = (answer: Buffer, counter: Buffer): Response => {
    const body = answer.subarray(0, -2);
    const objects = readTlvs(body);
    const mac = objects.at(-1);
    if (mac?.tag !== 0x8e || mac.value.length !== 8) throw new NotAuthentic('the answer is not protected');
    const covered = Buffer.concat(objects.slice(0, -1).map(({ raw }) => raw));
    if (!timingSafeEqual(mac.value, shortMac(authentication, Buffer.concat([counter, pad(covered)]))))
      throw new NotAuthentic('the answer was changed');
    const status = findTlv(covered, 0x99)?.value;
    if (status?.length !== 2) throw new NotAuthentic('no protected status');
    const cryptogram = findTlv(covered, 0x87)?.value;
    return {
      status: status.readUInt16BE(),
      // The first byte says which padding was used.
      data: cryptogram === undefined ? Buffer.alloc(0) : decrypt(cryptogram.subarray(1), counter),
    };
  };

  return {
    protect({ header: [cla, ...rest], data, answer }) {
      const counter = counterAt(sent + 1);
      const answerCounter = counterAt(sent + 2);
      sent += 2;
      // The bits say that secure messaging covers the header, too.
      const header = Buffer.from([cla | 0x0c, ...rest]);
      const objects = Buffer.concat([
        ...(data === undefined ? [] : [tlv(0x87, Buffer.from([0x01]), encrypt(data, counter))]),
        ...(answer === true ? [tlv(0x97, Buffer.from([0x00, 0x00]))] : []),
      ]);
      const covered = Buffer.concat([counter, pad(header), ...(objects.length > 0 ? [pad(objects)] : [])]);
      const body = Buffer.concat([objects, tlv(0x8e, shortMac(authentication, covered))]);
      // Extended length: answers may be longer than 256 bytes.
      const length = Buffer.from([0x00, body.length >> 8, body.length & 0xff]);
      return {
        apdu: Buffer.concat([header, length, body, Buffer.from([0x00, 0x00])]),
        open: (received) => open(received, answerCounter),
      };
    },
  };
};
