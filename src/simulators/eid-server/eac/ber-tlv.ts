/** A data object of BER-TLV (X.690; ISO/IEC 7816-4, 5.2.2). */
export interface Tlv {
  /** All bytes of the tag as one number: 0x7f4e. */
  readonly tag: number;
  readonly value: Buffer;
  /** Tag, length and value as they came. */
  readonly raw: Buffer;
}

/** What a card or a client sent is no sequence of data objects, or lacks one that must be there. */
export class MalformedTlv extends Error {
  override readonly name = 'MalformedTlv';
}

const bytesOf = (number: number): number[] => {
  const bytes: number[] = [];
  for (let rest = number; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return bytes;
};

const lengthOf = (length: number): number[] => {
  if (length < 0x80) return [length];
  const bytes = bytesOf(length);
  return [0x80 + bytes.length, ...bytes];
};

/** Writes one data object in the shortest form, as DER does. */
export const tlv = (tag: number, ...content: readonly Uint8Array[]): Buffer => {
  const value = Buffer.concat(content);
  return Buffer.concat([Buffer.from([...bytesOf(tag), ...lengthOf(value.length)]), value]);
};

/** An INTEGER that is not negative. */
export const integer = (value: number): Buffer => {
  const bytes = value === 0 ? [0] : bytesOf(value);
  return tlv(0x02, Buffer.from((bytes[0] ?? 0) < 0x80 ? bytes : [0, ...bytes]));
};

const byteAt = (bytes: Buffer, at: number): number => {
  const byte = bytes[at];
  if (byte === undefined) throw new MalformedTlv('ends too early');
  return byte;
};

const longestTag = 3;
const longestLength = 3;

const readOne = (bytes: Buffer): Tlv => {
  let at = 0;
  let tag = byteAt(bytes, at++);
  if ((tag & 0x1f) === 0x1f) {
    let next: number;
    do {
      if (at >= longestTag) throw new MalformedTlv('the tag is too long');
      next = byteAt(bytes, at++);
      tag = tag * 256 + next;
    } while ((next & 0x80) !== 0);
  }
  let length = byteAt(bytes, at++);
  if (length >= 0x80) {
    const size = length - 0x80;
    if (size === 0 || size > longestLength) throw new MalformedTlv('the length is indefinite or too long');
    length = 0;
    for (let left = size; left > 0; left -= 1) length = length * 256 + byteAt(bytes, at++);
  }
  const end = at + length;
  if (end > bytes.length) throw new MalformedTlv('ends too early');
  return { tag, value: bytes.subarray(at, end), raw: bytes.subarray(0, end) };
};

/** All data objects, one after the other. @throws MalformedTlv */
export const readTlvs = (bytes: Buffer): Tlv[] => {
  const found: Tlv[] = [];
  for (let rest = bytes; rest.length > 0;) {
    const next = readOne(rest);
    found.push(next);
    rest = rest.subarray(next.raw.length);
  }
  return found;
};

/** The first of that tag among the data objects in `bytes`. @throws MalformedTlv */
export const findTlv = (bytes: Buffer, tag: number): Tlv | undefined =>
  readTlvs(bytes).find((candidate) => candidate.tag === tag);

/** The value behind a path of tags, each inside the one before. @throws MalformedTlv when one of them is not there */
export const valueAt = (bytes: Buffer, ...path: readonly number[]): Buffer =>
  path.reduce((inside, tag) => {
    const found = findTlv(inside, tag);
    if (found === undefined) throw new MalformedTlv(`no data object ${tag.toString(16)}`);
    return found.value;
  }, bytes);
