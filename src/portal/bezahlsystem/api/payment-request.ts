import { z } from 'zod';
import { isVisibleLine } from '../../../config/citizen-text.ts';
import { webOrigin } from '../../../web/safe-path.ts';
import { centsOf, countOf, Decimal, parseExactJson } from '../orders/money.ts';
import { addsUp, currency, type Cents, type OrderContent, type OrderItem } from '../orders/order.ts';
import type { EndPoint, Originator } from '../originators.ts';
import { Problem } from './problems.ts';

/** Greatest lengths, of XBezahldienste 1.0.0 where it has them, else ours. */
export const longest = {
  requestId: 36,
  purpose: 27,
  description: 250,
  redirectUrl: 2082,
  items: 99,
  name: 255,
  bookingKeys: 50,
  bookingValue: 255,
  postfach: 512,
} as const;

/** In whole euros. */
export const largestAmount = 999_999;

export const idPattern = '^[\\w-]{1,36}$';
export const purposePattern = '^[\\w\\d\\s-]+$';

const line = (length: number) =>
  z
    .string()
    .min(1)
    .max(length)
    .regex(/^[^\p{Cc}\p{Zl}\p{Zp}]*$/u, 'must be one line');

/** What citizens read before they pay. */
const shownLine = (length: number) =>
  line(length).refine(
    isVisibleLine,
    'must be one line that can be read, without characters that turn the writing round',
  );

const numberWith = <Value>(read: (text: string) => Value | undefined, message: string) =>
  z.instanceof(Decimal, { error: 'must be a number' }).transform(({ text }, ctx) => {
    const value = read(text);
    if (value !== undefined) return value;
    ctx.addIssue({ code: 'custom', message });
    return z.NEVER;
  });

const amount = numberWith(centsOf, 'must be an exact decimal of at most two places, not negative');

const rate = numberWith(
  (text) => (/^(?:0|[1-9]\d?|100)(?:\.\d{1,4})?$/.test(text) && Number(text) <= 100 ? text : undefined),
  'must be a rate in per cent, 0 to 100',
);

const bookingValue = z.union([
  z.string().max(longest.bookingValue),
  z.instanceof(Decimal).transform(({ text }) => text),
]);

const item = z.strictObject({
  id: line(longest.name),
  reference: line(longest.name).optional(),
  description: shownLine(longest.description),
  taxRate: rate,
  quantity: numberWith(countOf, 'must be a whole number from 1 on'),
  totalNetAmount: amount,
  totalTaxAmount: amount,
  singleNetAmount: amount,
  singleTaxAmount: amount,
  bookingData: z
    .record(z.string().min(1).max(100), bookingValue)
    .refine((data) => Object.keys(data).length <= longest.bookingKeys, `at most ${longest.bookingKeys} entries`)
    .optional(),
});

const address = z.strictObject({
  street: line(longest.name).optional(),
  houseNumber: line(20).optional(),
  addressLine: z.array(line(longest.name)).max(5).optional(),
  postalCode: line(20).optional(),
  city: line(longest.name).optional(),
  country: line(100).optional(),
});

const requestor = z.strictObject({
  name: line(longest.name).optional(),
  firstName: line(longest.name).optional(),
  gender: line(20).optional(),
  isOrganization: z.boolean().default(false),
  organizationName: line(longest.name).optional(),
  address: address.optional(),
  postfach: z.string().min(1).max(longest.postfach).optional(),
});

const paymentRequest = z.strictObject({
  requestId: z.string().regex(new RegExp(idPattern), `must be 1 to ${longest.requestId} of A-Z a-z 0-9 _ -`),
  requestTimestamp: z.iso.datetime({ offset: true, local: true }),
  currency: z.literal(currency),
  grosAmount: amount.refine(
    (cents) => cents > 0 && cents <= largestAmount * 100,
    `must be more than 0 and at most ${largestAmount}`,
  ),
  purpose: z
    .string()
    .max(longest.purpose)
    .regex(new RegExp(purposePattern), 'letters, digits, blanks, _ and - only')
    .refine((text) => text.trim() !== '', 'must not be blank'),
  description: shownLine(longest.description).optional(),
  redirectUrl: z.string().max(longest.redirectUrl),
  items: z.array(item).min(1).max(longest.items),
  requestor: requestor.optional(),
});

const refundRequest = z.strictObject({
  requestId: z.string().regex(new RegExp(idPattern)),
  amount: amount.refine((cents) => cents > 0, 'must be more than 0'),
  currency: z.literal(currency),
});

const parse = <Schema extends z.ZodType>(raw: Buffer, schema: Schema): z.output<Schema> => {
  let value: unknown;
  try {
    value = parseExactJson(raw);
  } catch {
    throw new Problem('VALIDATION_ERROR', { detail: 'this is no JSON in UTF-8' });
  }
  const { success, data, error } = schema.safeParse(value);
  if (success) return data;
  const [first] = error.issues;
  const where = first?.path.map(String).join('.') ?? '';
  throw new Problem('VALIDATION_ERROR', {
    detail: `${where === '' ? '' : `${where}: `}${first?.message ?? 'not as described'}`,
  });
};

/** A fee as a service asks for it, checked against its file. */
export interface AskedPayment {
  readonly requestId: string;
  readonly amount: Cents;
  readonly content: OrderContent;
  /** All but the time of the request: what has to be the same when it comes again. */
  readonly canonical: string;
}

const itemOf = (given: z.output<typeof item>): OrderItem => ({
  id: given.id,
  ...(given.reference === undefined ? {} : { reference: given.reference }),
  description: given.description,
  taxRate: given.taxRate,
  quantity: given.quantity,
  totalNet: given.totalNetAmount,
  totalTax: given.totalTaxAmount,
  singleNet: given.singleNetAmount,
  singleTax: given.singleTaxAmount,
  ...(given.bookingData === undefined
    ? {}
    : {
        bookingData: Object.fromEntries(
          Object.entries(given.bookingData).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)),
        ),
      }),
});

/** @throws Problem for an address that is not of the originator's own origins. */
const checkedRedirect = (address: string, { redirect_origins: origins }: Originator): string => {
  const url = URL.parse(address);
  if (url === null || !origins.includes(webOrigin(address) ?? '') || url.username !== '' || url.password !== '')
    throw new Problem('VALIDATION_ERROR', { detail: 'redirectUrl: not of the origins in the file of this originator' });
  return url.href;
};

/** Without what was not given. */
const present = <Value extends object>(value: Value): Value =>
  Object.fromEntries(Object.entries(value).filter(([, part]) => part !== undefined)) as Value;

/** @throws Problem `VALIDATION_ERROR`, `CALCULATION_ERROR` or `BOOKING_DATA_MISSING` */
export const parsePaymentRequest = (raw: Buffer, originator: Originator, endPoint: EndPoint): AskedPayment => {
  const given = parse(raw, paymentRequest);
  const items = given.items.map(itemOf);
  const redirectUrl = checkedRedirect(given.redirectUrl, originator);
  if (!addsUp(given.grosAmount, items))
    throw new Problem('CALCULATION_ERROR', {
      detail: 'grosAmount is not the sum of the items, or an item not of its parts',
    });
  const missing = items.flatMap(({ bookingData = {} }, i) =>
    endPoint.booking_data
      .filter((key) => !Object.hasOwn(bookingData, key) || bookingData[key] === '')
      .map((key) => `items.${i}.bookingData.${key}`),
  );
  if (missing.length > 0) throw new Problem('BOOKING_DATA_MISSING', { detail: missing.slice(0, 10).join(', ') });

  const { payee } = endPoint;
  const { postfach, ...who } = given.requestor ?? {};
  const content: OrderContent = {
    requestTimestamp: given.requestTimestamp,
    purpose: given.purpose,
    ...(given.description === undefined ? {} : { description: given.description }),
    items,
    payee: { name: payee.name, address: payee.address, accountReference: payee.account_reference },
    ...(given.requestor === undefined
      ? {}
      : {
          requestor: present({
            ...who,
            isOrganization: given.requestor.isOrganization,
            ...(given.requestor.address === undefined ? {} : { address: present(given.requestor.address) }),
          }) as NonNullable<OrderContent['requestor']>,
        }),
    redirectUrl,
    ...(postfach === undefined ? {} : { postfach }),
  };
  const { requestTimestamp: _, payee: __, ...same } = content;
  return {
    requestId: given.requestId,
    amount: given.grosAmount,
    content,
    canonical: JSON.stringify([given.requestId, given.grosAmount, given.currency, same]),
  };
};

export interface AskedRefund {
  readonly requestId: string;
  readonly amount: Cents;
}

/** @throws Problem `VALIDATION_ERROR` */
export const parseRefundRequest = (raw: Buffer): AskedRefund => {
  const { requestId, amount: cents } = parse(raw, refundRequest);
  return { requestId, amount: cents };
};
