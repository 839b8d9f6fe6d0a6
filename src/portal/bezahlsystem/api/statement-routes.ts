import type Router from '@koa/router';
import { berlinDay, isDay, statementBody, statementCsv } from '../orders/statement.ts';
import { askingOf, parameterOf, serviceWith, type ApiParts } from './context.ts';
import { Problem } from './problems.ts';

export const addStatementRoutes = (router: Router, parts: ApiParts): void => {
  router.get('/api/statements/:originator/:endPoint/:day', serviceWith(parts, 'payments:read'), async (ctx) => {
    const { originator, endPoint } = askingOf(ctx);
    const day = parameterOf(ctx, 'day');
    if (!isDay(day) || day > berlinDay(Date.now()))
      throw new Problem('VALIDATION_ERROR', { detail: 'day: YYYY-MM-DD, and none that has not begun' });
    const statement = await parts.records.books.statement(originator.originator, endPoint.id, day);
    if (ctx.accepts('application/json', 'text/csv') !== 'text/csv') {
      ctx.body = statementBody(statement);
      return;
    }
    ctx.type = 'text/csv; charset=utf-8; header=present';
    ctx.attachment(`zahlungen-${endPoint.id}-${day}.csv`);
    ctx.body = statementCsv(statement);
  });
};
