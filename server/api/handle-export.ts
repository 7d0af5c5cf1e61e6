/**
 * Objects as files, by suffix: GET /runs/<id>.csv, /compare.csv?runs=..., /s/<slug>.json, in the formats
 * of write-document.ts, pictures as .png too; and /embed/<slug>, a frozen copy's chart for a frame. Next
 * rewrites these addresses to /api/export/... (next.config.js). `chart=` and `units=` choose the picture.
 */
import { getHTTPStatusCodeFromError } from '@trpc/server/http';
import { comparisonDocument, frozenDocument, runDocument } from '../compare/document.ts';
import type { ExportDocument } from '../compare/document.ts';
import { embedHeaders, embedPage } from '../compare/embed-page.ts';
import { NoRasteriser, pictureKind, pngOf, writePicture } from '../compare/picture.ts';
import { readComparison, readProfiles } from '../compare/read-comparison.ts';
import { documentFormats, writeDocument, type DocumentFormat } from '../compare/write-document.ts';
import type { Database } from '../db/client.ts';
import { objectAddress } from '../permalinks/public-url.ts';
import {
  frozenNotebookSuffixes,
  writeFrozenNotebook,
  type FrozenNotebookSuffix,
} from '../notebooks/frozen.ts';
import { notebookCard } from '../notebooks/card.ts';
import { writeCell } from '../notebooks/cell-file.ts';
import { liveNotebook } from '../notebooks/live.ts';
import { publishedNotebookJson, writeLiveNotebook } from '../notebooks/live-file.ts';
import { parseNotebook } from '../notebooks/store.ts';
import { readPermalink, type NotebookPermalink } from '../permalinks/read-permalink.ts';
import { RunError } from '../runs/errors.ts';
import { readDetail } from '../runs/views.ts';
import { refusalAt } from './admit.ts';
import { createContext, type Context } from './context.ts';
import { toApiError } from './errors.ts';
import { readChart } from './schemas/compare-chart.ts';
import { readCompare, writeCompare } from './schemas/compare-address.ts';
import { readUnits } from './schemas/compare-units.ts';
import { evaluateNotebook } from './schemas/notebook-evaluate.ts';

interface Asked {
  readonly kind: 'runs' | 's' | 'compare' | 'n';
  readonly id: string;
  /** Of a notebook: name or id of one of its cells. */
  readonly cell?: string;
  readonly format: DocumentFormat | 'png' | 'embed' | 'ipynb';
}

/** Everything that can stand behind the dot. */
const suffixes = [...documentFormats, 'png', 'ipynb'] as const;

/** `/runs/r_1.csv`, `/s/abc.json`, `/compare.svg`, with or without `/api/export` before it. */
export function readExportPath(path: string): Asked | null {
  const notebook =
    /^(?:\/api\/export)?\/n\/([a-z0-9-]{1,60})(?:\/cells\/([a-z0-9_]{1,40}))?\.([a-z]+)$/.exec(
      path,
    );
  if (notebook !== null) {
    const [, id = '', cell] = notebook;
    const suffix = suffixes.find((known) => known === notebook[3]);
    if (suffix === undefined) return null;
    return { kind: 'n', id, format: suffix, ...(cell === undefined ? {} : { cell }) };
  }
  const match = /^(?:\/api\/export)?\/(?:(runs|s)\/([^/.]+)|compare)\.([a-z]+)$/.exec(path);
  const framed = /^(?:\/api\/export)?\/embed\/([^/.]+)$/.exec(path)?.[1];
  if (framed !== undefined) return { kind: 's', id: framed, format: 'embed' };
  const format = suffixes.find((known) => known === match?.[3]);
  if (match === null || format === undefined) return null;
  const [, folder, id = ''] = match;
  return { kind: folder === 'runs' || folder === 's' ? folder : 'compare', id, format };
}

async function documentOf(
  db: Database,
  { kind, id }: Asked,
  query: URLSearchParams,
): Promise<ExportDocument> {
  if (kind === 's') {
    return frozenDocument(await readPermalink(db, id), query.get('units'), query.get('chart'));
  }
  if (kind === 'runs') {
    const document = runDocument(await readDetail(db, id), readUnits(query.get('units')));
    return { ...document, chart: readChart(query.get('chart')) };
  }
  const state = readCompare(query);
  const asked = state.runs.length > 0 ? { ids: [...state.runs] } : { q: state.q ?? '' };
  const { runs } = await readComparison(db, asked);
  const shown = runs.filter((run) => !state.hidden.includes(run.id));
  const ids = shown.map((run) => run.id);
  return comparisonDocument(shown, {
    base: state.base,
    units: state.units,
    profiles: ids.length === 2 ? await readProfiles(db, ids) : [],
    path: `/compare${writeCompare(state)}`,
    ...(state.chart === undefined ? {} : { chart: state.chart }),
  });
}

const isNotebookFormat = (format: Asked['format'] | 'ipynb'): format is FrozenNotebookSuffix =>
  frozenNotebookSuffixes.some((suffix) => suffix === format);

const notebookHeaders = {
  'Cache-Control': 'no-store',
  'X-Robots-Tag': 'noindex',
  'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'",
};

/** The picture of a notebook's link preview, of what is pinned in its text. */
async function notebookPicture(
  text: string,
  frozen: Parameters<typeof notebookCard>[0]['frozen'],
  format: 'svg' | 'png',
): Promise<Response> {
  const notebook = parseNotebook(text);
  const svg = notebookCard({ notebook, evaluation: evaluateNotebook(notebook, new Map()), frozen });
  const [type, body] =
    format === 'png' ? ['image/png', await pngOf(svg)] : ['image/svg+xml; charset=utf-8', svg];
  return new Response(body, { headers: { ...notebookHeaders, 'Content-Type': type } });
}

/** A file of a published notebook; its HTML has no script and may fetch nothing. */
async function notebookFile(
  view: NotebookPermalink,
  suffix: FrozenNotebookSuffix,
  address: string,
): Promise<Response> {
  const [written] = await writeFrozenNotebook({ ...view, address }, suffix);
  if (written === undefined) throw new RunError('notFound', `a notebook has no .${suffix}.`);
  return new Response(written.body, {
    headers: { ...notebookHeaders, 'Content-Type': written.type },
  });
}

/** A notebook of this installation, or one of its cells, with the results of now. Nothing is run for it. */
async function ownNotebookFile(db: Database, asked: Asked, origin: string): Promise<Response> {
  const { id, cell, format } = asked;
  const address = objectAddress(origin, `/n/${id}`);
  if (cell === undefined && (format === 'png' || format === 'svg'))
    return notebookPicture((await liveNotebook(db, id)).text, null, format);
  const written =
    cell === undefined
      ? await writeLiveNotebook(db, { id, suffix: format, address })
      : await writeCell(db, { id, cell, suffix: format, address });
  return new Response(written.body, {
    headers: { ...notebookHeaders, 'Content-Type': written.type },
  });
}

/** Answers one request for an object as a file. */
export async function handleExport(
  request: Request,
  context: () => Promise<Context> = createContext,
): Promise<Response> {
  const url = new URL(request.url);
  const asked = readExportPath(url.pathname);
  // The slug of what was published is its own key.
  const need = asked?.kind === 's' ? 'public' : 'read';
  const refusal = await refusalAt(request, need, async () => (await context()).connection.db);
  if (refusal !== undefined) return refusal;
  if (asked === null) {
    const message = `There is no ${url.pathname}; suffixes are ${suffixes.map((suffix) => `.${suffix}`).join(' ')}.`;
    return Response.json({ message }, { status: 404 });
  }
  try {
    const { db } = (await context()).connection;
    const host = request.headers.get('host') ?? url.host;
    const own = `${url.protocol}//${host}`;
    if (asked.kind === 'n') return await ownNotebookFile(db, asked, own);
    if (asked.kind === 's' && asked.format === 'json') {
      const view = await readPermalink(db, asked.id);
      if (view.kind === 'notebook') {
        return Response.json(publishedNotebookJson(view, objectAddress(own, `/s/${asked.id}`)), {
          headers: notebookHeaders,
        });
      }
      // What a preview would say of runs is in the page's own words and picture.
      if (url.searchParams.has('preview')) {
        throw new RunError('notFound', 'only a notebook has a preview in words.');
      }
    }
    if (asked.kind === 's' && isNotebookFormat(asked.format)) {
      const view = await readPermalink(db, asked.id);
      if (view.kind === 'notebook') {
        return await notebookFile(view, asked.format, objectAddress(own, `/s/${asked.id}`));
      }
    }
    if (asked.kind === 's' && (asked.format === 'svg' || asked.format === 'png')) {
      const view = await readPermalink(db, asked.id);
      if (view.kind === 'notebook')
        return await notebookPicture(view.text, view.live ? null : view, asked.format);
    }
    const document = await documentOf(db, asked, url.searchParams);
    const address = objectAddress(own, document.path);
    if (asked.format === 'embed') {
      const isDark = url.searchParams.get('theme') === 'dark';
      return new Response(embedPage(document, document.path, isDark), { headers: embedHeaders });
    }
    const headers = { 'Cache-Control': 'no-store', 'X-Robots-Tag': 'noindex' };
    if (asked.format === 'png') {
      const body = await writePicture(document, pictureKind(url.searchParams));
      return new Response(body, { headers: { ...headers, 'Content-Type': 'image/png' } });
    }
    if (asked.format === 'ipynb') throw new RunError('notFound', 'only a notebook has an .ipynb.');
    const { type, body } = writeDocument(document, asked.format, address);
    return new Response(body, { headers: { ...headers, 'Content-Type': type } });
  } catch (error) {
    if (error instanceof NoRasteriser) {
      return Response.json({ message: error.message }, { status: 501 });
    }
    const failure = toApiError(error);
    const status = getHTTPStatusCodeFromError(failure);
    return Response.json({ message: failure.message }, { status });
  }
}
