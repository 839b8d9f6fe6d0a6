import type { Level } from '../../../assurance/levels.ts';
import type { Locale } from '../../../web/i18n/shape.ts';

/** A name that citizens read. */
export type InBoth = Readonly<Record<Locale, string>>;

/** Who wrote: as the sender's file said at the time of delivery, so that a renamed office does not rewrite old letters. */
export interface LetterSender {
  /** The name of the sender's file. */
  readonly id: string;
  readonly authority: string;
  readonly name: InBoth;
}

/** `html` is allow-listed (content.ts) before anything is stored. */
export interface LetterContent {
  readonly type: 'text' | 'html';
  readonly body: string;
}

export interface ReplyRule {
  readonly allowed: boolean;
  /** ms since the epoch; no reply from then on. */
  readonly until?: number;
}

/** What a sender says of an attachment, compared with what comes. */
export interface AttachmentDeclaration {
  readonly name: string;
  readonly type: string;
  /** Bytes. */
  readonly length: number;
  /** 128 hexadecimal digits, small. */
  readonly sha512: string;
}

export interface Attachment extends AttachmentDeclaration {
  readonly id: string;
}

export type Folder = 'inbox' | 'archive' | 'trash';

/** What a list shows. Above the present level of the login only this is known: who wrote and when. */
interface Envelope {
  readonly id: string;
  readonly sender: LetterSender;
  readonly level: Level;
  /** Times are ms since the epoch, by the server's clock. */
  readonly providedAt: number;
  readonly openedAt?: number;
  readonly repliedAt?: number;
  readonly trashedAt?: number;
  readonly folder: Folder;
  /** New, or marked as such again. */
  readonly unread: boolean;
  readonly flagged: boolean;
}

export type LetterSummary = Envelope &
  (
    | { readonly locked: true }
    | {
        readonly locked: false;
        readonly service: string;
        readonly subject: string;
        readonly reference?: string;
        readonly applicationId?: string;
        readonly attachments: number;
      }
  );

/** An opened letter. */
export type Letter = Extract<LetterSummary, { locked: false }> & {
  readonly content: LetterContent;
  readonly reply: ReplyRule;
  readonly files: readonly Attachment[];
  readonly replies: readonly SentReply[];
  readonly deemedDelivery: DeemedDelivery;
};

/** A reply as the citizen who wrote it sees it. */
export interface SentReply {
  readonly id: string;
  readonly text: string;
  readonly createdAt: number;
  /** When the authority fetched it. */
  readonly takenAt?: number;
}

/** The legal fiction of delivery, as the sender's file has it. */
export const deemedDeliveryRules = ['none', 'ozg_9', 'baydig_24'] as const;
export type DeemedDeliveryRule = (typeof deemedDeliveryRules)[number];

export interface DeemedDelivery {
  readonly rule: DeemedDeliveryRule;
  /** The day (Europe/Berlin, YYYY-MM-DD) on which the letter counts as delivered; absent while it does not. */
  readonly date?: string;
  /** What it was counted from. */
  readonly from?: 'provision' | 'notice' | 'retrieval';
}

/** Two consents of the citizen, each by itself and revocable: Bekanntgabe (Art. 24 BayDiG) and Zustellung (Art. 25 BayDiG). */
export const consentKinds = ['bekanntgabe', 'zustellung'] as const;
export type ConsentKind = (typeof consentKinds)[number];

/** Life of an application. */
export const applicationStates = [
  'INITIATED',
  'SUBMITTED',
  'RECEIVED',
  'PROCESSING',
  'ACTION_REQUIRED',
  'COMPLETED',
] as const;
export type ApplicationState = (typeof applicationStates)[number];

/** A status as its sender gave it. */
export interface ApplicationStatus {
  /** Needed to see it. */
  readonly level: Level;
  readonly status: ApplicationState;
  readonly publicServiceName: string;
  readonly senderName: string;
  /** ms since the epoch, as the authority says. */
  readonly createdAt: number;
  /** When it came, by the server's clock. */
  readonly receivedAt: number;
  readonly statusDetails?: string;
  readonly additionalInformation?: string;
  readonly reference?: string;
}

/** What a login may know of a status: above its level only that there is one, and since when. */
export type ShownStatus =
  | ({ readonly locked: false } & ApplicationStatus)
  | ({ readonly locked: true } & Pick<ApplicationStatus, 'level' | 'createdAt' | 'receivedAt'>);

/** What the journal knows (Art. 24(3) BayDiG asks for notice, day of provision, day of dispatch and retrieval). */
export const journalTypes = [
  'provided',
  'notice_enqueued',
  'notice_dispatched',
  'opened',
  'replied',
  'deleted',
  'consent_given',
  'consent_withdrawn',
  'mailbox_joined',
] as const;
export type JournalType = (typeof journalTypes)[number];

export interface JournalEntry {
  readonly type: JournalType;
  readonly at: number;
  readonly consent?: ConsentKind;
}

export const maximumLengths = {
  service: 255,
  subject: 1024,
  content: 200_000,
  reference: 255,
  reply: 20_000,
  fileName: 200,
  statusDetails: 50,
  additionalInformation: 100,
} as const;
