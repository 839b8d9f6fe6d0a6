import { answerProblemsAs } from '../../module-api/problem-answers.ts';
import { ProviderUnavailable } from '../../relying-party/provider.ts';
import { TooManyMisses } from '../resolve.ts';
import { toHttpError } from '../../../web/http-error.ts';

/** What can go wrong at the API, with its status. Senders' programs rely on these words. */
export const problemStatus = {
  envelope_invalid: 400,
  unauthorized: 401,
  insufficient_scope: 403,
  sender_not_allowed: 403,
  mailbox_unknown: 403,
  not_found: 404,
  method_not_allowed: 405,
  message_exists: 409,
  status_exists: 409,
  too_large: 413,
  schema_invalid: 422,
  content_not_allowed: 422,
  attachment_not_allowed: 422,
  attachment_mismatch: 422,
  too_many: 429,
  internal: 500,
  unavailable: 503,
} as const;

export type ProblemCode = keyof typeof problemStatus;

export interface ProblemDetails {
  /** What is wrong, in English, for the sender's developer. Quotes nothing of the citizen's. */
  readonly detail?: string;
  /** Number of the attachment, from 0. */
  readonly attachment?: number;
  /** Why an attachment is not taken. */
  readonly reason?: string;
  /** Seconds. */
  readonly retryAfter?: number;
}

/** Ends a request to the API with `application/problem+json` (RFC 9457). */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly code: ProblemCode;
  readonly details: ProblemDetails;
  constructor(code: ProblemCode, details: ProblemDetails = {}) {
    super(code);
    this.code = code;
    this.details = details;
  }
}

const codeOfStatus: Readonly<Record<number, ProblemCode>> = {
  400: 'envelope_invalid',
  401: 'unauthorized',
  403: 'insufficient_scope',
  404: 'not_found',
  405: 'method_not_allowed',
  413: 'too_large',
  415: 'envelope_invalid',
  503: 'unavailable',
};

const problemOf = (thrown: unknown): Problem => {
  if (thrown instanceof Problem) return thrown;
  if (thrown instanceof ProviderUnavailable) return new Problem('unavailable', { retryAfter: 5 });
  if (thrown instanceof TooManyMisses) return new Problem('too_many', { retryAfter: thrown.retryAfter });
  const { status, retryAfter } = toHttpError(thrown);
  return new Problem(codeOfStatus[status] ?? 'internal', retryAfter === undefined ? {} : { retryAfter });
};

/** Every error below comes out in the API's own form; nothing of a stack, a query or a key in it. */
export const answerProblems = answerProblemsAs((thrown) => {
  const { code, details } = problemOf(thrown);
  const { retryAfter, ...more } = details;
  return { code, status: problemStatus[code], retryAfter, more };
});
