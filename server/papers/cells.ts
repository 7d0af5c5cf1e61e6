/** Use cases of single cells: one in full, the price of some, and queueing their runs. */
import type {
  CellRecipe,
  CellsPrice,
  PaperCellDetail,
  QueuedCells,
} from '../api/schemas/papers.ts';
import { requireQuota } from '../accounts/quotas.ts';
import type { Database } from '../db/client.ts';
import { createRun, type RunContext } from '../runs/create-run.ts';
import { listPresets } from '../runs/presets.ts';
import { hashSpec } from '../runs/spec-hash.ts';
import { findCell, type PlacedCell } from './catalog.ts';
import { readBook, runsOf, specsOf, type Book } from './book.ts';
import { proofOf, toCell, withNeighbours } from './cell-state.ts';
import { differencesOf, planOfShape } from './family.ts';
import { historyOf } from './history.ts';
import { notHidden } from './stored-runs.ts';
import { planRuns, priceOfRuns, toBeMade } from './plan-runs.ts';

const pretty = (value: unknown): string => JSON.stringify(value, null, 2);
const mostListed = 20;

const partWords = { all: 'all of it', wait: 'the waiting' } as const;

/** What is read, in words. */
function readsOf({ cell: { recipe } }: PlacedCell): string {
  if (recipe.kind === 'run') {
    const { reading } = recipe;
    if (reading.kind === 'onlineSeconds') return 'median online seconds of one batch';
    if (reading.kind === 'secureAccuracy') return 'accuracy of the logits that the run revealed';
    return `seconds at every ${reading.place} of the model, ${partWords[reading.part]}`;
  }
  if (recipe.kind === 'missing') return 'accuracy of the logits that the run reveals';
  if (recipe.kind === 'ratio') return 'the first over the second; of runs, their online seconds';
  const { what, of, place } = recipe.counting;
  if (what === 'rounds') return 'rounds in program order';
  const whose = {
    all: 'what all parties send online',
    party: 'what one party sends online, the mean over parties',
    allAndDealer: 'what all parties send online, and the dealer',
  }[of];
  return place === undefined ? whose : `${whose}, at the places "${place}" only`;
}

function recipeOf(placed: PlacedCell): CellRecipe {
  const { recipe } = placed.cell;
  const spec =
    recipe.kind === 'run' || recipe.kind === 'missing'
      ? recipe.spec
      : recipe.kind === 'prediction'
        ? recipe.familySpec
        : null;
  const shown =
    recipe.kind === 'prediction'
      ? recipe.plans
      : recipe.kind === 'ratio'
        ? { over: recipe.over, under: recipe.under }
        : spec;
  return {
    kind: recipe.kind,
    spec,
    specHash: spec === null ? null : hashSpec(spec).hash,
    json: pretty(shown),
    reads: readsOf(placed),
    missing: recipe.kind === 'missing' ? recipe.missing : [],
    of:
      recipe.kind === 'ratio'
        ? [recipe.over, recipe.under].filter((one) => typeof one === 'string')
        : [],
  };
}

/** The run that confirms a prediction, and what of it differs, in words. */
function familyText({ cell: { recipe } }: PlacedCell, book: Book): string | null {
  if (recipe.kind !== 'prediction') return null;
  const proof = proofOf(recipe.plans, recipe.familySpec, book);
  const made = proof === null ? null : planOfShape(proof.spec);
  const [predicted] = recipe.plans;
  if (proof === null || made === null || predicted === undefined) return null;
  const differences = differencesOf(predicted, made);
  const { model, sequenceLength } = proof.spec;
  return `${model} at ${sequenceLength} tokens, of the same family; ${
    differences.length === 0 ? 'nothing differs' : `different are ${differences.join('; ')}`
  }.`;
}

async function ownScaleOf({ cell: { recipe } }: PlacedCell, db: Database) {
  if (recipe.kind !== 'missing' || recipe.ownScale.length === 0) return [];
  const presets = await listPresets();
  return Promise.all(
    recipe.ownScale.map(async ({ words, preset }) => {
      const found = presets.find(({ id }) => id === preset);
      if (found === undefined) throw new TypeError(`no preset ${preset}`);
      const specHash = hashSpec(found.spec).hash;
      const run = await db.run.findFirst({
        where: { specHash, state: 'done', provenance: 'measured', ...notHidden },
        orderBy: [{ shipped: 'asc' }, { finishedAt: 'desc' }],
        select: { id: true },
      });
      return { words, specHash, runId: run?.id ?? null };
    }),
  );
}

/** @throws RunError 'notFound' */
export async function readCell(db: Database, cellId: string): Promise<PaperCellDetail> {
  const placed = findCell(cellId);
  const [book, planned, ownScale] = await Promise.all([
    readBook(db, withNeighbours([placed])),
    planRuns(db, [cellId]),
    ownScaleOf(placed, db),
  ]);
  const { cell, table, paper } = placed;
  const price = priceOfRuns(planned, true);
  const memory = planned.flatMap(({ memoryBytes }) => memoryBytes ?? []);
  const runs = specsOf(placed).flatMap((spec) => runsOf(book, spec).all);
  const titleIn = (headings: typeof table.rows, id: string): string =>
    headings.find((one) => one.id === id)?.title ?? id;
  return {
    paper: paper.slug,
    table: table.id,
    rowTitle: titleIn(table.rows, cell.row),
    columnTitle: titleIn(table.columns, cell.column),
    cell: await toCell(placed, book),
    recipe: recipeOf(placed),
    history: historyOf(placed, book, mostListed),
    runs: runs.slice(0, mostListed).map(({ id, state, at, reason }) => ({
      runId: id,
      state,
      at: at.toISOString(),
      reason,
    })),
    family: familyText(placed, book),
    price: {
      wallMs: price.runs === 0 ? null : price.wallMs,
      memoryBytes: memory.length === 0 ? null : Math.max(...memory),
      obstacle: price.obstacles[0]?.words ?? null,
    },
    ownScale,
  };
}

export interface QueueOptions {
  /** Also what is done already with this engine. */
  readonly again?: boolean;
}

/** Before anything is queued. @throws RunError 'notFound' */
export const priceCells = async (
  db: Database,
  cellIds: readonly string[],
  { again = false }: QueueOptions = {},
): Promise<CellsPrice> => priceOfRuns(await planRuns(db, cellIds), again);

/** Queues what the cells still need, each spec once. @throws RunError 'notFound' */
export async function queueCells(
  context: RunContext,
  cellIds: readonly string[],
  { again = false }: QueueOptions = {},
): Promise<QueuedCells> {
  const planned = await planRuns(context.db, cellIds);
  const wanted = toBeMade(planned, again);
  await requireQuota(context.db, context.userId ?? null, wanted.length);
  const runIds: string[] = [];
  for (const { spec } of wanted) {
    runIds.push((await createRun(context, spec, 'web')).id);
  }
  return { ...priceOfRuns(planned, again), runIds };
}
