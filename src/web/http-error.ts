import { types } from 'node:util';

/** What went wrong, as far as the citizen may know; the words of the error pages and of problem+json. */
export const errorCodes = [
  'bad_request',
  'unauthorized',
  'forbidden',
  'csrf',
  'not_found',
  'method_not_allowed',
  'conflict',
  'gone',
  'too_large',
  'unsupported_media_type',
  'too_many_requests',
  'internal',
  'unavailable',
] as const;

export type ErrorCode = (typeof errorCodes)[number];

const statusOf: Readonly<Record<ErrorCode, number>> = {
  bad_request: 400,
  unauthorized: 401,
  forbidden: 403,
  csrf: 403,
  not_found: 404,
  method_not_allowed: 405,
  conflict: 409,
  gone: 410,
  too_large: 413,
  unsupported_media_type: 415,
  too_many_requests: 429,
  internal: 500,
  unavailable: 503,
};

/**
 * Ends a request with an error page (or problem+json). `reason` is for the log only, a fixed word; nothing of it is
 * shown. `retryAfter` in seconds becomes the header.
 */
export class HttpError extends Error {
  override readonly name = 'HttpError';
  readonly code: ErrorCode;
  readonly status: number;
  readonly reason: string | undefined;
  readonly retryAfter: number | undefined;
  constructor(code: ErrorCode, options: { reason?: string; retryAfter?: number; cause?: unknown } = {}) {
    super(options.reason ?? code, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.status = statusOf[code];
    this.reason = options.reason;
    this.retryAfter = options.retryAfter;
  }
}

const codeOfStatus = (status: number): ErrorCode => {
  const exact = errorCodes.find((code) => code !== 'csrf' && statusOf[code] === status);
  if (exact !== undefined) return exact;
  return status >= 400 && status < 500 ? 'bad_request' : 'internal';
};

/**
 * Any thrown thing as an HttpError: errors of koa and its routers keep a status between 400 and 499,
 * StorageUnavailable becomes a 503 and everything else a 500.
 */
export const toHttpError = (thrown: unknown): HttpError => {
  if (thrown instanceof HttpError) return thrown;
  if (types.isNativeError(thrown)) {
    if (thrown.name === 'StorageUnavailable') return new HttpError('unavailable', { retryAfter: 5, cause: thrown });
    const status: unknown = 'status' in thrown ? thrown.status : undefined;
    const exposed = 'expose' in thrown && thrown.expose === true;
    if (typeof status === 'number' && status >= 400 && status < 500 && exposed) {
      return new HttpError(codeOfStatus(status), { cause: thrown });
    }
  }
  return new HttpError('internal', { cause: thrown });
};

/** The error for a status that was set without a body, as routers do for 404 and 405. */
export const errorOfStatus = (status: number): HttpError =>
  new HttpError(status === 501 ? 'method_not_allowed' : codeOfStatus(status));
