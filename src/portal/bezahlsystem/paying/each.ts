/**
 * Does it for each, one after the other. One that fails keeps none of the others from its turn.
 *
 * @throws in the end what was thrown first.
 */
export const each = async <One>(all: readonly One[], act: (one: One) => Promise<unknown>): Promise<void> => {
  const thrown: unknown[] = [];
  for (const one of all)
    try {
      await act(one);
    } catch (error) {
      thrown.push(error);
    }
  if (thrown.length > 0) throw thrown[0];
};
