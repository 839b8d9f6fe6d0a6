import { availableParallelism } from 'node:os';
import { hash, verify } from '@node-rs/argon2';
import { Busy } from '../method.ts';

/** Argon2id parameters (RFC 9106); memory in KiB. */
export interface HashParameters {
  readonly memory: number;
  readonly iterations: number;
  readonly parallelism: number;
}

export interface PasswordHashing {
  hash(password: string): Promise<string>;
  verify(stored: string, password: string): Promise<boolean>;
  /** Takes as long as `verify` of a real hash, so that an unknown name is not faster (PW-02). Always false. */
  verifyNothing(password: string): Promise<false>;
  /** Whether a hash was made with other parameters than those in force. */
  outdated(stored: string): boolean;
  /** Hashes under way, callers that wait, places, and callers that were sent away since the start. */
  load(): HashingLoad;
}

export interface HashingLoad {
  readonly running: number;
  readonly waiting: number;
  readonly places: number;
  readonly refused: number;
}

/**
 * Hashing shares libuv's threads with signing: sixteen hashes in flight make one signature a hundred times slower. So
 * as many run as there are cores, always one fewer than threads, a short queue waits, and beyond it callers get Busy.
 * Processes that share the cores (`processes`, default 1) share the places too.
 */
export const createPasswordHashing = async (
  parameters: HashParameters,
  limits: { readonly queue: number; readonly processes?: number },
): Promise<PasswordHashing> => {
  const threads = Number(process.env['UV_THREADPOOL_SIZE'] ?? 4);
  const cores = Math.floor(availableParallelism() / (limits.processes ?? 1));
  const slots = Math.max(1, Math.min(cores, threads - 1));
  let running = 0;
  let refused = 0;
  const waiting: (() => void)[] = [];
  const bounded = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    if (running >= slots) {
      if (waiting.length >= limits.queue) {
        refused += 1;
        throw new Busy();
      }
      // The slot is handed over by the one who leaves, so `running` stays as it is.
      await new Promise<void>((resolve) => waiting.push(resolve));
    } else running++;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running--;
    }
  };

  const options = {
    memoryCost: parameters.memory,
    timeCost: parameters.iterations,
    parallelism: parameters.parallelism,
  };
  const nothing = await hash('nobody has this password', options);
  return {
    hash: (password) => bounded(() => hash(password, options)),
    verify: (stored, password) => bounded(() => verify(stored, password)),
    async verifyNothing(password) {
      await bounded(() => verify(nothing, password));
      return false;
    },
    outdated: (stored) =>
      !stored.startsWith(
        `$argon2id$v=19$m=${parameters.memory},t=${parameters.iterations},p=${parameters.parallelism}$`,
      ),
    load: () => ({ running, waiting: waiting.length, places: slots, refused }),
  };
};
