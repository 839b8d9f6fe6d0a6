import type Router from '@koa/router';
import type { Context, Middleware } from 'koa';
import type { VNode } from 'preact';
import type { Form } from '../../../web/forms.ts';
import { HttpError } from '../../../web/http-error.ts';
import type { Log } from '../../../web/log.ts';
import { messages, pageContext } from '../../../web/page-context.ts';
import { renderPage } from '../../../web/render.ts';
import { seeOther } from '../../../web/see-other.ts';
import { sendFile } from '../../../web/send-file.ts';
import { webState } from '../../../web/state.ts';
import { plainLines } from '../../module-api/plain-text.ts';
import type { RelyingParty } from '../../relying-party/relying-party.ts';
import type { Session } from '../../relying-party/session.ts';
import { outcomes } from '../application/states.ts';
import { catalogues as applicantWords } from '../i18n/messages.ts';
import type { Application } from '../records/applications.ts';
import type { FuehrungszeugnisRecords } from '../records/records.ts';
import { catalogues } from './i18n/messages.ts';
import { applicationPage, type ApplicationView } from './pages/application-page.tsx';
import type { OfficeFrame } from './pages/frame.ts';
import { deniedPage, listPage } from './pages/list-page.tsx';
import { answeredPath, answerPath, applicationPath, listPath } from './paths.ts';

export interface OfficeDeps {
  readonly records: FuehrungszeugnisRecords;
  /** Addresses that have the role. */
  readonly caseworkers: readonly string[];
  /** Looks at once for what waits to be sent. */
  readonly wake: () => void;
  readonly log: Log;
}

/** Applications on one page. */
const pageSize = 20;
const longestText = 4000;

const parameter = (ctx: Context, name: string): string =>
  (ctx as Context & { params: Record<string, string | undefined> }).params[name] ?? '';

/** Ends of lines in one form, nothing empty around, and nothing for which Mein Postfach would refuse the letter for good. */
const tidy = (text: string): string => plainLines(text).replaceAll(/\r\n?/g, '\n').normalize('NFC').trim();

export const addOfficeRoutes = (router: Router, relyingParty: RelyingParty, deps: OfficeDeps): void => {
  const { records, wake, log } = deps;
  const { applications, documents } = records;
  const roles = new Set(deps.caseworkers.map((address) => address.toLowerCase()));

  const show = (ctx: Context, page: (frame: OfficeFrame) => VNode, status?: number): void => {
    const frame: OfficeFrame = {
      page: pageContext(ctx),
      t: messages(ctx, catalogues),
      words: messages(ctx, applicantWords),
      csrf: relyingParty.formToken(ctx),
    };
    renderPage(ctx, page(frame), status);
  };

  const isCaseworker = async ({ sub, claims }: Session): Promise<boolean> => {
    const { email, email_verified: confirmed } = claims;
    if (confirmed !== true || typeof email !== 'string' || !roles.has(email.toLowerCase())) return false;
    return records.caseworkers.holds(email, sub);
  };

  const givenOf = (form: Form): { readonly outcome: string; readonly text: string } => ({
    outcome: form.get('outcome'),
    text: tidy(form.get('text')),
  });

  /** The role is looked at with every request: who loses it is out at once. */
  const asCaseworker =
    (act: (ctx: Context, caseworker: string) => Promise<void> | void): Middleware =>
    (ctx) =>
      relyingParty.requireLevel('high')(ctx, async () => {
        const session = await relyingParty.session(ctx);
        if (session === undefined) return;
        if (!(await isCaseworker(session))) return show(ctx, deniedPage, 403);
        await act(ctx, session.sub);
      });

  const onApplication = (
    act: (ctx: Context, application: Application, caseworker: string) => Promise<void> | void,
  ): Middleware =>
    asCaseworker(async (ctx, caseworker) => {
      const application = await applications.byId(parameter(ctx, 'id'));
      // What was not sent is nobody's but the applicant's.
      if (application?.filedAt === undefined) throw new HttpError('not_found', { reason: 'application' });
      await act(ctx, application, caseworker);
    });

  /** Both clients are of one sector, so a caseworker has the subject here that she applied with. */
  const isOwn = async (caseworker: string, { id }: Application): Promise<boolean> =>
    (await applications.sentById(caseworker, id)) !== undefined;

  /** Nobody decides on herself (§ 20(1) VwVfG). */
  const onOthersApplication = (act: Parameters<typeof onApplication>[0]): Middleware =>
    onApplication(async (ctx, application, caseworker) => {
      if (!(await isOwn(caseworker, application))) return act(ctx, application, caseworker);
      await relyingParty.readForm(ctx);
      log.warn('own_application_refused', { kind: application.id });
      return showOne(ctx, application, { own: true }, 403);
    });

  const showOne = async (
    ctx: Context,
    application: Application,
    more: Partial<ApplicationView> = {},
    status?: number,
  ): Promise<void> => {
    const found = await documents.of(application.id);
    webState(ctx).returnPath = applicationPath(application.id);
    show(ctx, (frame) => applicationPage({ application, documents: found, ...more }, frame), status);
  };

  const open = async (ctx: Context, application: Application, caseworker: string): Promise<void> => {
    if (await isOwn(caseworker, application)) return showOne(ctx, application, { own: true });
    const kept = await relyingParty.keptForm(ctx, answerPath(application.id));
    return showOne(ctx, application, kept === undefined ? {} : { given: givenOf(kept), kept: true });
  };

  const list = async (ctx: Context): Promise<void> => {
    const query = new URLSearchParams(ctx.querystring);
    const answered = query.get('stand') === 'beantwortet';
    const from = query.get('ab') ?? '';
    const offset = /^\d{1,6}$/.test(from) ? Number(from) : 0;
    const found = await applications.inStates(answered ? ['answered'] : ['filed', 'processing'], {
      limit: pageSize + 1,
      offset,
    });
    const more = `${answered ? `${answeredPath}&` : `${listPath}?`}ab=${offset + pageSize}`;
    const view = { applications: found.slice(0, pageSize), answered, ...(found.length > pageSize ? { more } : {}) };
    show(ctx, (frame) => listPage(view, frame));
  };

  const takeUp = async (ctx: Context, { id }: Application): Promise<void> => {
    await relyingParty.readForm(ctx);
    if (await applications.takeUp(id)) wake();
    return seeOther(ctx, applicationPath(id));
  };

  const answer = async (ctx: Context, application: Application, caseworker: string): Promise<void> => {
    const form = await relyingParty.readForm(ctx);
    const { id, answer: before } = application;
    const given = givenOf(form);
    if (before !== undefined) return showOne(ctx, application, { late: true }, 409);
    const outcome = outcomes.find((one) => one === given.outcome);
    if (outcome === undefined) return showOne(ctx, application, { given, problem: 'outcome' }, 422);
    if (given.text.length > longestText || (outcome === 'refused' && given.text === ''))
      return showOne(ctx, application, { given, problem: 'text' }, 422);
    if (!(await applications.answer(id, { outcome, text: given.text, by: caseworker }))) {
      const now = await applications.byId(id);
      return showOne(ctx, now ?? application, { late: true }, 409);
    }
    log.info('application_answered', { outcome, kind: id });
    wake();
    return seeOther(ctx, applicationPath(id));
  };

  const download = async (ctx: Context, { id }: Application): Promise<void> => {
    const file = await documents.read(id, parameter(ctx, 'document'));
    if (file === undefined) throw new HttpError('not_found', { reason: 'document' });
    sendFile(ctx, { name: file.name, type: file.type, length: file.content.length }, file.content);
  };

  router.get('/', (ctx) => seeOther(ctx, listPath));
  router.get(listPath, asCaseworker(list));
  router.get(`${listPath}/:id`, onApplication(open));
  router.get(`${listPath}/:id/uebernehmen`, (ctx) => seeOther(ctx, applicationPath(parameter(ctx, 'id'))));
  router.post(`${listPath}/:id/uebernehmen`, onOthersApplication(takeUp));
  // With the query, which says that what was typed is kept.
  router.get(`${listPath}/:id/antwort`, (ctx) =>
    seeOther(ctx, `${applicationPath(parameter(ctx, 'id'))}${ctx.search}`),
  );
  router.post(`${listPath}/:id/antwort`, onOthersApplication(answer));
  router.get(`${listPath}/:id/nachweise/:document`, onApplication(download));
};
