/** Addresses from which something came lately that speaks for whoever comes from there, each node's own. */
export interface Seen {
  note(key: string): void;
  has(key: string): boolean;
}

/** ms that an address is remembered: longer than a login takes, and than a service in use is silent. */
const rememberedFor = 3600_000;

/** Beyond it the one is forgotten that was noted longest ago. */
const mostRemembered = 20_000;

export const createSeen = (): Seen => {
  const addresses = new Map<string, number>();
  return {
    note(key) {
      addresses.delete(key);
      addresses.set(key, Date.now());
      if (addresses.size > mostRemembered) addresses.delete(addresses.keys().next().value ?? '');
    },
    has: (key) => Date.now() - (addresses.get(key) ?? -Infinity) < rememberedFor,
  };
};
