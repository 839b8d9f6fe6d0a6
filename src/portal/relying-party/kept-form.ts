import type { Context } from 'koa';
import type { Artifacts } from '../../storage/artifacts.ts';
import { readCookie } from '../../web/cookies.ts';
import type { Csrf } from '../../web/csrf.ts';
import { parseForm, readFormText, type Form } from '../../web/forms.ts';
import { HttpError } from '../../web/http-error.ts';
import { sessionCookie } from './kit.ts';
import { loginLife } from './pending-logins.ts';
import { formBinding } from './session.ts';

/** Query of the address by which somebody comes back to the page of a form that was kept. */
export const keptMark = 'eingaben';

const kind = 'rp-kept-form';

interface Kept {
  readonly path: string;
  /** As it was posted. */
  readonly body: string;
}

interface Parts {
  readonly artifacts: Artifacts;
  readonly csrf: Csrf;
}

/**
 * Keeps what was posted with a session that is too weak for it, for as long as a login may take. Files are not kept.
 *
 * @param sub whose session it is; only she sees it again.
 * @returns where she comes back to; undefined for what no page of this session has sent.
 */
export const keepForm = async ({ artifacts, csrf }: Parts, ctx: Context, sub: string): Promise<string | undefined> => {
  // A route has read it already, and keeps it in its own way.
  if (!ctx.req.readable) return undefined;
  try {
    const body = await readFormText(ctx);
    csrf.check(ctx, parseForm(Buffer.from(body)).get('csrf'), formBinding(readCookie(ctx, sessionCookie) ?? ''));
    const kept: Kept = { path: ctx.path, body };
    // One a person, the latest: nobody fills the store, and a new session at the provider finds it, too.
    await artifacts.save(kind, sub, { ...kept }, { ttl: loginLife });
    return `${ctx.path}?${keptMark}=1`;
  } catch (error) {
    // A forged, broken or too large one: it would not have been taken either.
    if (error instanceof HttpError) return undefined;
    throw error;
  }
};

/** What was kept of a form to `path`, for the page that its sender came back to. */
export const keptForm = async (
  { artifacts }: Pick<Parts, 'artifacts'>,
  ctx: Context,
  sub: string,
  path: string,
): Promise<Form | undefined> => {
  if (!new URLSearchParams(ctx.querystring).has(keptMark)) return undefined;
  const kept = (await artifacts.find(kind, sub))?.payload as unknown as Kept | undefined;
  return kept?.path === path ? parseForm(Buffer.from(kept.body)) : undefined;
};
