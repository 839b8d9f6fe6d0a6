import type { PostMessages } from './index.ts';

export const en: PostMessages = {
  title: 'Post',
  lead: 'No e-mail leaves this machine. Here is what would have been sent, the newest first.',
  empty: 'No e-mail yet',
  to: 'To',
  at: 'When',
  type: 'Kind',
  html: (p) => `“${p.subject}” as it looks`,
  text: (p) => `“${p.subject}” as plain text`,
  textLabel: (p) => `Plain text of “${p.subject}”`,
  machines: 'For programs',
  json: 'Tests read codes and links as JSON, if wanted only the mail to one address:',
  jsonLabel: 'Address for programs',
};
