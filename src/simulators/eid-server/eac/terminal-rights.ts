import { eidOperations, type EidOperation } from '../../../id/authentication/eid/port.ts';
import { tlv, valueAt } from './ber-tlv.ts';
import { dataGroupOf } from './data-groups.ts';
import { oid, oids } from './object-identifiers.ts';

/** Bits of a certificate holder authorization template for authentication terminals (TR-03110-3, C.4.2; TR-03110-4, 2.2.3.2). */
const functionBit: Readonly<Partial<Record<EidOperation, number>>> = {
  AgeVerification: 0,
  PlaceVerification: 1,
  RestrictedID: 2,
};

const length = 5;

const bitOf = (operation: EidOperation): number => {
  const group = dataGroupOf[operation];
  // Reading data group 1 is bit 8.
  const bit = group === undefined ? functionBit[operation] : 7 + group;
  if (bit === undefined) throw new TypeError(`${operation} is no right of a terminal`);
  return bit;
};

export type Role = 'cvca' | 'domestic' | 'terminal';

/** The two topmost bits. */
const roleBits: Readonly<Record<Role, number>> = { cvca: 0xc0, domestic: 0x80, terminal: 0x00 };

/** A CHAT with these operations. */
export const terminalRights = (operations: Iterable<EidOperation>, role: Role = 'terminal'): Buffer => {
  const bits = Buffer.alloc(length);
  bits[0] = roleBits[role];
  for (const operation of operations) {
    const bit = bitOf(operation);
    const at = length - 1 - (bit >> 3);
    bits[at] = (bits[at] ?? 0) | (1 << (bit & 7));
  }
  return tlv(0x7f4c, oid(oids.authenticationTerminal), tlv(0x53, bits));
};

/** The operations that a CHAT allows. @throws MalformedTlv */
export const operationsIn = (chat: Buffer): ReadonlySet<EidOperation> => {
  const bits = valueAt(chat, 0x7f4c, 0x53);
  return new Set(
    eidOperations.filter((operation) => {
      const bit = bitOf(operation);
      return ((bits[length - 1 - (bit >> 3)] ?? 0) & (1 << (bit & 7))) !== 0;
    }),
  );
};
