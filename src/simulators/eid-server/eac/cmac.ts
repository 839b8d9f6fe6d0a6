import { createCipheriv } from 'node:crypto';

const block = 16;

const encryptBlock = (key: Buffer, input: Buffer): Buffer => {
  const cipher = createCipheriv('aes-128-ecb', key, null).setAutoPadding(false);
  return Buffer.concat([cipher.update(input), cipher.final()]);
};

/** Multiplication by x in GF(2^128). */
const double = (input: Buffer): Buffer => {
  const doubled = Buffer.from(input.map((byte, at) => (byte << 1) | ((input[at + 1] ?? 0) >> 7)));
  if (((input[0] ?? 0) & 0x80) !== 0) doubled[block - 1] = (doubled[block - 1] ?? 0) ^ 0x87;
  return doubled;
};

const xor = (one: Buffer, other: Buffer): Buffer => Buffer.from(one.map((byte, at) => byte ^ (other[at] ?? 0)));

/** AES-CMAC with a key of 128 bits, 16 bytes long (RFC 4493). */
export const cmac = (key: Buffer, message: Buffer): Buffer => {
  const whole = double(encryptBlock(key, Buffer.alloc(block)));
  const blocks = Math.max(1, Math.ceil(message.length / block));
  const last = message.subarray((blocks - 1) * block);
  const closing =
    last.length === block
      ? xor(last, whole)
      : xor(Buffer.concat([last, Buffer.from([0x80]), Buffer.alloc(block - 1 - last.length)]), double(whole));
  let state: Buffer = Buffer.alloc(block);
  for (let at = 0; at < blocks - 1; at += 1)
    state = encryptBlock(key, xor(state, message.subarray(at * block, (at + 1) * block)));
  return encryptBlock(key, xor(state, closing));
};

/** The first 8 bytes of the CMAC: authentication tokens and secure messaging use no more (TR-03110-3, A.2.4 and F.2). */
export const shortMac = (key: Buffer, message: Buffer): Buffer => cmac(key, message).subarray(0, 8);
