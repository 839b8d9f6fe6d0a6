import type { KeyObject } from 'node:crypto';
import { compressed, pointOf, signPlainly } from './brainpool.ts';

/** What the terminal proves its key over. */
export interface TerminalProof {
  /** The chip's ephemeral identifier from PACE, ID_PICC. */
  readonly chipId: Buffer;
  readonly challenge: Buffer;
  /** The terminal's key for the Chip Authentication that follows. */
  readonly ephemeral: KeyObject;
  readonly auxiliaryData: Buffer;
}

/** What the chip checks against the last certificate of the chain (TR-03110-2, 3.3, Terminal Authentication version 2). */
export const terminalProof = ({ chipId, challenge, ephemeral, auxiliaryData }: TerminalProof): Buffer =>
  Buffer.concat([chipId, challenge, compressed(pointOf(ephemeral)), auxiliaryData]);

export const signTerminalProof = (terminalKey: KeyObject, proof: TerminalProof): Buffer =>
  signPlainly(terminalKey, terminalProof(proof));
