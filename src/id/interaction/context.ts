import type { Context } from 'koa';
import { HttpError } from '../../web/http-error.ts';
import { readForm, type Form } from '../../web/forms.ts';
import type { Csrf } from '../../web/csrf.ts';
import { setUiLocales, webState } from '../../web/state.ts';
import { allowFormAction } from '../../web/security.ts';
import type { AttemptContext } from '../authentication/method.ts';
import { serviceView } from './present.ts';
import type { Position, Steps } from './steps.ts';
import type { FlowView } from './views.ts';

/** Reading a request of a flow: where it stands, what was posted, who sends it. */
export interface Entry {
  /** The flow at this address. @throws InteractionGone */
  open(ctx: Context): Promise<Position>;
  /** The same for a POST, with its form checked. */
  posted(ctx: Context): Promise<{ readonly position: Position; readonly form: Form }>;
  /**
   * The same, unless it is not to be looked at now: asked with the time at which the form was shown (ms since the epoch),
   * before any store is asked for the flow.
   */
  postedIf(
    ctx: Context,
    admits: (shownAt: number) => boolean,
  ): Promise<{ readonly position: Position; readonly form: Form } | undefined>;
  frame(ctx: Context, position: Position): FlowView;
  attempt(ctx: Context, position: Position): AttemptContext;
}

export const uidOf = (ctx: Context): string =>
  (ctx as Context & { params: Record<string, string | undefined> }).params['uid'] ?? '';

/** A parameter sent twice may be read as one value here and as another elsewhere (EI-12). */
export const refuseDuplicates = (ctx: Context): void => {
  if (Object.values(ctx.query).some(Array.isArray))
    throw new HttpError('bad_request', { reason: 'duplicate_parameter' });
};

export const createEntry = (steps: Steps, csrf: Csrf, addressOf: (ctx: Context) => string): Entry => {
  const open = async (ctx: Context): Promise<Position> => {
    const uid = uidOf(ctx);
    if (ctx.method === 'POST') webState(ctx).returnPath = `/anmelden/${uid}`;
    const position = await steps.locate(ctx, uid);
    const { params, startedAt } = position.pending;
    if (typeof params['ui_locales'] === 'string') setUiLocales(ctx, params['ui_locales'], startedAt);
    // Chromium applies form-action to the whole chain of redirects that a form starts, so it ends at the service.
    if (typeof params['redirect_uri'] === 'string') allowFormAction(ctx, params['redirect_uri']);
    return position;
  };
  const postedIf: Entry['postedIf'] = async (ctx, admits) => {
    const form = await readForm(ctx);
    const token = form.get('csrf');
    const shownAt = csrf.madeAt(token, uidOf(ctx));
    if (shownAt !== undefined && !admits(shownAt)) return undefined;
    const position = await open(ctx);
    csrf.check(ctx, token, position.pending.uid);
    return { position, form };
  };
  return {
    open,
    async posted(ctx) {
      const form = await readForm(ctx);
      const position = await open(ctx);
      csrf.check(ctx, form.get('csrf'), position.pending.uid);
      return { position, form };
    },
    postedIf,
    frame: (ctx, { pending, wanted }) => ({
      service: serviceView(ctx, pending, wanted),
      base: `/anmelden/${pending.uid}`,
      csrf: csrf.token(pending.uid),
    }),
    attempt: (ctx, { device, pending }) => ({
      address: addressOf(ctx),
      device,
      clientId: pending.party.file.client_id,
      referenceId: webState(ctx).referenceId,
      startedAt: pending.startedAt,
    }),
  };
};
