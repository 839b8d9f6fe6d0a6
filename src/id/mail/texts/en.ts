import { formatDate, formatDateTime, formatList } from '../../../web/i18n/format.ts';
import type { CoarseUserAgent } from '../../../web/user-agent.ts';
import type { MailedCardData, MailedMeans } from '../mail.ts';
import type { MailTexts } from './words.ts';

const moment = (at: number): string => formatDateTime('en', at);
const day = (at: number): string => formatDate('en', at);

const means: Readonly<Record<MailedMeans, string>> = {
  password: 'a password',
  passkey: 'a passkey',
  totp: 'an authenticator app',
  recovery_codes: 'recovery codes',
  eid: 'the Online-Ausweis (German eID)',
};
const meansOf = (p: { means: MailedMeans; name?: string }): string =>
  p.name === undefined ? means[p.means] : `${means[p.means]} named “${p.name}”`;

/** What was taken away because nobody had shown whose it is. */
const dropped = ({ removed = [] }: { removed?: readonly MailedMeans[] }): readonly string[] =>
  removed.length === 0
    ? []
    : [
        `We also removed what had not been confirmed: ${formatList(
          'en',
          [...new Set(removed)].map((one) => means[one]),
        )}. If it was yours, set it up again in My account.`,
      ];

const cardData: Readonly<Record<MailedCardData, string>> = {
  name: 'name',
  birth_name: 'name at birth',
  title: 'doctoral degree',
  address: 'address',
  nationality: 'nationality',
};

const deviceOf = ({ browser, system }: CoarseUserAgent): string => {
  if (browser === undefined) return system === undefined ? 'unknown browser' : `device with ${system}`;
  return system === undefined ? browser : `${browser} on ${system}`;
};

const once = 'After that it is worthless.';

export const en: MailTexts = {
  frame: {
    greeting: 'Hello,',
    service: (p) => `This is about your login at “${p.service}”.`,
    code: 'Your code',
    at: (p) => `Time: ${moment(p.at)}.`,
    copy: 'Or open this address in your browser:',
    deny: {
      text: 'Was this not you? Then we end all logins, and you secure your account again.',
      label: 'This was not me',
    },
    closing: 'Your Bayern-ID',
    automatic: 'This message was sent automatically. Nobody reads replies to it.',
    never: 'We never ask you by e-mail to send us your password, your PIN or a code.',
    origin: (p) => `The sender is Bayern-ID. All links in this message lead to ${p.host}.`,
  },
  mails: {
    registration_code: (m) => ({
      subject: 'Your code to register',
      heading: 'Confirm your e-mail address',
      paragraphs: [
        'An account at Bayern-ID is being created with this address. Enter the code on the page where you began to register.',
      ],
      action: 'Confirm e-mail address',
      after: [
        `Code and link do the same. They are valid until ${moment(m.validUntil)}.`,
        'Did you not create an account? Then do nothing. Without the code there will be no account.',
      ],
    }),
    registration_known: () => ({
      subject: 'You already have an account',
      paragraphs: [
        'An account at Bayern-ID was to be created with this address. But one belongs to it already. We did not create a second one.',
        'Sign in with your account. If you no longer know your password, choose a new one.',
      ],
      action: 'Sign in',
      second: 'Choose a new password',
      after: [
        'Did you not create anything? Then do nothing. Whoever began to register does not learn that your account exists.',
      ],
    }),
    password_reset: (m) => ({
      subject: 'Choose a new password',
      paragraphs: ['A new password was requested for your account at Bayern-ID. Choose it with this link.'],
      action: 'Choose a new password',
      after: [
        `The link works once and until ${moment(m.validUntil)}. ${once}`,
        'Did you not request this? Then do nothing. Your password stays as it is.',
      ],
    }),
    email_change_code: (m) => ({
      subject: 'Your code for the new e-mail address',
      heading: 'Confirm your new e-mail address',
      paragraphs: [
        'This address is to belong to an account at Bayern-ID from now on. Enter the code on the page where you changed the address.',
      ],
      action: 'Confirm new address',
      after: [
        `Code and link do the same. They are valid until ${moment(m.validUntil)}.`,
        'Do you not know the account? Then do nothing. Without the code nothing changes.',
      ],
    }),
    email_changed: (m) => ({
      subject: 'Your e-mail address was changed',
      paragraphs: [
        'Your account at Bayern-ID now has another e-mail address. We will not write to this address here any more.',
      ],
      deny: {
        text: `Was this not you? Until ${moment(m.undoUntil)} this link undoes the change. It ends all logins as well.`,
        label: 'Undo the change',
      },
    }),
    means_added: (m) => ({
      subject: 'New way to sign in',
      paragraphs: [`Something to sign in with was added to your account at Bayern-ID: ${meansOf(m)}.`, ...dropped(m)],
    }),
    means_removed: (m) => ({
      subject: 'A way to sign in was removed',
      paragraphs: [`Something to sign in with was removed from your account at Bayern-ID: ${meansOf(m)}.`],
    }),
    password_changed: (m) => ({
      subject: 'Your password was changed',
      paragraphs: [
        'The password of your account at Bayern-ID is now another one. Wherever you were signed in, sign in again.',
        ...dropped(m),
      ],
    }),
    new_device: (m) => ({
      subject: 'Login from a new device',
      paragraphs: [
        `Somebody signed in with your account at Bayern-ID. We did not know the device yet: ${deviceOf(m.device)}.`,
        'If this was you, everything is fine.',
      ],
    }),
    card_replaced: (m) => ({
      subject: 'A new card belongs to your account',
      paragraphs: [
        'Your account at Bayern-ID is now connected with another Online-Ausweis. Nobody can sign in with the former one any more.',
        ...dropped(m),
      ],
    }),
    card_data_changed: (m) => ({
      subject: 'Your card brought new data',
      paragraphs: [
        `At the last login with your Online-Ausweis, data differed from before: ${formatList(
          'en',
          m.changed.map((kind) => cardData[kind]),
        )}. We have taken them over into your account.`,
        'You see the values in My account after signing in.',
      ],
    }),
    recovery_code_used: (m) => ({
      subject: 'A recovery code was used',
      paragraphs: [
        'Somebody signed in at Bayern-ID with one of your recovery codes. That code is used up.',
        m.left === 0
          ? 'You have no code left. Create new ones in My account.'
          : `You have ${m.left === 1 ? 'one code' : `${m.left} codes`} left.${m.left <= 3 ? ' Create new ones in My account soon.' : ''}`,
      ],
    }),
    token_reused: (_, { service }) => ({
      subject: 'Unusual access: we have ended a login',
      paragraphs: [
        service === undefined
          ? 'A service used an access key a second time. Each of these keys works only once. Perhaps somebody copied it.'
          : `The service “${service}” used an access key a second time. Each of these keys works only once. Perhaps somebody copied it.`,
        'To protect you we have ended this access. Sign in at the service again if you want to use it.',
      ],
    }),
    card_shown_elsewhere: () => ({
      subject: 'Your Online-Ausweis was used in another account',
      paragraphs: [
        'Somebody used your Online-Ausweis (German eID) with its PIN while another account at Bayern-ID was signed in. We did not accept it there. Nothing has changed in either account.',
        'This happens, for instance, when somebody else is still signed in on a shared computer. If it was not you, somebody has your card and knows the PIN: have it blocked, day and night, at +49 116 116.',
      ],
    }),
    accounts_joined: () => ({
      subject: 'Two accounts became one',
      paragraphs: [
        'Two accounts at Bayern-ID were joined. Both were signed in for that. From now on there is only one, with all ways to sign in that you kept.',
      ],
    }),
    operator_locked: (m) => ({
      subject: 'Your account is locked',
      paragraphs: [
        'We have locked your account at Bayern-ID. Nobody can sign in with it any more, including you.',
        `The reason: ${m.reason}`,
      ],
    }),
    operator_unlocked: (m) => ({
      subject: 'Your account is open again',
      paragraphs: [
        'Your account at Bayern-ID is not locked any more. You can sign in again.',
        `The reason: ${m.reason}`,
      ],
    }),
    operator_logged_out: (m) => ({
      subject: 'We have ended your logins',
      paragraphs: [
        'We have signed out your account at Bayern-ID everywhere. It is not locked: just sign in again.',
        `The reason: ${m.reason}`,
      ],
    }),
    deletion_planned: (m) => ({
      subject: `Your account will be deleted on ${day(m.on)}`,
      paragraphs: [
        `Deletion was requested for your account at Bayern-ID. On ${day(m.on)} we delete it with all its data.`,
        ...(m.reason === undefined ? [] : [`The reason: ${m.reason}`]),
        'Until then you can change your mind.',
      ],
      action: 'Keep the account',
    }),
    deletion_done: () => ({
      subject: 'Your account is deleted',
      paragraphs: [
        'Your account at Bayern-ID and all data in it are deleted. They vanish from backups within 30 days.',
        'What you submitted to authorities stays there. This is the last message to this address.',
      ],
    }),
    inactive: (m) => ({
      subject: `Your account will be deleted in ${m.months} months if you do not use it`,
      heading: 'Do you still use your account?',
      paragraphs: [
        `You have not signed in with your account at Bayern-ID for a long time. Accounts that nobody uses are deleted after two years. For yours that is ${day(m.deletedOn)}.`,
        'Do you want to keep it? Then sign in once. Nothing else is needed.',
      ],
      action: 'Sign in and keep the account',
      after: ['If you do not need the account any more, do nothing.'],
    }),
  },
};
