import { expect, test } from '@jest/globals';
import { createResolve } from '../../src/portal/mein-postfach/resolve.ts';
import { ProviderUnavailable, type Fetch, type Provider } from '../../src/portal/relying-party/provider.ts';

const issuer = 'https://id.example';
const provider = { issuer, connect: async () => Promise.reject(new Error('not asked')) } as Provider;
const token = { get: async () => 'token', forget() {} };
const resolveBy = (fetch: Fetch) => createResolve({ issuer, provider, fetch, token, patience: 20 });

test('a provider that is silent is one that is away: nobody waits for it for ever', async () => {
  const silent: Fetch = (_url, { signal }) =>
    new Promise((_, reject) => signal?.addEventListener('abort', () => reject(new Error('aborted'))));
  await expect(resolveBy(silent)('handle', 'bayern')).rejects.toThrow(ProviderUnavailable);
});

test.each(['{"sub":"x', '{}', 'null'])('an answer like %j says nothing of a mailbox', async (body) => {
  const resolve = resolveBy(async () => new Response(body));
  await expect(resolve('handle', 'bayern')).rejects.toThrow(ProviderUnavailable);
});
