import type Router from '@koa/router';
import type { Context } from 'koa';
import { HttpError } from '../../../web/http-error.ts';
import { seeOther } from '../../../web/see-other.ts';
import { webState } from '../../../web/state.ts';
import { consentKinds, type ConsentKind } from '../letters/letter.ts';
import type { Desk, Visit } from './desk.ts';
import { de } from './i18n/de.tsx';
import { settingsPage, type SettingsDone, type SettingsView } from './pages/settings-page.tsx';
import { paths } from './paths.ts';

/** Number of the wording of the consents (i18n/*-settings.tsx): to be raised when their meaning changes, so that it is known who agreed to what. */
export const consentWording = '2026-11';

const isDone = (text: string): text is SettingsDone => Object.hasOwn(de.settings.done, text);

export const addSettingsRoutes = (router: Router, desk: Desk): void => {
  const { records, trashDays } = desk.deps;

  const show = async (ctx: Context, visit: Visit, own: Partial<SettingsView> = {}, status?: number): Promise<void> => {
    const { mailbox } = visit;
    const given = await records.consents.all(mailbox);
    const view: SettingsView = {
      notices: mailbox.notices,
      consents: Object.fromEntries(
        given.filter(({ withdrawnAt }) => withdrawnAt === undefined).map(({ kind, givenAt }) => [kind, givenAt]),
      ),
      history: (await records.journal.ofConsents(mailbox)).toReversed(),
      senders: await records.blockedSenders.all(mailbox),
      trashDays,
      ...own,
    };
    await desk.show(ctx, visit, (frame) => settingsPage(view, frame), status);
  };

  const kindOf = (text: string): ConsentKind => {
    const kind = consentKinds.find((known) => known === text);
    if (kind === undefined) throw new HttpError('bad_request', { reason: 'consent_kind' });
    return kind;
  };

  const change = async (ctx: Context, visit: Visit): Promise<void> => {
    const { mailbox } = visit;
    const form = await desk.relyingParty.readForm(ctx);
    const action = form.get('aktion');
    switch (action) {
      case 'hinweise-an':
      case 'hinweise-aus':
        await records.mailboxes.setNotices(mailbox, action === 'hinweise-an');
        break;
      case 'einwilligen': {
        const kind = kindOf(form.get('art'));
        if (form.get('verstanden') !== '1') {
          webState(ctx).returnPath = paths.settings;
          return show(ctx, visit, { notUnderstood: kind }, 422);
        }
        await records.consents.give(mailbox, kind, consentWording);
        break;
      }
      case 'widerrufen':
        await records.consents.withdraw(mailbox, kindOf(form.get('art')));
        break;
      case 'sperren':
        if (!(await records.blockedSenders.block(mailbox, form.get('absender'))))
          throw new HttpError('not_found', { reason: 'sender' });
        break;
      case 'zulassen':
        await records.blockedSenders.unblock(mailbox, form.get('absender'));
        break;
      default:
        throw new HttpError('bad_request', { reason: 'settings_action' });
    }
    return seeOther(ctx, `${paths.settings}?getan=${action}`);
  };

  router.get(
    paths.settings,
    desk.atMailbox(async (ctx, visit) => {
      const done = new URLSearchParams(ctx.querystring).get('getan') ?? '';
      await show(ctx, visit, isDone(done) ? { done } : {});
    }),
  );
  router.post(paths.settings, desk.atMailbox(change));
};
