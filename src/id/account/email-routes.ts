import { randomBytes } from 'node:crypto';
import type { Router } from '@koa/router';
import type { Context } from 'koa';
import { HttpError } from '../../web/http-error.ts';
import { readForm } from '../../web/forms.ts';
import type { Csrf } from '../../web/csrf.ts';
import { localeOf } from '../../web/page-context.ts';
import { webState } from '../../web/state.ts';
import type { EmailCodes } from '../authentication/email/codes.ts';
import type { MailLimits } from '../authentication/email/mail-limits.ts';
import type { AttemptContext } from '../authentication/method.ts';
import type { Background } from '../background.ts';
import { emailUndoLife, type AccountRepository, type EmailUndo } from '../identity/accounts.ts';
import { canonicalLoginName } from '../identity/login-name.ts';
import { mailAddress, type MailAddress } from '../identity/mail-address.ts';
import type { CitizenRepository } from '../identity/repository.ts';
import type { MailOutbox } from '../mail/outbox.ts';
import { ownClientId } from '../oidc/own-client.ts';
import type { Visitor } from '../oidc/visitor.ts';
import type { EmailChanges, PendingChange } from './email-changes.ts';
import type { AccountEntry, Demanded } from './entry.ts';
import {
  EmailCodePage,
  EmailPage,
  EmailUndoPage,
  type EmailCodeView,
  type EmailUndoView,
  type EmailView,
} from './pages/login-data/EmailPages.tsx';
import { show } from './pages/login-data/frame.ts';
import { seeOther } from '../../web/see-other.ts';

export interface EmailRouteParts {
  readonly entry: AccountEntry;
  readonly dangerous: Demanded;
  readonly citizens: CitizenRepository;
  readonly accounts: AccountRepository;
  readonly changes: EmailChanges;
  readonly codes: EmailCodes;
  readonly limits: MailLimits;
  readonly mails: MailOutbox;
  readonly background: Background;
  readonly csrf: Csrf;
  readonly issuer: string;
  readonly attempt: (ctx: Context, clientId: string) => AttemptContext;
}

const path = '/konto/zugaenge/e-mail';
const undoPath = '/konto/e-mail-zuruecknehmen';

/** /konto/zugaenge/e-mail: another address, which counts once its code was typed in; the old one may take it back. */
export const addEmailRoutes = (router: Router, parts: EmailRouteParts): void => {
  const { entry, dangerous, citizens, accounts, changes, codes, limits, mails, issuer } = parts;

  const purposeOf = ({ citizen, sessionUid }: Visitor, address: string): string =>
    `email change\0${citizen.account.id}\0${citizen.account.epoch}\0${sessionUid}\0${address}`;

  const showForm = (ctx: Context, visitor: Visitor, extra: Partial<EmailView> = {}): void => {
    const { email: present } = visitor.citizen;
    const view = {
      csrf: entry.csrf(visitor),
      email: '',
      done: false,
      ...(present === undefined ? {} : { present }),
      ...extra,
    };
    show(ctx, EmailPage, view, extra.fault === undefined ? undefined : 422);
  };

  const showCode = (
    ctx: Context,
    visitor: Visitor,
    { address, validUntil }: PendingChange,
    extra: Partial<EmailCodeView> = {},
  ): void => {
    const replaces = visitor.citizen.email !== undefined;
    const view = { csrf: entry.csrf(visitor), email: address, validUntil, replaces, sentAgain: false, ...extra };
    show(ctx, EmailCodePage, view, extra.fault === undefined ? undefined : 422);
  };

  /**
   * An address that has an account gets a mail that says so, and the page is the same (PW-01).
   *
   * @returns false when too many were asked for.
   */
  const sendCode = async (ctx: Context, visitor: Visitor, to: MailAddress): Promise<boolean> => {
    if ((await limits.take(to, parts.attempt(ctx, ownClientId).address)) !== undefined) return false;
    const { id, code, validUntil } = await codes.issue(purposeOf(visitor, to));
    await changes.begin(visitor, { address: to, codeId: id, validUntil });
    const locale = visitor.citizen.preferences.locale ?? localeOf(ctx);
    await parts.background.run('email_change_mail_failed', async (insist) => {
      const known = (await insist(() => citizens.findByLoginName(to)))?.citizen;
      if (!known) {
        const link = `${issuer}${path}?code=${code}`;
        const message = { type: 'email_change_code', code, link, validUntil } as const;
        await insist(() => mails.send({ to, locale, message }));
        return;
      }
      const stored = mailAddress(known.email ?? '');
      if (!stored) return;
      const loginLink = `${issuer}/konto`;
      const resetLink = `${issuer}/passwort-vergessen`;
      const message = { type: 'registration_known', loginLink, resetLink } as const;
      await insist(() => mails.send({ to: stored, locale: known.preferences.locale ?? locale, message }));
    });
    return true;
  };

  router.get(path, async (ctx) => {
    const { code, ok, neu } = ctx.query;
    const returnTo = typeof code === 'string' && /^\d{6}$/.test(code) ? `${path}?code=${code}` : path;
    const visitor = await entry.open(ctx, dangerous, returnTo);
    if (!visitor) return undefined;
    const pending = await changes.pending(visitor);
    if (!pending) return showForm(ctx, visitor, { done: ok === '1' });
    return showCode(ctx, visitor, pending, {
      sentAgain: neu === '1',
      ...(returnTo === path ? {} : { code: String(code) }),
    });
  });

  router.post(path, async (ctx) => {
    const posted = await entry.posted(ctx, path, dangerous);
    if (!posted) return undefined;
    const { visitor, form } = posted;
    const email = form.get('email').trim().slice(0, 320);
    if (email === '') return showForm(ctx, visitor, { email, fault: 'empty' });
    const address = mailAddress(email);
    if (address === undefined) return showForm(ctx, visitor, { email, fault: 'notAnAddress' });
    if (canonicalLoginName(address) === canonicalLoginName(visitor.citizen.email ?? ''))
      return showForm(ctx, visitor, { email, fault: 'same' });
    if (!(await sendCode(ctx, visitor, address))) return showForm(ctx, visitor, { email, fault: 'tooMany' });
    return seeOther(ctx, path);
  });

  router.post(`${path}/neuer-code`, async (ctx) => {
    const posted = await entry.posted(ctx, path, dangerous);
    if (!posted) return undefined;
    const { visitor } = posted;
    const pending = await changes.pending(visitor);
    const address = pending && mailAddress(pending.address);
    if (!pending || !address) return seeOther(ctx, path);
    if (!(await sendCode(ctx, visitor, address))) return showCode(ctx, visitor, pending, { fault: 'tooMany' });
    return seeOther(ctx, `${path}?neu=1`);
  });

  router.post(`${path}/andere-adresse`, async (ctx) => {
    const posted = await entry.posted(ctx, path, dangerous);
    if (!posted) return;
    await changes.drop(posted.visitor);
    seeOther(ctx, path);
  });

  const newUndo = (): EmailUndo => {
    const token = randomBytes(32).toString('base64url');
    return { token, link: `${issuer}${undoPath}/${token}`, until: Date.now() + emailUndoLife };
  };

  router.post(`${path}/code`, async (ctx) => {
    const posted = await entry.posted(ctx, path, dangerous);
    if (!posted) return undefined;
    const { visitor, form } = posted;
    const { citizen } = visitor;
    const pending = await changes.pending(visitor);
    if (!pending) return seeOther(ctx, path);
    const typed = form.get('code').trim();
    if (typed === '') return showCode(ctx, visitor, pending, { fault: 'empty' });
    const outcome = await codes.check(pending.codeId, purposeOf(visitor, pending.address), typed);
    if (outcome !== 'right') return showCode(ctx, visitor, pending, { fault: outcome });
    await changes.drop(visitor);
    const undo = citizen.email === undefined ? undefined : newUndo();
    const set = await accounts.setEmail(citizen.account, pending.address, [{ type: 'email.changed' }], undo);
    if (set !== 'set') throw new HttpError('conflict', { reason: `email_${set}` });
    return seeOther(ctx, `${path}?ok=1`);
  });

  const showUndo = (ctx: Context, state: EmailUndoView['state'], token = ''): void => {
    const action = `${undoPath}/${token}`;
    show(ctx, EmailUndoPage, { state, action, csrf: parts.csrf.token(action) }, state === 'gone' ? 410 : undefined);
  };

  /** From the mail to the old address: nobody has to be logged in, and opening it does nothing. */
  router.get(`${undoPath}/:token`, async (ctx) => {
    const { token = '' } = ctx.params as { token?: string };
    showUndo(ctx, (await accounts.hasEmailUndo(token)) ? 'open' : 'gone', token);
  });

  router.post(`${undoPath}/:token`, async (ctx) => {
    const { token = '' } = ctx.params as { token?: string };
    const form = await readForm(ctx);
    webState(ctx).returnPath = `${undoPath}/${token}`;
    parts.csrf.check(ctx, form.get('csrf'), `${undoPath}/${token}`);
    const restored = await accounts.restoreEmail(token, [{ type: 'email.changed' }, { type: 'not_me' }]);
    return showUndo(ctx, restored === 'set' ? 'done' : 'gone');
  });
};
