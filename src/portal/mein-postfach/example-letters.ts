import { createHash, randomUUID } from 'node:crypto';
import { renderPaper } from '../../web/pdf/tagged-pdf.ts';
import { newFileKey, sealStream } from './attachments/sealed-stream.ts';
import type { FileStore } from './attachments/store.ts';
import type { ApplicationState, LetterSender } from './letters/letter.ts';
import type { StoredAttachment } from './records/attachments.ts';
import { newLetterId, type Delivery } from './records/deliveries.ts';
import type { PostfachRecords } from './records/records.ts';

/** Senders that only a developer's machine has; no client can send in their name. */
const sender = (id: string, de: string, en: string): LetterSender => ({
  id: `beispiel-${id}`,
  authority: 'beispiel',
  name: { de, en },
});

/** The one that has a file, in config/development, and a client: replies to it can be fetched. */
const town: LetterSender = {
  id: 'musterstadt',
  authority: 'entwicklung',
  name: { de: 'Stadt Musterstadt, Bürgeramt (Beispiel)', en: 'City of Musterstadt, citizens’ office (example)' },
};
const taxes = sender('finanzamt', 'Finanzamt Musterstadt (Beispiel)', 'Tax office of Musterstadt (example)');
const county = sender('landratsamt', 'Landratsamt Musterkreis (Beispiel)', 'District office of Musterkreis (example)');

const day = 86_400_000;
const applicationId = '6f0c1f0e-4a54-4b8e-9c0e-7d8f0a3b2c1d';

type Example = Pick<
  Delivery,
  'sender' | 'level' | 'service' | 'subject' | 'content' | 'reply' | 'deemedDelivery' | 'reference' | 'applicationId'
> & { readonly daysAgo: number; readonly attached?: string };

const examples: readonly Example[] = [
  {
    sender: county,
    level: 'high',
    service: 'Führerscheinstelle',
    subject: 'Bescheid über die Umschreibung Ihres Führerscheins',
    content: {
      type: 'text',
      body: 'Guten Tag,\n\nIhr Antrag ist bewilligt. Der Bescheid liegt als Anlage bei.\n\nDiesen Brief konnten Sie nur mit dem Online-Ausweis öffnen: So hat es die Behörde verlangt.\n\nMit freundlichen Grüßen\nIhr Landratsamt',
    },
    reply: { allowed: false },
    deemedDelivery: { rule: 'ozg_9', days: 4 },
    daysAgo: 6,
    attached: 'Bescheid Führerschein.pdf',
  },
  {
    sender: taxes,
    level: 'substantial',
    service: 'Einkommensteuer',
    subject: 'Rückfrage zu Ihrer Steuererklärung',
    content: {
      type: 'text',
      body: 'Guten Tag,\n\nzu Ihren Fahrtkosten fehlt uns die Zahl der Arbeitstage. Bitte tragen Sie sie in Ihrer Steuererklärung nach.\n\nIhr Finanzamt',
    },
    reply: { allowed: false },
    deemedDelivery: { rule: 'none', days: 0 },
    daysAgo: 3,
  },
  {
    sender: town,
    level: 'basic',
    service: 'Wohngeld',
    subject: 'Ihr Antrag auf Wohngeld: Es fehlt noch etwas',
    content: {
      type: 'html',
      body: '<p>Guten Tag,</p><p>für Ihren Antrag brauchen wir noch:</p><ul><li>die <strong>Mietbescheinigung</strong></li><li>den Nachweis Ihres Einkommens</li></ul><p>Vordrucke gibt es <a href="https://www.musterstadt.example/wohngeld">auf unserer Seite</a>. Sie können einfach hier antworten.</p><p>Mit freundlichen Grüßen<br>Ihr Bürgeramt</p>',
    },
    reply: { allowed: true },
    deemedDelivery: { rule: 'ozg_9', days: 4 },
    reference: 'WG-2026/4711',
    applicationId,
    daysAgo: 1,
    attached: 'Mietbescheinigung (Vordruck).pdf',
  },
  {
    sender: town,
    level: 'basic',
    service: 'Bürgeramt',
    subject: 'Willkommen in Ihrem Postfach',
    content: {
      type: 'text',
      body: 'Guten Tag,\n\ndas ist ein Beispiel für einen Brief von einer Behörde. Probieren Sie aus, was es gibt: antworten, ins Archiv legen, als PDF speichern, suchen.\n\nZwei weitere Briefe sind gesperrt. Einer öffnet sich mit dem Online-Ausweis, der andere mit einem Passkey oder dem Online-Ausweis.\n\nIhr Bürgeramt',
    },
    reply: { allowed: true },
    deemedDelivery: { rule: 'none', days: 0 },
    daysAgo: 0,
  },
];

const states: readonly ApplicationState[] = ['SUBMITTED', 'RECEIVED', 'PROCESSING', 'ACTION_REQUIRED'];

export interface ExampleStores {
  readonly records: PostfachRecords;
  readonly store: FileStore;
}

const keep = async (store: FileStore, name: string): Promise<StoredAttachment> => {
  const content = await renderPaper({
    locale: 'de',
    title: name,
    brand: 'Mein Postfach',
    pageOf: ({ page, of }) => `${page} / ${of}`,
    blocks: [
      { kind: 'h1', text: name.replace(/\.pdf$/, '') },
      { kind: 'text', text: 'Das ist eine Beispieldatei. Sie hat keine Bedeutung.' },
    ],
  });
  const [id, key] = [randomUUID(), newFileKey()];
  const source = async function* (): AsyncGenerator<Buffer> {
    yield content;
  };
  await store.write(id, sealStream(key, id, source()));
  const sha512 = createHash('sha512').update(content).digest('hex');
  return { id, key, name, type: 'application/pdf', length: content.length, sha512 };
};

/**
 * Puts letters and an application into a test person's mailbox, once; what she has removed does not come back. Development
 * only: nobody has sent them, so they have no receipt.
 */
export const provideExamples = async ({ records, store }: ExampleStores, subject: string): Promise<void> => {
  const mailbox = await records.mailboxes.of(subject);
  if (mailbox === undefined) return;
  const now = Date.now();
  for (const [number, { daysAgo, attached, ...letter }] of examples.entries()) {
    const messageId = `beispiel-${number}-${subject}`;
    if ((await records.deliveries.earlier(letter.sender.id, messageId, messageId)) !== undefined) continue;
    const providedAt = now - daysAgo * day;
    await records.deliveries.provide(mailbox, {
      ...letter,
      letterId: newLetterId(providedAt),
      messageId,
      attachments: attached === undefined ? [] : [await keep(store, attached)],
      providedAt,
      sha512: messageId,
      receipt: { content: {}, jws: '' },
    });
  }
  for (const [number, status] of states.entries()) {
    const statusId = `beispiel-${number}-${subject}`;
    await records.applications.addStatus(
      mailbox,
      { sender: town, applicationId, statusId },
      {
        level: 'basic',
        status,
        publicServiceName: 'Wohngeld',
        senderName: town.name.de,
        createdAt: now - (states.length - number) * 5 * day,
        ...(status === 'ACTION_REQUIRED'
          ? { statusDetails: 'Mietbescheinigung fehlt', reference: 'WG-2026/4711' }
          : {}),
      },
      statusId,
    );
  }
};
