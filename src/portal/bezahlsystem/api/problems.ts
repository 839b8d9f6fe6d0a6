import { toHttpError } from '../../../web/http-error.ts';
import { answerProblemsAs } from '../../module-api/problem-answers.ts';
import { ProviderUnavailable } from '../../relying-party/provider.ts';

/** What can go wrong: the codes of XBezahldienste 1.0.0, and the last two, which are of refunds, ours. */
export const problemCodes = [
  'NO_VALID_ORIGINATOR_OR_ENDPOINT',
  'PAYMENT_EXISTS',
  'CALCULATION_ERROR',
  'BOOKING_DATA_MISSING',
  'VALIDATION_ERROR',
  'FORBIDDEN',
  'UNSPECIFIED',
  'NOT_PAYED',
  'REFUND_TOO_HIGH',
] as const;

export type ProblemCode = (typeof problemCodes)[number];

const usualStatus: Readonly<Record<ProblemCode, number>> = {
  NO_VALID_ORIGINATOR_OR_ENDPOINT: 404,
  PAYMENT_EXISTS: 409,
  CALCULATION_ERROR: 400,
  BOOKING_DATA_MISSING: 400,
  VALIDATION_ERROR: 400,
  FORBIDDEN: 403,
  UNSPECIFIED: 500,
  NOT_PAYED: 409,
  REFUND_TOO_HIGH: 409,
};

/** Ends a request to the API with `application/problem+json` (RFC 9457). */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly code: ProblemCode;
  readonly status: number;
  readonly detail: string | undefined;
  readonly retryAfter: number | undefined;
  /** @param about.detail in English, for the service's developer; quotes nothing of the citizen's. */
  constructor(
    code: ProblemCode,
    about: {
      readonly detail?: string;
      readonly status?: number;
      /** Seconds. */
      readonly retryAfter?: number | undefined;
    } = {},
  ) {
    super(code);
    this.code = code;
    this.status = about.status ?? usualStatus[code];
    this.detail = about.detail;
    this.retryAfter = about.retryAfter;
  }
}

const codeOfStatus = (status: number): ProblemCode => {
  if (status === 401 || status === 403) return 'FORBIDDEN';
  return status === 400 || status === 413 || status === 415 ? 'VALIDATION_ERROR' : 'UNSPECIFIED';
};

const problemOf = (thrown: unknown): Problem => {
  if (thrown instanceof Problem) return thrown;
  if (thrown instanceof ProviderUnavailable) return new Problem('UNSPECIFIED', { status: 503, retryAfter: 5 });
  const { status, retryAfter } = toHttpError(thrown);
  return new Problem(codeOfStatus(status), { status, retryAfter });
};

export const answerProblems = answerProblemsAs((thrown) => {
  const { code, status, detail, retryAfter } = problemOf(thrown);
  return { code, status, retryAfter, ...(detail === undefined ? {} : { more: { detail } }) };
});
