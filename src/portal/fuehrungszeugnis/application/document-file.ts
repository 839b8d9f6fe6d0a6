import { inspectPdf } from '../../module-api/inspect-pdf.ts';
import { ContentRefused } from '../../module-api/refused-content.ts';
import type { Document } from './content.ts';

/** What may be uploaded, by its first bytes; the ending of the name has to say the same. */
const types = {
  'application/pdf': { begins: '%PDF-', endings: ['pdf'] },
  'image/jpeg': { begins: '\u00ff\u00d8\u00ff', endings: ['jpg', 'jpeg'] },
  'image/png': { begins: '\u0089PNG\r\n\u001a\n', endings: ['png'] },
} as const;

export type FileProblem = 'empty' | 'large' | 'type' | 'active' | 'many';

/** Whether a PDF does nothing and hides nothing when a caseworker opens it. */
const isHarmlessPdf = async (content: Buffer): Promise<boolean> => {
  try {
    await inspectPdf({
      length: content.length,
      read: async (offset, size) => content.subarray(offset, offset + size),
    });
    return true;
  } catch (error) {
    if (error instanceof ContentRefused) return false;
    throw error;
  }
};

/** The type of a file that is taken, or why it is not. */
export const inspectFile = async (
  name: string,
  content: Buffer,
  most: number,
): Promise<{ readonly type: Document['type'] } | { readonly problem: FileProblem }> => {
  if (content.length === 0) return { problem: 'empty' };
  if (content.length > most) return { problem: 'large' };
  const head = content.subarray(0, 16).toString('latin1');
  const ending = /\.([a-z]{3,4})$/i.exec(name)?.[1]?.toLowerCase() ?? '';
  const found = Object.entries(types).find(
    ([, { begins, endings }]) => head.startsWith(begins) && (endings as readonly string[]).includes(ending),
  );
  if (found === undefined) return { problem: 'type' };
  if (found[0] === 'application/pdf' && !(await isHarmlessPdf(content))) return { problem: 'active' };
  return { type: found[0] };
};
