import type { CoarseUserAgent } from '../../web/user-agent.ts';
import type { Mail as MailOfPart } from '../../mail/mail.ts';

/** Ways to log in that are added to an account or taken from it. */
export type MailedMeans = 'password' | 'passkey' | 'totp' | 'recovery_codes' | 'eid';

/** What may change on a card. The values stand in no mail. */
export type MailedCardData = 'name' | 'birth_name' | 'title' | 'address' | 'nationality';

/** A link by which somebody says that it was not them. It is opened by mail scanners too: acting on it takes a form. */
interface Deniable {
  readonly denyLink: string;
}

/** When it happened, ms since the epoch. */
interface Dated {
  readonly at: number;
}

/** Ways in that went by the same act, since nobody had proved whose they were. */
interface Dropping {
  readonly removed?: readonly MailedMeans[];
}

/** What is told after the fact: it matters however late it arrives. */
type SecurityNotice = Dated &
  Deniable &
  (
    | ({ readonly type: 'means_added'; readonly means: MailedMeans; readonly name?: string } & Dropping)
    /** `name` is what the citizen called it. */
    | { readonly type: 'means_removed'; readonly means: MailedMeans; readonly name?: string }
    | ({ readonly type: 'password_changed' } & Dropping)
    | { readonly type: 'new_device'; readonly device: CoarseUserAgent }
    /** To the old address. `denyLink` undoes the change until then. */
    | { readonly type: 'email_changed'; readonly undoUntil: number }
    | ({ readonly type: 'card_replaced' } & Dropping)
    | { readonly type: 'card_data_changed'; readonly changed: readonly MailedCardData[] }
    | { readonly type: 'card_shown_elsewhere' }
    | { readonly type: 'recovery_code_used'; readonly left: number }
    /** A refresh token came a second time, so somebody else may have had it. The envelope names its service. */
    | { readonly type: 'token_reused' }
    | { readonly type: 'accounts_joined' }
  );

/** What the operator did, with the reason that was written for the citizen. */
interface OperatorNotice extends Dated {
  readonly type: 'operator_locked' | 'operator_unlocked' | 'operator_logged_out';
  readonly reason: string;
}

/** Told while it can still be acted on; times are ms since the epoch. */
type LifecycleNotice =
  | ({
      readonly type: 'deletion_planned';
      readonly on: number;
      readonly undoLink: string;
      /** The operator's, who planned it. */
      readonly reason?: string;
    } & Deniable)
  | { readonly type: 'deletion_done' }
  | { readonly type: 'inactive'; readonly months: 6 | 3; readonly deletedOn: number; readonly loginLink: string };

/** What somebody waits for. After `validUntil` (ms since the epoch) it is not sent any more. */
type Waited =
  | {
      readonly type: 'registration_code' | 'email_change_code';
      readonly code: string;
      /** Does the same as typing the code. */
      readonly link: string;
      readonly validUntil: number;
    }
  /** Somebody began a registration with an address that has an account: only the mail says so. */
  | { readonly type: 'registration_known'; readonly loginLink: string; readonly resetLink: string }
  | { readonly type: 'password_reset'; readonly link: string; readonly validUntil: number };

/** What the owner of an account is told of it. */
export type OwnerNotice = SecurityNotice | OperatorNotice | LifecycleNotice;

/** What a mail tells. Besides what stands here nothing of a person is in any mail: it is read on its way. */
export type MailMessage = Waited | OwnerNotice;

export type MailType = MailMessage['type'];

/** The message of one type, or of several. */
export type MailOf<Type extends MailType> = MailMessage & { readonly type: Type };

/** A message on its way to somebody. `service` is that whose login the mail belongs to. */
export type Mail = MailOfPart<MailMessage>;

const waited: ReadonlySet<MailType> = new Set<MailType>([
  'registration_code',
  'email_change_code',
  'registration_known',
  'password_reset',
]);

/** Whether somebody sits before a page and waits for it. */
export const isWaitedFor = ({ type }: MailMessage): boolean => waited.has(type);

/** When the mail becomes useless, in ms since the epoch; undefined for what matters however late. */
export const usefulUntil = (message: MailMessage): number | undefined =>
  'validUntil' in message ? message.validUntil : undefined;
