import type Router from '@koa/router';
import type { Context, Middleware } from 'koa';
import type { Level } from '../../../assurance/levels.ts';
import type { AccessToken } from '../../relying-party/access-token.ts';
import { applicationPath } from '../citizen/paths.ts';
import type { Mailbox } from '../records/mailboxes.ts';
import { audienceOf, type ApiParts } from './context.ts';

/** By which another module reads in a citizen's name how much there is; nothing of a letter comes out. */
export const overviewScope = 'postfach:overview';

const mostApplications = 50;

interface Own {
  readonly mailbox: Mailbox | undefined;
  readonly present: Level;
}

const ownKey = Symbol('own');

/** What a module may tell a citizen about her mailbox, by her own token. */
export const addCitizenApiRoutes = (router: Router, parts: ApiParts): void => {
  const { records, settings, relyingParty } = parts;
  // A level is asked for, so that no client's own token will do: it has none.
  const requireToken = relyingParty.requireToken(audienceOf(settings), { scope: overviewScope, level: 'basic' });

  const own: Middleware = async (ctx, next) => {
    await requireToken(ctx, async () => {
      const { sub, level = 'basic' } = ctx.state['accessToken'] as AccessToken;
      (ctx.state as { [ownKey]?: Own })[ownKey] = { mailbox: await records.mailboxes.of(sub), present: level };
      ctx.set('cache-control', 'no-store');
      await next();
    });
  };
  const ownOf = (ctx: Context): Own =>
    (ctx.state as { [ownKey]?: Own })[ownKey] ?? { mailbox: undefined, present: 'basic' };

  router.get('/api/citizen/letters/unread', own, async (ctx) => {
    const { mailbox } = ownOf(ctx);
    ctx.body = { unread: mailbox ? (await records.letters.counts(mailbox)).unread : 0 };
  });

  router.get('/api/citizen/applications', own, async (ctx) => {
    const { mailbox, present } = ownOf(ctx);
    const applications = mailbox ? await records.applications.list(mailbox, present, mostApplications) : [];
    const told = applications.flatMap(({ id, sender, latest }) =>
      latest.locked
        ? []
        : [
            {
              id,
              service: latest.publicServiceName,
              sender: sender.name,
              status: latest.status,
              since: new Date(latest.createdAt).toISOString(),
              address: `${settings.origin}${applicationPath(id)}`,
            },
          ],
    );
    ctx.body = { applications: told, locked: applications.length - told.length };
  });
};
