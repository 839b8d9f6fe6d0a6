import { inspectPdf } from '../../module-api/inspect-pdf.ts';
import { inspectArchive } from './archive.ts';
import { formOf, type AttachmentType } from './content-type.ts';
import type { OpenFile } from './sealed-stream.ts';

/**
 * What can only be seen once the whole file is there, read piece by piece out of the sealed store.
 *
 * @throws ContentRefused
 */
export const inspectWhole = async (type: AttachmentType, file: OpenFile): Promise<void> => {
  const form = formOf(type);
  if (form === 'archive') await inspectArchive(type, file);
  if (form === 'pdf') await inspectPdf(file);
};
