import { types } from 'node:util';
import { createLogSink, type LogSink } from './log-sink.ts';

/**
 * Every field that a log line may carry. A name that is missing here does not compile and is dropped at run time, so
 * that no name, address, secret or token slips into a log with an object that was passed on whole.
 */
export const logFields = [
  'acr',
  'address',
  'attempt',
  'cause',
  'client',
  'code',
  'count',
  'durationMs',
  'environment',
  'error',
  'event',
  'file',
  'frames',
  'host',
  'key',
  'kind',
  'level',
  'limit',
  'line',
  'method',
  'node',
  'outcome',
  'part',
  'path',
  'pid',
  'port',
  'reason',
  'referenceId',
  'route',
  'setting',
  'state',
  'status',
  'store',
  'table',
  'url',
  'version',
  'worker',
] as const;

export type LogField = (typeof logFields)[number];
export type LogFields = Readonly<Partial<Record<LogField, string | number | boolean | undefined>>>;
export type Severity = 'debug' | 'info' | 'warn' | 'error';

/** Structured log: one JSON object per line. `event` is a fixed word, never a sentence with data in it. */
export interface Log {
  debug(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
  /** The same log with fields that every line carries. */
  with(fields: LogFields): Log;
}

const allowed: ReadonlySet<string> = new Set(logFields);
const order: Readonly<Record<Severity, number>> = { debug: 0, info: 1, warn: 2, error: 3 };
const longestValue = 2000;

const safe = (value: unknown): string | number | boolean | undefined => {
  if (typeof value === 'string') return value.length > longestValue ? `${value.slice(0, longestValue)}…` : value;
  return typeof value === 'number' || typeof value === 'boolean' ? value : undefined;
};

/** One line, newline at its end. JSON escapes control characters; the line separators that it leaves are escaped too. */
export const logLine = (severity: Severity, event: string, fields: LogFields, now: number): string => {
  const line: Record<string, string | number | boolean> = {
    time: new Date(now).toISOString(),
    severity,
    event,
  };
  for (const [name, value] of Object.entries(fields)) {
    const clean = safe(value);
    if (allowed.has(name) && name !== 'event' && clean !== undefined) line[name] = clean;
  }
  return `${JSON.stringify(line).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029').replaceAll('\u0085', '\\u0085')}\n`;
};

let standard: { readonly out: LogSink; readonly error: LogSink } | undefined;

/** Of this process: lines of all its logs wait in one place. */
const standardSinks = (): { readonly out: LogSink; readonly error: LogSink } => {
  const tell = (count: number): string => logLine('error', 'log_lines_dropped', { count }, Date.now());
  standard ??= { out: createLogSink(process.stdout, tell), error: createLogSink(process.stderr, tell) };
  return standard;
};

/** Writes to stdout, warnings and errors to stderr; `write` takes the finished line (tests read along there). */
export const createLog = (
  options: { least?: Severity; write?: (line: string, severity: Severity) => void; fields?: LogFields } = {},
): Log => {
  const least = order[options.least ?? 'info'];
  const write =
    options.write ??
    ((line: string, severity: Severity) =>
      standardSinks()[order[severity] >= order.warn ? 'error' : 'out'].write(line));
  const put =
    (severity: Severity) =>
    (event: string, fields: LogFields = {}) => {
      if (order[severity] >= least)
        write(logLine(severity, event, { ...options.fields, ...fields }, Date.now()), severity);
    };
  return {
    debug: put('debug'),
    info: put('info'),
    warn: put('warn'),
    error: put('error'),
    with: (fields) => createLog({ ...options, fields: { ...options.fields, ...fields } }),
  };
};

/** A log that says nothing. */
export const silentLog: Log = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  with: () => silentLog,
};

/**
 * What may be logged of an error: its class, its code and where it was thrown. The message only for the errors that
 * the language itself throws, since other messages may quote what a person typed.
 */
export const errorFields = (error: unknown): LogFields => {
  if (!types.isNativeError(error)) return { error: typeof error };
  const code: unknown = 'code' in error ? error.code : undefined;
  const message = ['TypeError', 'ReferenceError', 'RangeError'].includes(error.name);
  return {
    error: message ? `${error.name}: ${error.message}` : error.name,
    code: typeof code === 'string' || typeof code === 'number' ? code : undefined,
    frames: (error.stack ?? '')
      .split('\n')
      .filter((line) => /^\s+at /.test(line))
      .slice(0, 12)
      .map((line) => line.trim())
      .join(' | '),
  };
};
