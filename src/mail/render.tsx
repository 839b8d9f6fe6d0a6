import { pageToHtml } from '../web/render.ts';
import type { MailContent } from './content.ts';
import { MailLayout } from './MailLayout.tsx';
import { plainText } from './plain-text.ts';

export interface RenderedMail {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

export const renderMail = (content: MailContent): RenderedMail => ({
  subject: content.subject,
  text: plainText(content),
  html: pageToHtml(<MailLayout mail={content} />),
});
