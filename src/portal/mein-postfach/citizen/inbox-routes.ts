import type Router from '@koa/router';
import type { Context } from 'koa';
import { HttpError } from '../../../web/http-error.ts';
import { safePath } from '../../../web/safe-path.ts';
import { seeOther } from '../../../web/see-other.ts';
import { webState } from '../../../web/state.ts';
import type { LetterSummary } from '../letters/letter.ts';
import { trashEnds } from '../letters/retention.ts';
import type { Desk, Visit } from './desk.ts';
import { readQuery, timesOf, type InboxQuery } from './inbox-query.ts';
import { actOn, isListAction } from './letter-acts.ts';
import { inboxPage, type Done, type InboxView } from './pages/inbox-page.tsx';
import { purgePage } from './pages/purge-page.tsx';
import { folderPath, paths } from './paths.ts';

/** Letters on one page. */
const pageSize = 20;
const mostApplications = 50;
/** Calendar years that can be chosen. */
const yearsBack = 4;

const doneWords: ReadonlySet<string> = new Set<Done>([
  'archivieren',
  'eingang',
  'papierkorb',
  'gelesen',
  'ungelesen',
  'wichtig',
  'unwichtig',
  'wiederherstellen',
  'loeschen',
  'nichtGeloescht',
]);

/** The page that a list came from, told what was done there. */
export const withDone = (path: string, done: Done | 'nichts'): string => {
  const url = new URL(safePath(path, paths.inbox), 'http://same.invalid');
  url.searchParams.set('getan', done);
  return `${url.pathname}${url.search}`;
};

export const addInboxRoutes = (router: Router, desk: Desk): void => {
  const { records, search, trashDays } = desk.deps;

  const found = async (query: InboxQuery, { subject, mailbox, present }: Visit) => {
    const ids = await search.find(subject, mailbox, present, query.search);
    const from = (query.page - 1) * pageSize;
    const letters = await records.letters.summaries(mailbox, present, ids.slice(from, from + pageSize));
    return {
      letters,
      found: ids.length,
      ...(ids.length > from + pageSize ? { next: { page: query.page + 1 } } : {}),
    };
  };

  const listed = async (query: InboxQuery, { mailbox, present }: Visit) => {
    const { folder, unread, flagged, sender, period, application: wanted, after } = query;
    const application = wanted === undefined ? undefined : await records.applications.find(mailbox, present, wanted);
    // One that is not there has no letters.
    if (wanted !== undefined && application === undefined) return { letters: [] };
    const page = await records.letters.list(mailbox, present, {
      folder,
      limit: pageSize,
      ...timesOf(period, Date.now()),
      ...(unread ? { unread } : {}),
      ...(flagged ? { flagged } : {}),
      ...(sender === undefined ? {} : { sender }),
      ...(application === undefined
        ? {}
        : { application: { authority: application.sender.authority, applicationId: application.applicationId } }),
      ...(after === undefined ? {} : { after }),
    });
    return { letters: page.letters, ...(page.next === undefined ? {} : { next: { after: page.next } }) };
  };

  const showList = async (ctx: Context, visit: Visit): Promise<void> => {
    const parameters = new URLSearchParams(ctx.querystring);
    const query = readQuery(parameters);
    const { mailbox, present } = visit;
    const searched = query.search !== '';
    const letters = searched ? await found(query, visit) : await listed(query, visit);
    const done = parameters.get('getan') ?? '';
    const thisYear = new Date().getUTCFullYear();
    const view: InboxView = {
      query,
      ...letters,
      choices: {
        senders: searched ? [] : await records.letters.senders(mailbox),
        years: Array.from({ length: yearsBack }, (_, n) => thisYear - n),
        applications: searched
          ? []
          : (await records.applications.list(mailbox, present, mostApplications)).flatMap(({ id, latest }) =>
              latest.locked ? [] : [{ id, name: latest.publicServiceName }],
            ),
      },
      trashDays,
      trashEnds: ({ trashedAt }: LetterSummary) =>
        trashedAt === undefined ? undefined : trashEnds(trashedAt, trashDays),
      ...(doneWords.has(done) ? { done: done as Done } : {}),
      ...(done === 'nichts' ? { noneChosen: true } : {}),
    };
    await desk.show(ctx, visit, (frame) => inboxPage(view, frame));
  };

  const act = async (ctx: Context, visit: Visit): Promise<void> => {
    const form = await desk.relyingParty.readForm(ctx);
    const back = safePath(form.get('zurueck'), paths.inbox);
    const action = form.get('aktion');
    // Boxes send one each, the question before removing sends all in one field.
    const ids = form
      .all('brief')
      .flatMap((value) => value.split(' '))
      .filter((id) => /^[\w-]{1,64}$/.test(id));
    if (!isListAction(action)) throw new HttpError('bad_request', { reason: 'postfach_action' });
    if (ids.length === 0) return seeOther(ctx, withDone(back, 'nichts'));
    if (action === 'loeschen' && form.get('bestaetigt') !== '1') {
      const letters = await records.letters.summaries(visit.mailbox, visit.present, ids);
      const inTrash = letters.filter(({ folder }) => folder === 'trash');
      if (inTrash.length === 0) return seeOther(ctx, withDone(back, 'nichts'));
      webState(ctx).returnPath = folderPath('trash');
      return desk.show(ctx, visit, (frame) => purgePage({ letters: inTrash }, frame));
    }
    seeOther(ctx, withDone(back, await actOn(records.letters, visit, ids, action)));
  };

  router.get(paths.inbox, desk.atMailbox(showList));
  router.post(paths.inbox, desk.atMailbox(act));
};
