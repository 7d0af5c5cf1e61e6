/** Use case: papers with their cells as they stand now. */
import {
  verdictIds,
  type Coverage,
  type PaperCell,
  type PaperDetail,
  type PaperFindings,
  type PaperSlug,
  type PaperSummary,
  type VerdictId,
} from '../api/schemas/papers.ts';
import type { Database } from '../db/client.ts';
import { allCells, findPaper, papers } from './catalog.ts';
import { readBook } from './book.ts';
import { toCell, withNeighbours } from './cell-state.ts';
import { judgeClaims } from './claims.ts';
import { isRecipe, type PaperDefinition } from './definition.ts';
import { findingsOf } from './findings.ts';

/** Counts of cells. @param withRecipe how many of them have a recipe */
export function coverageOf(cells: readonly PaperCell[], withRecipe: number): Coverage {
  const exact = cells.filter(({ metric }) => metric === 'exact');
  const verdicts = Object.fromEntries(
    verdictIds.map((id) => [id, cells.filter(({ verdict }) => verdict === id).length]),
  ) as Record<VerdictId, number>;
  return {
    cells: cells.length,
    withRecipe,
    filled: cells.filter(({ result }) => result !== null).length,
    exactCells: exact.length,
    exactVerified: exact.filter(
      ({ result, verifiedBy }) =>
        result !== null && (result.provenance === 'measured' || verifiedBy !== null),
    ).length,
    verdicts,
  };
}

async function detailOf(db: Database, paper: PaperDefinition): Promise<PaperDetail> {
  const placed = allCells.filter((one) => one.paper === paper);
  const book = await readBook(db, withNeighbours(placed));
  const cells = new Map<string, PaperCell>(
    await Promise.all(placed.map(async (one) => [one.id, await toCell(one, book)] as const)),
  );
  const { slug, title, authors, venue, arxiv, about, parties, assumptions } = paper;
  const runs = [...book.runs.values()].flatMap(({ usable }) => usable);
  const last = Math.max(...runs.map(({ at }) => at.getTime()));
  return {
    slug,
    title,
    authors,
    venue,
    arxiv,
    about,
    parties,
    assumptions,
    coverage: coverageOf(
      [...cells.values()],
      placed.filter(({ cell }) => isRecipe(cell.recipe)).length,
    ),
    claims: judgeClaims(slug, cells),
    lastRunAt: runs.length === 0 ? null : new Date(last).toISOString(),
    tables: paper.tables.map((table) => ({
      id: table.id,
      title: table.title,
      note: table.note,
      rows: table.rows,
      columns: table.columns,
      cells: [...cells.values()].filter(({ id }) => id.startsWith(`${slug}.${table.id}.`)),
    })),
  };
}

/** A paper, all tables. @throws RunError 'notFound' */
export const readPaper = async (db: Database, slug: PaperSlug): Promise<PaperDetail> =>
  detailOf(db, findPaper(slug));

export async function listPapers(db: Database): Promise<PaperSummary[]> {
  const details = await Promise.all(papers.map((paper) => detailOf(db, paper)));
  return details.map(({ assumptions: _assumptions, tables, ...summary }) => ({
    ...summary,
    tables: tables.map(({ id, title, cells }) => ({ id, title, cells: cells.length })),
  }));
}

/** @throws RunError 'notFound' */
export async function readFindings(db: Database, slug: PaperSlug): Promise<PaperFindings> {
  const paper = await readPaper(db, slug);
  return { slug, title: paper.title, findings: findingsOf(paper) };
}
