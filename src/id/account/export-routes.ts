import type { Router } from '@koa/router';
import type { Context } from 'koa';
import { localeOf } from '../../web/page-context.ts';
import { collect, type CollectParts } from './export/collect.ts';
import { exportJson } from './export/json.ts';
import { paperOf } from './export/pages-of-paper.ts';
import { renderPdf } from './export/pdf.ts';
import { exportFiles, ExportPage } from './pages/ExportPage.tsx';
import { showKonto } from './pages/konto-frame.tsx';
import type { AccountRouteParts } from './parts.ts';
import { paths } from './paths.ts';
import { serviceName } from './service-names.ts';

/** /konto/auskunft: the files are made while the browser waits, since that takes less than a page. */
export const addExportRoutes = (
  router: Router,
  parts: CollectParts & Pick<AccountRouteParts, 'entry' | 'dangerous' | 'clients' | 'journal'>,
): void => {
  const { entry, dangerous, clients, journal } = parts;

  router.get(paths.export, async (ctx) => {
    if (await entry.open(ctx)) showKonto(ctx, ExportPage, {});
  });

  const download = async (
    ctx: Context,
    format: keyof typeof exportFiles,
    type: string,
    make: (collected: Awaited<ReturnType<typeof collect>>) => Promise<Buffer> | string,
  ): Promise<void> => {
    const visitor = await entry.open(ctx, dangerous);
    if (!visitor) return;
    // Written down first: whoever has the file has everything.
    await journal.recordNow([{ type: 'data.exported', format, accountId: visitor.citizen.account.id }]);
    const body = await make(await collect(parts, visitor));
    ctx.status = 200;
    ctx.type = type;
    ctx.attachment(exportFiles[format]);
    ctx.set('cache-control', 'no-store');
    ctx.body = body;
  };

  router.get(`${paths.export}/${exportFiles.json}`, (ctx) => {
    const name = (clientId: string): string => serviceName(clients(), clientId, localeOf(ctx));
    return download(ctx, 'json', 'application/json; charset=utf-8', (collected) => exportJson(collected, name));
  });

  router.get(`${paths.export}/${exportFiles.pdf}`, (ctx) => {
    const locale = localeOf(ctx);
    const name = (clientId: string): string => serviceName(clients(), clientId, locale);
    return download(ctx, 'pdf', 'application/pdf', (collected) => renderPdf(paperOf(collected, locale, name)));
  });
};
