import type { Router } from '@koa/router';
import type { Context } from 'koa';
import { z } from 'zod';
import { readBody } from '../../web/forms.ts';
import { HttpError } from '../../web/http-error.ts';
import type { Journal } from '../audit/journal.ts';
import type { ClientSet } from '../clients/load.ts';
import type { Citizen } from '../identity/citizen.ts';
import type { PostfachHandles } from '../identity/postfach.ts';
import type { CitizenRepository } from '../identity/repository.ts';
import type { OwnApiScope, ReadApiToken } from '../oidc/own-api.ts';
import type { Guesses } from './guesses.ts';

/** The one client that may ask whose a handle is. */
export const postfachClientId = 'mein-postfach';

const neededScope: OwnApiScope = 'postfach:resolve';

const largestBody = 4096;

const question = z.object({ handle: z.string().min(1).max(200), authority: z.string().min(1).max(200) });

export interface ResolveRouteParts {
  readonly readToken: ReadApiToken;
  readonly clients: () => ClientSet;
  readonly handles: Pick<PostfachHandles, 'find'>;
  readonly citizens: Pick<CitizenRepository, 'find' | 'subject'>;
  readonly guesses: Guesses;
  readonly journal: Journal;
}

const readQuestion = async (ctx: Context): Promise<z.output<typeof question> | undefined> => {
  if (ctx.is('application/json') === false) throw new HttpError('unsupported_media_type', { reason: 'resolve_type' });
  const body = await readBody(ctx, largestBody);
  let json: unknown;
  try {
    json = JSON.parse(body.toString('utf8'));
  } catch (cause) {
    throw new HttpError('bad_request', { reason: 'resolve_json', cause });
  }
  return question.safeParse(json).data;
};

/**
 * POST /api/postfach/resolve: whose mailbox a letter goes into. What stands in the way is not told: unknown, of another
 * authority, revoked, of an account that is to be deleted, asked for by another client: all of it is one 404. A locked
 * account still gets its letters. Only a caller without a token for this API is told so (RFC 6750), since that says
 * nothing about any handle, and a 404 would make Mein Postfach refuse letters when its own token has expired.
 */
export const addResolveRoutes = (router: Router, parts: ResolveRouteParts): void => {
  const { readToken, clients, handles, citizens, guesses, journal } = parts;

  const ownerOf = async (authority: string, handle: string): Promise<Citizen | undefined> => {
    const accountId = await handles.find(authority, handle);
    const citizen = accountId === undefined ? undefined : await citizens.find(accountId);
    return citizen?.account.state === 'leaving' ? undefined : citizen;
  };

  router.post('/api/postfach/resolve', async (ctx) => {
    ctx.set('cache-control', 'no-store');
    const caller = await readToken(ctx.get('authorization'));
    if (!caller) {
      ctx.set('www-authenticate', ctx.get('authorization') === '' ? 'Bearer' : 'Bearer error="invalid_token"');
      throw new HttpError('unauthorized', { reason: 'resolve_token' });
    }
    const { clientId } = caller;
    // A client that is switched off has tokens for a while yet.
    const party = clients().clients.get(clientId);
    if (!party || clientId !== postfachClientId || !caller.scopes.has(neededScope))
      throw new HttpError('not_found', { reason: 'resolve_client' });
    const asked = await readQuestion(ctx);
    if (!asked) throw new HttpError('not_found', { reason: 'resolve_question' });
    const { authority, handle } = asked;
    const wait = await guesses.refusal(clientId, authority);
    if (wait !== undefined) throw new HttpError('too_many_requests', { reason: 'resolve_guesses', retryAfter: wait });
    const citizen = await ownerOf(authority, handle);
    if (!citizen) {
      await guesses.missed(clientId, authority);
      // The journal holds no text that a caller may choose.
      if (clients().authorities.has(authority)) journal.record({ type: 'postfach.unresolved', authority, clientId });
      throw new HttpError('not_found', { reason: 'resolve_handle' });
    }
    const { id } = citizen.account;
    const sub = await citizens.subject(id, party.sector);
    journal.record({ type: 'postfach.resolved', authority, clientId, accountId: id });
    const { locale } = citizen.preferences;
    ctx.body = {
      sub,
      ...(citizen.email === undefined ? {} : { email: citizen.email }),
      ...(locale === undefined ? {} : { locale }),
    };
  });
};
