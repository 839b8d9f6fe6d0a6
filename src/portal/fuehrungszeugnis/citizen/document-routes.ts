import type Router from '@koa/router';
import { HttpError } from '../../../web/http-error.ts';
import { safeFileName } from '../../../web/send-file.ts';
import { seeOther } from '../../../web/see-other.ts';
import { inspectFile } from '../application/document-file.ts';
import { neededDocuments } from '../application/rules.ts';
import { documentsPage, type DocumentsView } from '../pages/documents-page.tsx';
import { idOf, type Desk, type DraftHandler } from './desk.ts';
import { paths, removePath, stepPath } from './paths.ts';

/** What proves what was said. */
export const addDocumentRoutes = (router: Router, desk: Desk): void => {
  const { records, relyingParty, settings } = desk;
  const { bytes: largest, files: most } = settings.documents;
  const here = stepPath('nachweise');

  const showAll: DraftHandler = (ctx, { application, documents }) => {
    if (application === undefined) return seeOther(ctx, paths.tasks);
    const needed = neededDocuments(application.content);
    desk.show(ctx, (frame) => documentsPage({ needed, documents, largest, most }, frame));
  };

  const add: DraftHandler = async (ctx, { application, documents }) => {
    // The rest of the body stays unread, as for every form that is too large.
    const form = await relyingParty.readUpload(ctx, largest);
    if (application === undefined) return seeOther(ctx, paths.tasks);
    const needed = neededDocuments(application.content);
    const refuse = (problem: NonNullable<DocumentsView['problem']>): void =>
      desk.refuse(ctx, here, (frame) => documentsPage({ needed, documents, largest, most, problem }, frame));
    const purpose = needed.find((one) => one === form.get('zweck'));
    if (purpose === undefined) return refuse('purpose');
    const file = form.file('datei');
    if (file === undefined) return refuse('none');
    const name = safeFileName(file.name).slice(-150);
    const found = await inspectFile(name, file.content, largest);
    if ('problem' in found) return refuse(found.problem);
    const { type } = found;
    const outcome = await records.documents.add(application.id, { purpose, name, type, content: file.content }, most);
    return outcome === 'many' ? refuse('many') : seeOther(ctx, here);
  };

  const remove: DraftHandler = async (ctx, { application }) => {
    await relyingParty.readForm(ctx);
    const removed = application !== undefined && (await records.documents.remove(application.id, idOf(ctx)));
    if (!removed) throw new HttpError('not_found', { reason: 'document' });
    return seeOther(ctx, here);
  };

  router.get(here, desk.atDraft(showAll));
  router.post(here, desk.atDraft(add));
  router.get(removePath(':id').replace('%3A', ':'), (ctx) => seeOther(ctx, here));
  router.post(removePath(':id').replace('%3A', ':'), desk.atDraft(remove));
};
