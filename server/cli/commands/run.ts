/** `parley run FILE`: queue a run, follow it, print its result. */
import type { RunDetail, RunSummary } from '../../api/schemas/run-view.ts';
import { readExpected } from '../../runs/calibration/read-expected.ts';
import { requireSpec } from '../../runs/check-spec.ts';
import { createRun } from '../../runs/create-run.ts';
import { requireSweep, sweepOfLists } from '../../runs/sweep-lists.ts';
import { readDetail } from '../../runs/views.ts';
import { expectedText } from '../expected-text.ts';
import { exitCodes } from '../exit-codes.ts';
import { follow } from '../follow.ts';
import { measuredOf } from '../measured.ts';
import { resultTable } from '../result-table.ts';
import { openSession, type Session } from '../session.ts';
import { readSpecFile } from '../spec-file.ts';

export interface RunOptions {
  /** A link that was not as asked is a failure. */
  readonly strict?: boolean;
  readonly json?: boolean;
  readonly samples?: number;
  readonly repeats?: number;
  readonly wait: boolean;
}

const json = (value: unknown): void => console.log(JSON.stringify(value, null, 2));

/** Prints what a run came to; the exit code says whether it is done. */
export function printRun(run: RunDetail, options: Pick<RunOptions, 'json' | 'strict'>): number {
  if (options.json === true) json({ ...run, ...measuredOf(run) });
  else console.log(resultTable(run));
  if (options.strict === true && run.state === 'done' && run.linkVerdict === 'not met') {
    const reasons = run.linkCheck?.reasons.join(' ') ?? '';
    console.error(`--strict: the network was not what was asked for. ${reasons}`);
    return exitCodes.failed;
  }
  return run.state === 'done' ? exitCodes.ok : exitCodes.failed;
}

function announce(session: Session, id: string): void {
  const page = session.appUrl === null ? '' : `  ${session.appUrl}/runs/${id}`;
  process.stderr.write(`  run ${id}${page}\n`);
}

/** Follows a queued run, or only says that it is queued. */
export async function waitFor(
  session: Session,
  run: RunSummary,
  options: RunOptions,
): Promise<number> {
  const { db } = session.connection;
  announce(session, run.id);
  if (!options.wait) {
    if (options.json === true) json(run);
    else console.log(run.id);
    return exitCodes.ok;
  }
  const expected = await readExpected(db, run.id);
  if (expected !== null) process.stderr.write(`  expected ${expectedText(expected)}\n`);
  const seen = await follow(session, run.id, 'cancel');
  if (!seen) return exitCodes.interrupted;
  return printRun(await readDetail(db, run.id), options);
}

/** Exit code: see exit-codes.ts. */
export async function runCommand(file: string, options: RunOptions): Promise<number> {
  const { base, axes } = sweepOfLists(await readSpecFile(file, options));
  if (axes.length > 0) {
    const { runSweep } = await import('./sweep.ts');
    return runSweep(requireSweep({ base, axes }), options);
  }
  const spec = await requireSpec(base);
  const session = await openSession();
  try {
    const context = { db: session.connection.db, queue: await session.queue() };
    if (options.wait) await session.ensureWorker((line) => process.stderr.write(`  ${line}\n`));
    return await waitFor(session, await createRun(context, spec, 'cli'), options);
  } finally {
    await session.close();
  }
}
