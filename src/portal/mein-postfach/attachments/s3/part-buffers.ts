/** A piece of a file; its bytes are good until the next one is asked for. */
export interface FilePart {
  readonly bytes: Buffer;
  readonly last: boolean;
}

/** A file below this size needs no buffer of a whole part. */
const small = 256 * 1024;
/** Buffers that wait to be used again. */
const mostWaiting = 4;

/**
 * Cuts files into parts of `size` bytes; the last one may be shorter. The buffers are used again and again: V8 gives back one
 * of this size only when it looks through everything.
 */
export const createPartBuffers = (size: number) => {
  const waiting: Buffer[] = [];

  return {
    /** At least one part comes. */
    async *cut(content: AsyncIterable<Uint8Array>): AsyncGenerator<FilePart, void> {
      let buffer: Buffer | undefined;
      let beginning: Uint8Array[] = [];
      let length = 0;
      try {
        for await (const chunk of content) {
          let rest = chunk;
          while (rest.length > 0) {
            if (buffer === undefined && length + rest.length > small) {
              buffer = waiting.pop() ?? Buffer.allocUnsafeSlow(size);
              buffer.set(Buffer.concat(beginning), 0);
              beginning = [];
            }
            if (buffer === undefined) {
              beginning.push(rest);
              length += rest.length;
              break;
            }
            if (length === size) {
              yield { bytes: buffer, last: false };
              length = 0;
            }
            const fitting = rest.subarray(0, size - length);
            buffer.set(fitting, length);
            length += fitting.length;
            rest = rest.subarray(fitting.length);
          }
        }
        yield { bytes: buffer?.subarray(0, length) ?? Buffer.concat(beginning), last: true };
      } finally {
        if (buffer !== undefined && waiting.length < mostWaiting) waiting.push(buffer);
      }
    },
  };
};
