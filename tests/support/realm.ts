/**
 * Jest runs a test file in a context of its own, but its `structuredClone` is that of the outer one: what it returns is
 * no `Object` of the test's context, and oidc-provider, which compares constructors, refuses client keys because of that.
 * Import this file before the library.
 */
const outer = globalThis.structuredClone;

const clone = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(clone);
  if (value instanceof Map) return new Map([...value].map(([key, item]) => [clone(key), clone(item)] as const));
  if (value instanceof Set) return new Set([...value].map(clone));
  if (typeof value === 'object' && value !== null && Object.prototype.toString.call(value) === '[object Object]') {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, clone(item)]));
  }
  return typeof value === 'object' && value !== null ? outer(value) : value;
};

globalThis.structuredClone = clone;
