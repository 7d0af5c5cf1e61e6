/** All papers, and their cells by id. */
import type { PaperSlug } from '../api/schemas/papers.ts';
import { RunError } from '../runs/errors.ts';
import {
  cellIdOf,
  type CellDefinition,
  type PaperDefinition,
  type TableDefinition,
} from './definition.ts';
import { mpcformer } from './mpcformer/paper.ts';
import { mpcvit } from './mpcvit/paper.ts';
import { puma } from './puma/paper.ts';

/** In the order of their first versions. */
export const papers: readonly PaperDefinition[] = [mpcformer, puma, mpcvit];

export interface PlacedCell {
  readonly id: string;
  readonly paper: PaperDefinition;
  readonly table: TableDefinition;
  readonly cell: CellDefinition;
}

export const allCells: readonly PlacedCell[] = papers.flatMap((paper) =>
  paper.tables.flatMap((table) =>
    table.cells.map((cell) => ({ id: cellIdOf(paper.slug, table.id, cell), paper, table, cell })),
  ),
);

const byId = new Map(allCells.map((placed) => [placed.id, placed]));

/** @throws RunError 'notFound' */
export function findCell(id: string): PlacedCell {
  const found = byId.get(id);
  if (found !== undefined) return found;
  throw new RunError('notFound', `there is no cell "${id}"; an id is paper.table.row.column.`);
}

/** @throws RunError 'notFound' */
export function findPaper(slug: PaperSlug): PaperDefinition {
  const found = papers.find((paper) => paper.slug === slug);
  if (found !== undefined) return found;
  throw new RunError('notFound', `there is no paper "${slug}".`);
}
