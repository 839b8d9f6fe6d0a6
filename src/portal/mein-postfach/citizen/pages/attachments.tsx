import { Card, Details, Icon } from '../../../../web/components/index.ts';
import { perLocale } from '../../../../web/i18n/per-locale.ts';
import type { Locale } from '../../../../web/i18n/shape.ts';
import type { Attachment } from '../../letters/letter.ts';
import type { PostfachMessages } from '../i18n/messages.ts';
import { attachmentPath } from '../paths.ts';
import type { Frame } from './frame.tsx';

const unitFormats = (unit: string, maximumFractionDigits: number): Readonly<Record<Locale, Intl.NumberFormat>> =>
  perLocale((locale) => new Intl.NumberFormat(locale, { style: 'unit', unit, maximumFractionDigits }));

const sizes = {
  byte: unitFormats('byte', 0),
  kilobyte: unitFormats('kilobyte', 0),
  megabyte: unitFormats('megabyte', 1),
};

/** A size in words, as people's devices show it: kB of 1000 bytes. */
export const sizeWords = (locale: Locale, bytes: number): string => {
  if (bytes < 1000) return sizes.byte[locale].format(bytes);
  return bytes < 1_000_000
    ? sizes.kilobyte[locale].format(bytes / 1000)
    : sizes.megabyte[locale].format(bytes / 1_000_000);
};

const kinds: readonly (readonly [RegExp, keyof PostfachMessages['letter']['types']])[] = [
  [/^application\/pdf$/, 'pdf'],
  [/^image\//, 'image'],
  [/^text\/calendar$/, 'calendar'],
  [/spreadsheet|^text\/csv$/, 'table'],
  [/wordprocessing|opendocument\.text|rtf/, 'document'],
  [/xml$/, 'data'],
  [/^text\//, 'text'],
];

/** A media type in words. */
export const typeWords = (t: PostfachMessages, type: string): string =>
  t.letter.types[kinds.find(([form]) => form.test(type))?.[1] ?? 'other'];

/** Files of a letter: name, kind, size and hash; nothing of them is shown in the page. */
export const Attachments = ({ id, files, frame }: { id: string; files: readonly Attachment[]; frame: Frame }) => {
  const { t, page } = frame;
  const words = t.letter;
  return (
    <Card id="anlagen" heading={words.attachments}>
      <ul class="bid-files">
        {files.map((file) => (
          <li key={file.id} class="bid-file">
            <a class="bid-file__link" href={attachmentPath(id, file.id)}>
              <Icon name="download" />
              <span class="bid-file__name">{file.name}</span>
            </a>
            <p class="bid-file__note">
              {typeWords(t, file.type)}, {sizeWords(page.locale, file.length)}
            </p>
          </li>
        ))}
      </ul>
      <p class="kern-body bid-muted">{words.attachmentsNote}</p>
      <Details summary={words.hash}>
        <p class="kern-body">{words.hashNote}</p>
        <dl class="bid-hashes">
          {files.map((file) => (
            <div key={file.id}>
              <dt>{file.name}</dt>
              <dd>
                <code class="bid-hash">{file.sha512}</code>
              </dd>
            </div>
          ))}
        </dl>
      </Details>
    </Card>
  );
};
