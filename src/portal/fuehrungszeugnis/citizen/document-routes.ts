import type Router from '@koa/router';
import type { Context } from 'koa';
import { HttpError } from '../../../web/http-error.ts';
import { seeOther } from '../../../web/see-other.ts';
import type { Document } from '../application/content.ts';
import { inspectFile } from '../application/document-file.ts';
import { neededDocuments } from '../application/rules.ts';
import { documentsPage, type DocumentsView } from '../pages/documents-page.tsx';
import type { Application } from '../records/applications.ts';
import { idOf, type Desk, type DraftHandler } from './desk.ts';
import { documentName, holdUpload } from './held-upload.ts';
import { heldPaths, paths, removePath, stepPath } from './paths.ts';

/** What proves what was said. */
export const addDocumentRoutes = (router: Router, desk: Desk): void => {
  const { records, relyingParty, settings } = desk;
  const { bytes: largest, files: most } = settings.documents;
  const here = stepPath('nachweise');

  const viewOf = async (application: Application, documents: readonly Document[]): Promise<DocumentsView> => {
    const needed = neededDocuments(application.content);
    const held = await records.heldUploads.of(application.id);
    // What it was to prove need not be proved any more: it ends by itself.
    const asked = held !== undefined && needed.includes(held.purpose);
    return { needed, documents, largest, most, ...(asked ? { held } : {}) };
  };

  const showAll: DraftHandler = async (ctx, { application, documents }) => {
    if (application === undefined) return seeOther(ctx, paths.tasks);
    const view = await viewOf(application, documents);
    desk.show(ctx, (frame) => documentsPage(view, frame));
  };

  /** Looks at a file, and takes it into the application or says why not. */
  const take = async (
    ctx: Context,
    application: Application,
    documents: readonly Document[],
    upload: { readonly purpose: string; readonly name: string; readonly content: Buffer } | undefined,
    from?: 'held',
  ): Promise<void> => {
    const refuse = async (problem: NonNullable<DocumentsView['problem']>): Promise<void> => {
      const view = await viewOf(application, documents);
      desk.refuse(ctx, here, (frame) => documentsPage({ ...view, problem }, frame));
    };
    if (upload === undefined) return refuse('none');
    const purpose = neededDocuments(application.content).find((one) => one === upload.purpose);
    if (purpose === undefined) return refuse('purpose');
    const { name, content } = upload;
    const found = await inspectFile(name, content, largest);
    if ('problem' in found) {
      // It will not do after the next login either.
      if (from === 'held') await records.heldUploads.drop(application.id);
      return refuse(found.problem);
    }
    const document = { purpose, name, type: found.type, content };
    const outcome = await records.documents.add(application.id, document, most, from);
    return outcome === 'many' ? refuse('many') : seeOther(ctx, here);
  };

  const add: DraftHandler = async (ctx, { application, documents }) => {
    // The rest of the body stays unread, as for every form that is too large.
    const form = await relyingParty.readUpload(ctx, largest);
    if (application === undefined) return seeOther(ctx, paths.tasks);
    const file = form.file('datei');
    const upload = file && { purpose: form.get('zweck'), name: documentName(file.name), content: file.content };
    return take(ctx, application, documents, upload);
  };

  const addHeld: DraftHandler = async (ctx, { application, documents }) => {
    await relyingParty.readForm(ctx);
    const held = application && (await records.heldUploads.read(application.id));
    // Its time is over, or another tab was faster.
    if (application === undefined || held === undefined) return seeOther(ctx, here);
    return take(ctx, application, documents, held, 'held');
  };

  const dropHeld: DraftHandler = async (ctx, { application }) => {
    await relyingParty.readForm(ctx);
    if (application !== undefined) await records.heldUploads.drop(application.id);
    return seeOther(ctx, here);
  };

  const remove: DraftHandler = async (ctx, { application }) => {
    await relyingParty.readForm(ctx);
    const removed = application !== undefined && (await records.documents.remove(application.id, idOf(ctx)));
    if (!removed) throw new HttpError('not_found', { reason: 'document' });
    return seeOther(ctx, here);
  };

  router.get(here, desk.atDraft(showAll));
  router.post(here, holdUpload(desk), desk.atDraft(add));
  for (const path of Object.values(heldPaths)) router.get(path, (ctx) => seeOther(ctx, here));
  router.post(heldPaths.add, desk.atDraft(addHeld));
  router.post(heldPaths.drop, desk.atDraft(dropHeld));
  router.get(removePath(':id').replace('%3A', ':'), (ctx) => seeOther(ctx, here));
  router.post(removePath(':id').replace('%3A', ':'), desk.atDraft(remove));
};
