/** Paths of tables and comparisons: the same numbers as the pages. */
import { z } from 'zod';
import { comparisonDocument } from '../../compare/document.ts';
import { readComparison, readProfiles } from '../../compare/read-comparison.ts';
import { exportResults } from '../../results/export-results.ts';
import { mostIds } from '../schemas/results-limits.ts';
import { defaultColumns } from '../schemas/results-columns.ts';
import { readUnits } from '../schemas/compare-units.ts';
import { commaList, queryOfRuns } from './common.ts';
import { route, type Route } from './route.ts';
import { rowSchema } from './run-schemas.ts';

const comparedSchema = rowSchema.omit({
  tags: true,
  note: true,
  starred: true,
  archivedAt: true,
  figures: true,
  importedFrom: true,
});

function streamOf(pieces: AsyncGenerator<string>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      const { value, done } = await pieces.next();
      if (done === true) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
    cancel: async () => void (await pieces.return(undefined)),
  });
}

export const resultRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/results.csv',
    id: 'resultsCsv',
    tag: 'Results',
    summary: 'Every run that a query finds, as one CSV file',
    description: '`pandas.read_csv` of this address works. Units are in the names of the columns.',
    params: null,
    query: z.object({
      q: queryOfRuns,
      cols: commaList('Columns, as the address of the results page names them.').optional(),
      runs: commaList('Only these runs, in this order.').optional(),
      units: z.enum(['decimal', 'binary']).default('decimal'),
      baseline: z
        .string()
        .max(40)
        .optional()
        .describe('With the ratios of every number to this run.'),
    }),
    body: null,
    response: { mediaType: 'text/csv', description: 'A line of names, then one line per run.' },
    answer: async ({ context, query: { q, cols, runs, units, baseline } }) => {
      const { type, pieces } = await exportResults(context.connection.db, {
        format: 'csv',
        query: q,
        columns: cols ?? defaultColumns,
        units,
        only: runs ?? null,
        baseline: baseline ?? null,
      });
      return { type, body: streamOf(pieces) };
    },
  }),
  route({
    method: 'get',
    path: '/compare',
    id: 'compareRuns',
    tag: 'Results',
    summary: 'Runs side by side',
    description:
      'By id, or all that a query finds; of two runs also where time and bytes went. The same as a file: /compare.csv?runs=..., and the other suffixes.',
    params: null,
    query: z.object({
      runs: commaList(`Ids, at most ${mostIds}.`).optional(),
      q: queryOfRuns,
      base: z.string().max(40).optional().describe('The pinned run; default: the first.'),
    }),
    body: null,
    response: z.object({
      title: z.string(),
      base: z.string().nullable().describe('Id of the pinned run; null where there is no run.'),
      runs: z.array(z.looseObject({ name: z.string(), run: comparedSchema })),
      missing: z.array(z.string()).readonly().describe('Asked for and not stored here.'),
      profiles: z
        .array(z.looseObject({ id: z.string(), operations: z.array(z.looseObject({})) }))
        .readonly(),
    }),
    answer: async ({ context: { connection }, query: { runs: ids, q, base = null } }) => {
      const asked = ids === undefined ? { q } : { ids };
      const { runs, missing } = await readComparison(connection.db, asked);
      const found = runs.map(({ id }) => id);
      const document = comparisonDocument(runs, {
        base,
        units: readUnits(null),
        profiles: found.length === 2 ? await readProfiles(connection.db, found) : [],
        path: '/compare',
      });
      return {
        title: document.title,
        base: document.runs[document.base]?.run.id ?? null,
        runs: document.runs,
        missing,
        profiles: document.profiles,
      };
    },
  }),
];
