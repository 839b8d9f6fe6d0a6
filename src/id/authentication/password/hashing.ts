import { availableParallelism } from 'node:os';
import { hash, verify } from '@node-rs/argon2';
import { createHashQueue, type Caller, type HashingLoad } from './queue.ts';

/** Argon2id parameters (RFC 9106); memory in KiB. */
export interface HashParameters {
  readonly memory: number;
  readonly iterations: number;
  readonly parallelism: number;
}

export interface PasswordHashing {
  hash(password: string): Promise<string>;
  /** Without a caller it is the program's own wish. */
  verify(stored: string, password: string, caller?: Caller): Promise<boolean>;
  /** Takes as long as `verify` of a real hash, so that an unknown name is not faster (PW-02). Always false. */
  verifyNothing(password: string, caller?: Caller): Promise<false>;
  /** Whether a hash was made with other parameters than those in force. */
  outdated(stored: string): boolean;
  /** Hashes under way, callers that wait, places, and callers that were sent away since the start. */
  load(): HashingLoad;
}

export interface HashingLimits {
  readonly queue: number;
  /** Hashes at once; one for each core unless told otherwise. */
  readonly places?: number | undefined;
  /** Seconds; default 8. */
  readonly patience?: number;
  readonly processes?: number;
}

/** Whoever sets a password has come a long way already. */
const own: Caller = { turn: 'known', address: '' };

/**
 * Hashing shares libuv's threads with signing: sixteen hashes in flight make one signature a hundred times slower. So
 * as many run as there are cores, always one fewer than threads, a short queue waits, and beyond it callers get Busy.
 * Processes that share the cores (`processes`, default 1) share the places too.
 */
export const createPasswordHashing = async (
  parameters: HashParameters,
  limits: HashingLimits,
): Promise<PasswordHashing> => {
  const threads = Number(process.env['UV_THREADPOOL_SIZE'] ?? 4);
  const cores = Math.floor(availableParallelism() / (limits.processes ?? 1));
  const places = Math.max(1, Math.min(limits.places ?? cores, threads - 1));
  const queue = createHashQueue({ places, queue: limits.queue, patience: limits.patience ?? 8 });

  const options = {
    memoryCost: parameters.memory,
    timeCost: parameters.iterations,
    parallelism: parameters.parallelism,
  };
  const nothing = await hash('nobody has this password', options);
  return {
    hash: (password) => queue.run(own, () => hash(password, options)),
    verify: (stored, password, caller = own) => queue.run(caller, () => verify(stored, password)),
    async verifyNothing(password, caller = own) {
      await queue.run(caller, () => verify(nothing, password));
      return false;
    },
    outdated: (stored) =>
      !stored.startsWith(
        `$argon2id$v=19$m=${parameters.memory},t=${parameters.iterations},p=${parameters.parallelism}$`,
      ),
    load: () => queue.load(),
  };
};
