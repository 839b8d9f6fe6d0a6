import { z } from 'zod';

const busy = (standard: number) => z.number().min(0.1).max(1).default(standard);

const budget = (standard: { burst: number; per_second: number }) =>
  z
    .strictObject({
      burst: z.int().min(1).default(standard.burst).describe('Requests at once.'),
      per_second: z.number().min(0.1).default(standard.per_second).describe('Requests a second from then on.'),
    })
    .prefault({});

/** Section `web.overload`: who is sent away, and when, while a process has more to do than it can. */
export const overloadSettings = z.strictObject({
  shed: z.boolean().default(true).describe('Whether anybody is sent away at all.'),
  busy: z
    .strictObject({
      excess: busy(0.4).describe('Strangers that ask for more than their budget.'),
      hasty: busy(0.4).describe(
        'Passwords that come sooner than anybody types, from browsers that are not known, while by far the most of those are wrong.',
      ),
      untried: busy(0.5).describe('Programs that have not authenticated lately, and addresses that do not exist.'),
      stranger: busy(0.7).describe('Browsers that are not known.'),
      under_way: busy(0.9).describe(
        'Browsers in the middle of a login or a payment, and at Bayern-ID those with a session.',
      ),
      known: busy(0.97).describe(
        'Browsers in which somebody was logged in before, or is at this part, and services that authenticated lately.',
      ),
    })
    .prefault({})
    .describe('How busy the process may be (1: never idle) before requests of a kind are answered with 503.'),
  address: budget({ burst: 60, per_second: 5 }).describe(
    'What one network address (IPv6: /64) may ask for without a cookie of ours before it comes last. Counted only while requests are sent away.',
  ),
  holder: budget({ burst: 60, per_second: 5 }).describe(
    'What one cookie may ask for before its browser counts as a stranger. Counted likewise.',
  ),
  service: budget({ burst: 500, per_second: 200 }).describe(
    'What may come from an address at which a service authenticated lately, or by one client certificate. Counted likewise.',
  ),
  services: z
    .array(z.string())
    .default([])
    .describe('Networks (CIDR) from which services come: their requests count as known without having been seen.'),
  retry_after: z.int().min(1).max(300).default(5).describe('Seconds after which who was sent away may come again.'),
});

export type OverloadSettings = z.output<typeof overloadSettings>;
