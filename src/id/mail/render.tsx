import { pageToHtml } from '../../web/render.ts';
import { contentOf, type MailSender } from './content.ts';
import type { Mail } from './mail.ts';
import { MailLayout } from './MailLayout.tsx';
import { plainText } from './plain-text.ts';

export interface RenderedMail {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** @throws TypeError for a link to another host than the issuer's. */
export const renderMail = (mail: Mail, sender: MailSender): RenderedMail => {
  const content = contentOf(mail, sender);
  return { subject: content.subject, text: plainText(content), html: pageToHtml(<MailLayout mail={content} />) };
};
