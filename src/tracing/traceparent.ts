/** What a request carries on from whoever sent it: W3C Trace Context, 3.2. */
export interface TraceContext {
  /** 32 and 16 hexadecimal digits. */
  readonly traceId: string;
  readonly spanId: string;
  readonly sampled: boolean;
}

const form = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(?:-.*)?$/;
const nothing = /^0+$/;

/** Undefined for what is none, so that a new trace begins (3.2.2.3 to 3.2.2.5). */
export const parseTraceparent = (header: string | undefined): TraceContext | undefined => {
  const [, version, traceId = '', spanId = '', flags = ''] = form.exec(header ?? '') ?? [];
  if (version === undefined || version === 'ff' || nothing.test(traceId) || nothing.test(spanId)) return undefined;
  // Version 00 has nothing behind the flags; later ones may.
  if (version === '00' && header?.length !== 55) return undefined;
  return { traceId, spanId, sampled: (Number.parseInt(flags, 16) & 1) === 1 };
};

export const formatTraceparent = ({ traceId, spanId, sampled }: TraceContext): string =>
  `00-${traceId}-${spanId}-${sampled ? '01' : '00'}`;
