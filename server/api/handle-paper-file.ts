/**
 * A paper's files: GET /papers/<slug>/badge.svg, and a table with both values as
 * /papers/<slug>/<table>.csv, .tex or .md.
 */
import { getHTTPStatusCodeFromError } from '@trpc/server/http';
import { badge, exportTable, readPaper } from '../papers/index.ts';
import { refusalAt } from './admit.ts';
import { createContext, type Context } from './context.ts';
import { toApiError } from './errors.ts';
import type { ExportFormat } from './schemas/papers.ts';
import { paperSlugSchema } from './schemas/papers-requests.ts';

const formats: Readonly<Record<string, ExportFormat>> = {
  csv: 'csv',
  tex: 'latex',
  md: 'markdown',
};

/** Answers one request for a badge or a table. */
export async function handlePaperFile(
  request: Request,
  context: () => Promise<Context> = createContext,
): Promise<Response> {
  const refusal = await refusalAt(request, 'read', async () => (await context()).connection.db);
  if (refusal !== undefined) return refusal;
  const { pathname } = new URL(request.url);
  const [, name = '', table = '', suffix = ''] =
    /^\/papers\/([a-z]+)\/([a-z0-9-]+)\.([a-z]+)$/.exec(pathname) ?? [];
  const slug = paperSlugSchema.safeParse(name).data;
  const format = formats[suffix];
  const isBadge = table === 'badge' && suffix === 'svg';
  if (slug === undefined || (format === undefined && !isBadge)) {
    const message = `There is no ${pathname}; a paper has badge.svg and its tables as .csv, .tex and .md.`;
    return Response.json({ message }, { status: 404 });
  }
  try {
    const paper = await readPaper((await context()).connection.db, slug);
    if (format === undefined) {
      const headers = { 'Content-Type': 'image/svg+xml', 'Cache-Control': 'no-cache' };
      return new Response(badge(paper), { headers });
    }
    if (!paper.tables.some(({ id }) => id === table)) {
      const known = paper.tables.map(({ id }) => id).join(', ');
      return Response.json(
        { message: `${slug} has no table ${table}; use ${known}.` },
        { status: 404 },
      );
    }
    const { body, mediaType, fileName } = exportTable(paper, table, format);
    return new Response(body, {
      headers: {
        'Content-Type': mediaType,
        'Content-Disposition': `attachment; filename="${fileName}"`,
        'Cache-Control': 'no-store',
      },
    });
  } catch (error) {
    const failure = toApiError(error);
    const status = getHTTPStatusCodeFromError(failure);
    return Response.json({ message: failure.message }, { status });
  }
}
