import type Router from '@koa/router';
import { isId } from './letter-part.ts';
import { senderOf, senderWith, type ApiParts } from './context.ts';
import { Problem } from './problems.ts';

const mostReplies = 100;

export const addReplyRoutes = (router: Router, parts: ApiParts): void => {
  const mayRead = senderWith(parts, 'postfach:read');
  router.get('/api/replies', mayRead, async (ctx) => {
    const query = new URLSearchParams(ctx.querystring);
    const limit = Number(query.get('limit') ?? mostReplies);
    if (!Number.isInteger(limit) || limit < 1 || limit > mostReplies)
      throw new Problem('schema_invalid', { detail: `limit: 1 to ${mostReplies}` });
    const { replies, next } = await parts.records.replies.waiting(
      senderOf(ctx).sender,
      query.get('after') ?? undefined,
      limit,
    );
    ctx.body = {
      replies: replies.map(({ id, messageId, reference, applicationId, text, createdAt }) => ({
        id,
        message_id: messageId,
        ...(reference === undefined ? {} : { reference }),
        ...(applicationId === undefined ? {} : { application_id: applicationId }),
        text,
        created_at: new Date(createdAt).toISOString(),
      })),
      ...(next === undefined ? {} : { next }),
    };
  });
  router.delete('/api/replies/:id', mayRead, async (ctx) => {
    const { id = '' } = ctx.params;
    if (!isId(id) || !(await parts.records.replies.take(senderOf(ctx).sender, id))) throw new Problem('not_found');
    ctx.status = 204;
  });
};
