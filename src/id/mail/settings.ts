import { mailSettingsOf } from '../../mail/settings.ts';

/** Section `id.mail`. Without `smtp` mails are shown at /entwickler/post, on developers' machines alone. */
export const mailSettings = mailSettingsOf({ section: 'id.mail', senderName: 'Bayern-ID' });
