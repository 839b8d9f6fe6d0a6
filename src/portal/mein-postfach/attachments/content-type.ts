/** What is taken, each with the endings that its name may have. Nothing among it runs when it is opened. */
const types = {
  'application/pdf': ['pdf'],
  'image/jpeg': ['jpg', 'jpeg'],
  'image/png': ['png'],
  'image/gif': ['gif'],
  'image/tiff': ['tif', 'tiff'],
  'text/plain': ['txt'],
  'text/csv': ['csv'],
  'text/calendar': ['ics'],
  'application/xml': ['xml'],
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': ['docx'],
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': ['xlsx'],
  'application/vnd.oasis.opendocument.text': ['odt'],
  'application/vnd.oasis.opendocument.spreadsheet': ['ods'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type AttachmentType = keyof typeof types;

export const attachmentTypeNames = Object.keys(types) as readonly AttachmentType[];

export const isAttachmentType = (type: string): type is AttachmentType => Object.hasOwn(types, type);

/** How a type is told apart: by its first bytes, as text, as markup without anything that runs, or as an archive of parts. */
export type Form = 'pdf' | 'image' | 'text' | 'xml' | 'archive';

export const formOf = (type: AttachmentType): Form => {
  if (type === 'application/pdf') return 'pdf';
  if (type === 'application/xml') return 'xml';
  if (type.startsWith('text/')) return 'text';
  return type.startsWith('image/') ? 'image' : 'archive';
};

/** Bytes from the start that `beginsLike` needs. */
export const headBytes = 512;

const signatures: Readonly<Partial<Record<AttachmentType, readonly string[]>>> = {
  'application/pdf': ['%PDF-'],
  'image/jpeg': ['\u00ff\u00d8\u00ff'],
  'image/png': ['\u0089PNG\r\n\u001a\n'],
  'image/gif': ['GIF87a', 'GIF89a'],
  'image/tiff': ['II*\u0000', 'MM\u0000*'],
};

const anySignature = [
  ...Object.values(signatures).flat(),
  'PK\u0003\u0004',
  'PK\u0005\u0006',
  '\u007fELF',
  'MZ',
  '#!',
  'Rar!',
  '7z\u00bc\u00af',
  '\u001f\u008b',
  '{\\rtf',
  '\u00d0\u00cf\u0011\u00e0',
];

/** Whether the first bytes are those of the type. Text must not begin like anything else that a program would open. */
export const beginsLike = (type: AttachmentType, head: Buffer): boolean => {
  const text = head.toString('latin1');
  const own = signatures[type];
  if (own !== undefined) return own.some((signature) => text.startsWith(signature));
  if (formOf(type) === 'archive') return text.startsWith('PK\u0003\u0004');
  const plain = head.toString('utf8').replace(/^\ufeff?\s*/, '');
  if (anySignature.some((signature) => text.startsWith(signature) || plain.startsWith(signature))) return false;
  if (type === 'application/xml') return plain.startsWith('<');
  if (type === 'text/calendar') return /^BEGIN:VCALENDAR\s/i.test(plain);
  return !/^<(?:[!?/]|[a-z])/i.test(plain);
};

const forbiddenInNames = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\\/:*?"<>|]/u;
const deviceNames = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;

/**
 * Whether a file may be called so on every system: one name without a path, without characters that systems treat
 * otherwise or that turn the writing round, and with an ending of its type, not hidden behind another one.
 */
export const nameFits = (name: string, type: AttachmentType): boolean => {
  if (name !== name.trim() || forbiddenInNames.test(name) || name.startsWith('.') || deviceNames.test(name))
    return false;
  const [, ending] = /^.+\.([a-z0-9]+)$/i.exec(name) ?? [];
  return ending !== undefined && (types[type] as readonly string[]).includes(ending.toLowerCase());
};
