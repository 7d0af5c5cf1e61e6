/**
 * Tables as files, by suffix: GET /api/results.csv|json|md|tex?q=...&cols=...&units=...&runs=...&baseline=...&view=...
 * The numbers are those of the page; `pd.read_csv` of such an address works.
 */
import { getHTTPStatusCodeFromError } from '@trpc/server/http';
import { exportResults, type ExportRequest } from '../results/export-results.ts';
import { readView } from '../results/saved-views.ts';
import { tableFormats, type TableFormat } from '../results/table-text.ts';
import { refusalAt } from './admit.ts';
import { createContext, type Context } from './context.ts';
import { toApiError } from './errors.ts';
import { defaultColumns } from './schemas/results-columns.ts';

const list = (text: string | null): readonly string[] | null =>
  text === null ? null : text.split(',').filter((part) => part !== '');

const formatOf = (path: string): TableFormat | undefined =>
  tableFormats.find((format) => path.endsWith(`/results.${format}`));

/** What an address asks for; a view is where it starts from. */
async function requestOf(
  { connection: { db } }: Context,
  format: TableFormat,
  query: URLSearchParams,
): Promise<ExportRequest> {
  const viewId = query.get('view');
  const view = viewId === null ? null : (await readView(db, viewId)).state;
  return {
    format,
    query: query.get('q') ?? view?.q ?? '',
    columns: list(query.get('cols')) ?? view?.columns ?? defaultColumns,
    units: query.get('units') === 'binary' ? 'binary' : (view?.units ?? 'decimal'),
    only: list(query.get('runs')),
    baseline: (query.get('baseline') ?? view?.baseline) || null,
  };
}

/** Answers one request for a table. */
export async function handleTable(
  request: Request,
  context: () => Promise<Context> = createContext,
): Promise<Response> {
  const refusal = await refusalAt(request, 'read', async () => (await context()).connection.db);
  if (refusal !== undefined) return refusal;
  const { pathname, searchParams } = new URL(request.url);
  const format = formatOf(pathname);
  if (format === undefined) {
    const message = `There is no ${pathname}; there are ${tableFormats.map((suffix) => `/api/results.${suffix}`).join(', ')}.`;
    return Response.json({ message }, { status: 404 });
  }
  try {
    const own = await context();
    const { db } = own.connection;
    const { type, pieces } = await exportResults(db, await requestOf(own, format, searchParams));
    const encoder = new TextEncoder();
    const body = new ReadableStream<Uint8Array>({
      pull: async (controller) => {
        const { value, done } = await pieces.next();
        if (done === true) controller.close();
        else controller.enqueue(encoder.encode(value));
      },
      cancel: async () => void (await pieces.return(undefined)),
    });
    return new Response(body, { headers: { 'Content-Type': type, 'Cache-Control': 'no-store' } });
  } catch (error) {
    const failure = toApiError(error);
    const status = getHTTPStatusCodeFromError(failure);
    return Response.json({ message: failure.message }, { status });
  }
}
