import type { AttachmentDeclaration } from '../letters/letter.ts';
import { deemedDelivery, type DeliveryRule } from '../letters/deemed-delivery.ts';
import type { Receipt } from '../records/deliveries.ts';
import type { Signing } from '../../module-api/signing.ts';

/** The type of a receipt's JWS. */
export const receiptType = 'postfach-receipt+jwt';

/**
 * What a sender gets for a letter: that it was stored durably, and when. The day of deemed delivery is in it where the rule
 * knows it already (§ 9 OZG); by Art. 24 BayDiG it depends on what comes later, and is asked for with the letter's state.
 */
export const makeReceipt = async (
  signing: Signing,
  about: {
    readonly issuer: string;
    readonly senderId: string;
    readonly letterId: string;
    readonly messageId: string;
    readonly providedAt: number;
    readonly rule: DeliveryRule;
    readonly sha512: string;
    readonly attachments: readonly AttachmentDeclaration[];
  },
): Promise<Receipt> => {
  const { rule, providedAt } = about;
  const { date } = deemedDelivery(rule, { providedAt, consented: false });
  const content = {
    iss: about.issuer,
    sender: about.senderId,
    letter: about.letterId,
    message_id: about.messageId,
    provided_at: new Date(providedAt).toISOString(),
    ...(rule.rule === 'none'
      ? {}
      : { deemed_delivery: { rule: rule.rule, days: rule.days, ...(date === undefined ? {} : { date }) } }),
    sha512: about.sha512,
    attachments: about.attachments.map(({ name, type, length, sha512 }) => ({ name, type, length, sha512 })),
  };
  return { content, jws: await signing.sign(content, receiptType) };
};

/** As it is answered. */
export const receiptBody = ({ content, jws }: Receipt): Readonly<Record<string, unknown>> => ({
  ...content,
  receipt_jws: jws,
});
