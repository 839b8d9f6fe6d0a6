import { z } from 'zod';

/** Traces to a collector of OpenTelemetry; without this section nothing is traced. */
export const tracingSettings = z
  .strictObject({
    endpoint: z
      .url({ protocol: /^https?$/ })
      .describe('Collector that takes OTLP over HTTP, such as http://localhost:4318; /v1/traces is put behind it.'),
    sample: z
      .number()
      .min(0)
      .max(1)
      .default(0.01)
      .describe('Share of the requests that are traced, unless a proxy in front has decided. Default 0.01.'),
    headers: z
      .record(z.string(), z.string())
      .default({})
      .describe('Headers that the collector asks for, such as a token; better given as a secret file.'),
  })
  .describe('Traces of requests through all parts. Off without it.');

export type TracingSettings = z.output<typeof tracingSettings>;
