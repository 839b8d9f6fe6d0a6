import type { MailContent } from './content.ts';

/** The mail as plain text: one paragraph a line, since programs wrap by themselves, and addresses alone on theirs. */
export const plainText = (mail: MailContent): string => {
  const { testing, code, action, second, deny } = mail;
  const blocks = [
    ...(testing === undefined ? [] : [testing]),
    mail.heading,
    [mail.greeting, ...mail.paragraphs.slice(0, 1)].join('\n\n'),
    ...mail.paragraphs.slice(1),
    ...(mail.service === undefined ? [] : [mail.service]),
    ...(code === undefined ? [] : [`${code.label}: ${code.value}`]),
    ...(action === undefined ? [] : [`${action.label}:\n${action.href}`]),
    ...(second === undefined ? [] : [`${second.label}:\n${second.href}`]),
    ...mail.after,
    ...(deny === undefined ? [] : [`${deny.text}\n${deny.label}:\n${deny.href}`]),
    mail.closing,
    mail.footer.join('\n'),
  ];
  return `${blocks.join('\n\n')}\n`;
};
