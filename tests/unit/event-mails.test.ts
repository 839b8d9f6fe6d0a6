import { describe, expect, test } from '@jest/globals';
import type { AuditEvent, EventAside } from '../../src/id/audit/events.ts';
import { createOwnerMail } from '../../src/id/account/owner-mail.ts';
import { toldOf } from '../../src/id/mail/event-mails.ts';
import type { Mail } from '../../src/id/mail/mail.ts';
import { contentOf } from '../../src/id/mail/content.ts';
import { renderMail } from '../../src/mail/render.tsx';

const issuer = 'https://id.example.de';
const at = Date.UTC(2026, 10, 26, 13, 35);

/** The mail about an event, as it is put into the outbox. */
const mailOf = async (
  events: readonly AuditEvent[],
  aside: EventAside,
  locale: 'de' | 'en',
): Promise<Mail | undefined> => {
  const mails: Mail[] = [];
  const put = createOwnerMail({
    mail: {
      enqueue: (_trx, mail) => {
        mails.push(mail);
        return Promise.resolve();
      },
    },
    notMe: { make: (accountId) => `${issuer}/konto/nicht-ich/${accountId}` },
    issuer,
    serviceName: (clientId) => (clientId === 'buecherei' ? 'Bücherei' : undefined),
  });
  for (const event of events) {
    const told = toldOf(event, { at, aside, together: events });
    const to = { accountId: 'a1', email: 'erika@post.test', locale };
    if (told) await put(undefined as never, to, told, event.clientId);
  }
  expect(mails.length).toBeLessThanOrEqual(1);
  return mails[0];
};

const operator = { operator: 'root', actId: '1', reason: 'sealed' };
const sealedReason = { reason: 'Auf Ihren Wunsch' };

const told: readonly (readonly [string, readonly AuditEvent[], EventAside, string, string])[] = [
  [
    'a login from a new device',
    [{ type: 'login.succeeded', method: 'password', level: 'low', clientId: 'buecherei' }],
    { newDevice: { browser: 'Firefox', system: 'Windows' } },
    'Firefox unter Windows',
    'Firefox on Windows',
  ],
  [
    'a changed password',
    [{ type: 'password.changed', by: 'citizen' }],
    {},
    'das Passwort Ihres Kontos bei Bayern-ID ist jetzt ein anderes',
    'The password of your account at Bayern-ID is now another one',
  ],
  [
    'a reset, and what nobody had proved',
    [
      { type: 'password.changed', by: 'recovery' },
      { type: 'credential.removed', method: 'passkey' },
      { type: 'credential.removed', method: 'passkey' },
      { type: 'credential.removed', method: 'recovery_codes' },
    ],
    {},
    'was nicht bestätigt war: ein Passkey und Wiederherstellungscodes.',
    'what had not been confirmed: a passkey and recovery codes.',
  ],
  ['a password', [{ type: 'credential.added', method: 'password' }], {}, ': ein Passwort.', ': a password.'],
  [
    'a passkey by its name',
    [{ type: 'credential.added', method: 'passkey' }],
    { name: 'Telefon' },
    'ein Passkey mit dem Namen „Telefon“.',
    'a passkey named “Telefon”.',
  ],
  [
    'an app',
    [{ type: 'credential.added', method: 'totp' }],
    {},
    ': eine Authenticator-App.',
    ': an authenticator app.',
  ],
  [
    'recovery codes',
    [{ type: 'credential.added', method: 'recovery_codes' }],
    {},
    ': Wiederherstellungscodes.',
    ': recovery codes.',
  ],
  [
    'a passkey that went',
    [{ type: 'credential.removed', method: 'passkey' }],
    { name: 'Telefon' },
    'wurde etwas entfernt, womit man sich anmelden konnte: ein Passkey mit dem Namen „Telefon“.',
    'was removed from your account at Bayern-ID: a passkey named “Telefon”.',
  ],
  [
    'a recovery code',
    [{ type: 'recovery_code.used', left: 4 }],
    {},
    'Sie haben noch 4 Codes.',
    'You have 4 codes left.',
  ],
  [
    'another address',
    [{ type: 'email.changed' }],
    { undo: { link: `${issuer}/konto/e-mail-zuruecknehmen/x`, until: at } },
    'Ihr Konto bei Bayern-ID hat jetzt eine andere E-Mail-Adresse.',
    'Your account at Bayern-ID now has another e-mail address.',
  ],
  ['a card', [{ type: 'card.linked' }], {}, ': der Online-Ausweis.', ': the Online-Ausweis (German eID).'],
  [
    'a card that was taken away',
    [{ type: 'card.removed' }],
    {},
    'womit man sich anmelden konnte: der Online-Ausweis.',
    'was removed from your account at Bayern-ID: the Online-Ausweis (German eID).',
  ],
  [
    'a new card',
    [
      { type: 'card.replaced', by: 'login' },
      { type: 'credential.removed', method: 'totp' },
    ],
    {},
    'was nicht bestätigt war: eine Authenticator-App.',
    'what had not been confirmed: an authenticator app.',
  ],
  [
    'other data on the card',
    [{ type: 'card.updated', attributes: ['family_name', 'given_name', 'community_id', 'document_type'] }],
    { changed: ['family_name', 'given_name', 'community_id', 'document_type'] },
    'anders als bisher: Name und Anschrift.',
    'differed from before: name and address.',
  ],
  [
    'a card that somebody used in another account',
    [{ type: 'card.shown_elsewhere' }],
    {},
    'jemand hat Ihren Online-Ausweis mit seiner PIN benutzt, als ein anderes Konto bei Bayern-ID angemeldet war',
    'Somebody used your Online-Ausweis (German eID) with its PIN while another account at Bayern-ID was signed in',
  ],
  [
    'a stolen token',
    [{ type: 'token.replayed', what: 'refresh_token', clientId: 'buecherei' }],
    {},
    'der Dienst „Bücherei“ hat',
    'The service “Bücherei” used',
  ],
  [
    'the end that the owner planned',
    [{ type: 'deletion.planned', at }],
    {},
    'Am 26. November 2026 löschen wir es',
    'On 26 November 2026 we delete it',
  ],
  [
    'the end that the operator planned',
    [{ type: 'account.to_be_deleted', ...operator }],
    { ...sealedReason, deletedOn: at },
    'Der Grund: Auf Ihren Wunsch',
    'The reason: Auf Ihren Wunsch',
  ],
  [
    'a lock',
    [{ type: 'account.locked', ...operator }],
    sealedReason,
    'wir haben Ihr Konto bei Bayern-ID gesperrt.',
    'We have locked your account',
  ],
  [
    'the end of a lock',
    [{ type: 'account.unlocked', ...operator }],
    sealedReason,
    'die Sperre Ihres Kontos bei Bayern-ID ist aufgehoben.',
    'is not locked any more',
  ],
  [
    'the end of all logins',
    [{ type: 'account.logged_out', ...operator }],
    sealedReason,
    'wir haben Ihr Konto bei Bayern-ID überall abgemeldet.',
    'We have signed out your account',
  ],
];

describe.each(told)('%s is told by mail', (_, events, aside, german, english) => {
  test.each([
    ['de', german, 'Zeitpunkt: 26. November 2026 um 14:35 Uhr.'],
    ['en', english, 'Time: 26 November 2026 at 14:35.'],
  ] as const)('%s', async (locale, words, time) => {
    const mail = await mailOf(events, aside, locale);
    if (!mail) throw new Error('there is no mail');
    const { text } = renderMail(contentOf(mail, { issuer, testing: false }));
    expect(text).toContain(words);
    if (mail.message.type !== 'deletion_planned') expect(text).toContain(time);
    const byOperator = mail.message.type.startsWith('operator_');
    expect('denyLink' in mail.message).toBe(!byOperator);
    expect([mail.to, mail.locale]).toEqual(['erika@post.test', locale]);
    // The journal's own words stand in no mail.
    expect(text).not.toContain('sealed');
  });
});

test.each<readonly [string, readonly AuditEvent[], EventAside?]>([
  ['a login in a browser that is known', [{ type: 'login.succeeded', method: 'password', level: 'low' }]],
  ['the card of an account that begins with it', [{ type: 'account.created', by: 'card' }, { type: 'card.linked' }]],
  ['what a card was asked for the first time', [{ type: 'card.updated', attributes: ['address'] }], { changed: [] }],
  ['a first address, whose code was typed in', [{ type: 'email.changed' }]],
  ['a code that was sent twice', [{ type: 'token.replayed', what: 'code' }]],
  ['a failure', [{ type: 'login.failed', method: 'password', reason: 'wrong_password' }]],
])('%s is not told', async (_, events, aside = {}) => {
  expect(await mailOf(events, aside, 'de')).toBeUndefined();
});
