import type { Middleware } from 'koa';
import { satisfies } from '../../../assurance/levels.ts';
import { HttpError } from '../../../web/http-error.ts';
import { safeFileName } from '../../../web/send-file.ts';
import { loginLife } from '../../relying-party/pending-logins.ts';
import { documentPurposes } from '../application/content.ts';
import type { Desk } from './desk.ts';

/** Longest name of a file, in UTF-16 units; its ending is at the end. */
const longestName = 150;

export const documentName = (given: string): string => safeFileName(given).slice(-longestName);

/**
 * Goes before the guard of a route that takes a file: what comes with a session that is too weak for it is held beside the draft for as long as
 * a login may take, so that nobody has to find it again. Nothing is looked at or acted on; that is for her to say after the login.
 */
export const holdUpload =
  ({ relyingParty, records, settings }: Desk): Middleware =>
  async (ctx, next) => {
    const session = await relyingParty.session(ctx);
    if (session !== undefined && !satisfies(session.level, 'high')) {
      const application = await records.applications.openOf(session.sub);
      if (application?.state === 'draft') {
        try {
          const form = await relyingParty.readUpload(ctx, settings.documents.bytes);
          const purpose = documentPurposes.find((one) => one === form.get('zweck'));
          const file = form.file('datei');
          if (purpose !== undefined && file !== undefined) {
            const upload = { purpose, name: documentName(file.name), content: file.content };
            await records.heldUploads.hold(application.id, upload, Date.now() + loginLife * 1000);
          }
        } catch (error) {
          // A forged, broken or too large one: it would not have been taken either.
          if (!(error instanceof HttpError)) throw error;
        }
      }
    }
    await next();
  };
