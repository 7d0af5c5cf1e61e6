/** Stands for the server's part of the results: rows of these runs, every query finding all of them. */
import type { ResultRow } from '../../server/api/schemas/results-row.ts';
import type { RunDetail } from '../../server/api/schemas/run-view.ts';
import { summaryOf } from '../support/fixtures.ts';
import type { Answers } from './render.tsx';

export const rowOf = (run: RunDetail, more: Partial<ResultRow> = {}): ResultRow => ({
  ...summaryOf(run),
  tags: [],
  note: '',
  starred: false,
  archivedAt: null,
  shipped: false,
  figures: null,
  importedFrom: null,
  machine: null,
  commit: null,
  ...more,
});

/** `find` says which ids a query finds, in which order; by default all of them. */
export function resultsAnswers(
  rows: readonly ResultRow[],
  find: (q: string) => readonly string[] = () => rows.map(({ id }) => id),
): Answers {
  return {
    'results.ids': ({ q }: { q: string }) => ({ ids: find(q), groups: null, archived: 0 }),
    'results.rows': ({ ids }: { ids: readonly string[] }) =>
      ids.flatMap((id) => rows.find((row) => row.id === id) ?? []),
    'results.values': () => [{ field: 'network', value: 'lan', runs: 4 }],
    'results.withoutEach': () => [],
    'results.constants': () => [],
    'views.list': () => [],
  };
}
