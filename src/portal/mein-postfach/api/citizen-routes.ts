import type Router from '@koa/router';
import type { Context, Middleware } from 'koa';
import type { AccessToken } from '../../relying-party/access-token.ts';
import { applicationPath } from '../citizen/paths.ts';
import type { Mailbox } from '../records/mailboxes.ts';
import { audienceOf, type ApiParts } from './context.ts';

/** By which another module reads in a citizen's name how much there is; nothing of a letter comes out. */
export const overviewScope = 'postfach:overview';

const mostApplications = 50;

const mailboxKey = Symbol('mailbox');

/** What a module may tell a citizen about her mailbox, by her own token. */
export const addCitizenApiRoutes = (router: Router, parts: ApiParts): void => {
  const { records, settings, relyingParty } = parts;
  // A level is asked for, so that no client's own token will do: it has none.
  const requireToken = relyingParty.requireToken(audienceOf(settings), { scope: overviewScope, level: 'basic' });

  const own: Middleware = async (ctx, next) => {
    await requireToken(ctx, async () => {
      const { sub } = ctx.state['accessToken'] as AccessToken;
      (ctx.state as { [mailboxKey]?: Mailbox | undefined })[mailboxKey] = await records.mailboxes.of(sub);
      ctx.set('cache-control', 'no-store');
      await next();
    });
  };
  const mailboxOf = (ctx: Context): Mailbox | undefined =>
    (ctx.state as { [mailboxKey]?: Mailbox | undefined })[mailboxKey];

  router.get('/api/citizen/letters/unread', own, async (ctx) => {
    const mailbox = mailboxOf(ctx);
    ctx.body = { unread: mailbox ? (await records.letters.counts(mailbox)).unread : 0 };
  });

  router.get('/api/citizen/applications', own, async (ctx) => {
    const mailbox = mailboxOf(ctx);
    const applications = mailbox ? await records.applications.list(mailbox, mostApplications) : [];
    ctx.body = {
      applications: applications.map(({ id, sender, latest }) => ({
        id,
        service: latest.publicServiceName,
        sender: sender.name,
        status: latest.status,
        since: new Date(latest.createdAt).toISOString(),
        address: `${settings.origin}${applicationPath(id)}`,
      })),
    };
  });
};
