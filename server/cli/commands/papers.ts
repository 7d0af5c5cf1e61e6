/** `parley papers run|report|ship`: the papers' cells filled by runs, and how far they are. */
import { createInterface } from 'node:readline/promises';
import {
  askAboveMs,
  claimWords,
  verdictIds,
  verdictWords,
  type PaperSummary,
} from '../../api/schemas/papers.ts';
import { paperSlugSchema } from '../../api/schemas/papers-requests.ts';
import { allCells, type PlacedCell } from '../../papers/catalog.ts';
import { listPapers } from '../../papers/index.ts';
import { planRuns, toBeMade, type PlannedRun } from '../../papers/plan-runs.ts';
import { shipRuns } from '../../papers/ship-runs.ts';
import { approximationName } from '../../api/schemas/spec-names.ts';
import { createRun } from '../../runs/create-run.ts';
import { RunError } from '../../runs/errors.ts';
import { exitCodes } from '../exit-codes.ts';
import { follow } from '../follow.ts';
import { formatBytes, formatMs, formatTable, sum } from '../format.ts';
import { openSession, type Session } from '../session.ts';

export interface PapersRunOptions {
  readonly paper?: string;
  readonly table?: string;
  readonly cell?: string;
  readonly all?: boolean;
  /** Those of the side-by-side page; `all` has them too. */
  readonly sideBySide?: boolean;
  readonly fit?: boolean;
  readonly under?: number;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
  readonly again?: boolean;
  readonly json?: boolean;
}

/** What of the memory that is free now a run may take. */
const memoryPart = 0.9;

/** @throws RunError 'invalid' where nothing, or nothing that there is, is named */
function choose({
  paper,
  table,
  cell,
  all = false,
  sideBySide = false,
}: PapersRunOptions): readonly PlacedCell[] {
  if (!all && paper === undefined && table === undefined && cell === undefined) {
    if (sideBySide) return [];
    throw new RunError(
      'invalid',
      'papers run: say which, with --all, --paper, --table, --cell or --side-by-side.',
    );
  }
  if (paper !== undefined && !paperSlugSchema.safeParse(paper).success) {
    const known = paperSlugSchema.options.join(', ');
    throw new RunError('invalid', `--paper ${paper}: there is no such paper; use ${known}.`);
  }
  const chosen = allCells.filter(
    (one) =>
      (paper === undefined || one.paper.slug === paper) &&
      (table === undefined || one.table.id === table) &&
      (cell === undefined || one.id === cell),
  );
  if (chosen.length > 0) return chosen;
  throw new RunError(
    'invalid',
    'papers run: no cell has this paper, table and id; an id is paper.table.row.column.',
  );
}

const nameOf = ({ spec }: PlannedRun): string =>
  [
    `${spec.model} at ${spec.sequenceLength} tokens`,
    spec.protocol.variant,
    approximationName(spec.approximations),
    spec.network.name,
  ].join(', ');

/** Why a run is left out; null where it is made. */
function leftOut(run: PlannedRun, { fit, under, again = false }: PapersRunOptions): string | null {
  const { obstacle, there, memoryBytes, wallMs } = run;
  if (obstacle !== null) return obstacle;
  if (there && !again) return 'there already';
  if (under !== undefined && (wallMs ?? 0) > under * 1000) {
    return `takes longer than ${under} s: about ${formatMs(wallMs ?? 0)}`;
  }
  const free = process.availableMemory() * memoryPart;
  if (fit === true && (memoryBytes ?? 0) > free) {
    return `needs ${formatBytes(memoryBytes ?? 0)} of memory, ${formatBytes(free)} are free`;
  }
  return null;
}

async function agreed(totalMs: number, yes: boolean): Promise<boolean> {
  if (totalMs <= askAboveMs || yes) return true;
  if (!process.stdin.isTTY) {
    process.stderr.write(`  about ${formatMs(totalMs)}: give --yes for more than 10 minutes\n`);
    return false;
  }
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await lines.question(`  about ${formatMs(totalMs)}: make them? [y/N] `);
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    lines.close();
  }
}

/** One after the other; what ends otherwise than done is named at the end. */
async function makeRuns(
  session: Session,
  runs: readonly PlannedRun[],
): Promise<readonly { readonly runId: string; readonly reason: string }[]> {
  const { db } = session.connection;
  const failed: { runId: string; reason: string }[] = [];
  await session.ensureWorker((line) => process.stderr.write(`  ${line}\n`));
  const context = { db, queue: await session.queue() };
  for (const [index, run] of runs.entries()) {
    const { id } = await createRun(context, run.spec, 'cli');
    process.stderr.write(`  ${index + 1} of ${runs.length}: run ${id}, ${nameOf(run)}\n`);
    await follow(session, id, 'cancel');
    const { state, reason } = await db.run.findUniqueOrThrow({ where: { id } });
    if (state !== 'done') failed.push({ runId: id, reason: reason ?? `it is ${state}` });
    // Ctrl-C leaves the run at its end: what is made so far is found again the next time.
    if (state === 'cancelled') break;
  }
  return failed;
}

/** Exit code 1 where a run did not come to its end, or more than 10 minutes were not agreed to. */
export async function papersRunCommand(options: PapersRunOptions): Promise<number> {
  const chosen = choose(options);
  const session = await openSession();
  try {
    const { db } = session.connection;
    const planned = await planRuns(
      db,
      chosen.map(({ id }) => id),
      { sides: options.all === true || options.sideBySide === true },
    );
    const judged = planned.map((run) => ({ run, why: leftOut(run, options) }));
    const runs = toBeMade(
      judged.flatMap(({ run, why }) => (why === null ? [run] : [])),
      options.again === true,
    );
    const totalMs = sum(runs.map(({ wallMs }) => wallMs ?? 0));
    if (options.json === true) {
      console.log(
        JSON.stringify(
          judged.map(({ run, why }) => ({ ...run, leftOut: why })),
          null,
          2,
        ),
      );
    } else {
      // What lacks weights or data is only counted: cells say what.
      const lacking = judged.filter(({ run }) => run.lacksModel);
      const rows = judged
        .filter(({ run }) => !run.lacksModel)
        .map(({ run, why }): [string, string] => [
          nameOf(run),
          why ?? `${formatMs(run.wallMs ?? 0)}, ${formatBytes(run.memoryBytes ?? 0)}`,
        ]);
      if (lacking.length > 0) {
        rows.push([`${lacking.length} others`, 'need weights or data that are not here']);
      }
      if (rows.length > 0) process.stderr.write(`${formatTable(rows)}\n`);
      process.stderr.write(
        `  ${runs.length} of ${planned.length} runs to be made, about ${formatMs(totalMs)} in all\n`,
      );
    }
    if (options.dryRun === true || runs.length === 0) return exitCodes.ok;
    if (!(await agreed(totalMs, options.yes === true))) return exitCodes.failed;
    const failed = await makeRuns(session, runs);
    for (const { runId, reason } of failed) console.error(`run ${runId}: ${reason}`);
    return failed.length === 0 ? exitCodes.ok : exitCodes.failed;
  } finally {
    await session.close();
  }
}

/** As it stands in the README. */
export function reportMarkdown(papers: readonly PaperSummary[]): string {
  const line = (cells: readonly (string | number)[]): string =>
    `| ${cells.map((text) => String(text).replaceAll('|', '\\|')).join(' | ')} |`;
  const counts = papers.map(({ title, coverage }) =>
    line([
      title,
      coverage.cells,
      coverage.filled,
      `${coverage.exactVerified} of ${coverage.exactCells}`,
      ...verdictIds.map((id) => coverage.verdicts[id]),
    ]),
  );
  const claims = papers.flatMap(({ title, claims: own }) =>
    own.map(({ words, verdict, explanation }) =>
      line([title, words, claimWords[verdict], explanation]),
    ),
  );
  return [
    line([
      'paper',
      'cells',
      'with a value',
      'bytes and rounds verified',
      ...Object.values(verdictWords),
    ]),
    `|---|${'---:|'.repeat(3 + verdictIds.length)}`,
    ...counts,
    '',
    line(['paper', 'claim', 'verdict', 'why']),
    '|---|---|---|---|',
    ...claims,
  ].join('\n');
}

export async function papersReportCommand(options: {
  readonly json?: boolean;
  readonly markdown?: boolean;
}): Promise<number> {
  const session = await openSession();
  try {
    const papers = await listPapers(session.connection.db);
    if (options.json === true) console.log(JSON.stringify(papers, null, 2));
    else if (options.markdown === true) console.log(reportMarkdown(papers));
    else {
      for (const { title, coverage, claims } of papers) {
        const { cells, withRecipe, filled, exactCells, exactVerified, verdicts } = coverage;
        console.log(
          `${title}\n${formatTable([
            ['cells', `${cells}, ${withRecipe} with a recipe, ${filled} with a value`],
            [
              'bytes and rounds',
              `${exactVerified} of ${exactCells} measured, or predicted and verified`,
            ],
            ...verdictIds.map((id): [string, string] => [verdictWords[id], String(verdicts[id])]),
            ...claims.map(({ words, verdict }): [string, string] => [claimWords[verdict], words]),
          ])}`,
        );
      }
    }
    return exitCodes.ok;
  } finally {
    await session.close();
  }
}

/** Gathers the runs of cells into the file that ships. */
export async function papersShipCommand(options: {
  readonly output?: string;
  readonly json?: boolean;
}): Promise<number> {
  const session = await openSession();
  try {
    const shipped = await shipRuns(session.connection.db, options.output);
    const { runs, bytes, path } = shipped;
    console.log(
      options.json === true
        ? JSON.stringify(shipped)
        : `${runs} runs, ${formatBytes(bytes)}: ${path}`,
    );
    return exitCodes.ok;
  } finally {
    await session.close();
  }
}
