/** `parley run FILE` and `parley predict FILE` where fields of the file are lists: a run for each combination. */
import type { Sweep, SweepPrice } from '../../api/schemas/sweep.ts';
import type { RunSpec } from '../../api/schemas/run-spec.ts';
import { plural } from '../../api/schemas/format.ts';
import { createSweep, priceSweep } from '../../runs/sweep.ts';
import { readDetail, readSummary } from '../../runs/views.ts';
import { exitCodes } from '../exit-codes.ts';
import { follow } from '../follow.ts';
import { formatBytes, formatMs, formatTable } from '../format.ts';
import { measuredOf } from '../measured.ts';
import { openSession, type Session } from '../session.ts';
import { printRun, type RunOptions } from './run.ts';

/** What the lists vary, as one run has it. */
function choiceOf(spec: RunSpec, { axes }: Sweep): string {
  return axes
    .map(({ field }) => {
      if (field === 'network') return `network=${spec.network.name}`;
      const value = field
        .split('.')
        .reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], spec);
      return `${field}=${typeof value === 'string' ? value : JSON.stringify(value)}`;
    })
    .join(' ');
}

function priceTable(price: SweepPrice, sweep: Sweep): string {
  const rows = price.entries.map(({ spec, issues, latency, runMs, totalBytes, identicalRuns }) => {
    const what = choiceOf(spec, sweep);
    if (latency === null || runMs === null) {
      return [what, `cannot be run: ${issues.map(({ message }) => message).join(' ')}`] as const;
    }
    const before = identicalRuns > 0 ? `, ${plural(identicalRuns, 'identical run')}` : '';
    const bytes = totalBytes === null ? '' : `, ${formatBytes(totalBytes)} a batch`;
    return [
      what,
      `${formatMs(latency.onlineMs)} online (80 %: ${formatMs(latency.low80)} to ${formatMs(latency.high80)})${bytes}, whole run ${formatMs(runMs)}${before}`,
    ] as const;
  });
  const ahead = price.waitMs > 0 ? `; ${formatMs(price.waitMs)} of other runs ahead` : '';
  return `${formatTable(rows)}\n${plural(price.count, 'run')}, about ${formatMs(price.totalMs)} in all, predicted${ahead}`.replaceAll(
    '\u00a0',
    ' ',
  );
}

/** Nothing is queued; code 1 where one of the runs cannot be run. */
export async function predictSweep(sweep: Sweep, { json = false }): Promise<number> {
  const session = await openSession();
  try {
    const price = await priceSweep(session.connection.db, sweep);
    console.log(json ? JSON.stringify(price, null, 2) : priceTable(price, sweep));
    const runnable = price.entries.every(({ issues }) => issues.length === 0);
    return runnable ? exitCodes.ok : exitCodes.failed;
  } finally {
    await session.close();
  }
}

/** Follows one after the other; Ctrl-C leaves the rest in the queue. */
async function followAll(
  session: Session,
  ids: readonly string[],
  options: RunOptions,
): Promise<number> {
  const { db } = session.connection;
  let code: number = exitCodes.ok;
  for (const [index, id] of ids.entries()) {
    process.stderr.write(`  run ${index + 1} of ${ids.length}: ${id}\n`);
    if (!(await follow(session, id, 'leave'))) return exitCodes.interrupted;
    if (options.json === true) {
      if ((await readSummary(db, id)).state !== 'done') code = exitCodes.failed;
    } else if (printRun(await readDetail(db, id), options) !== exitCodes.ok)
      code = exitCodes.failed;
  }
  return code;
}

/** @throws RunError 'invalid' where one of the runs cannot be run: then none is queued */
export async function runSweep(sweep: Sweep, options: RunOptions): Promise<number> {
  const session = await openSession();
  try {
    const { db } = session.connection;
    const price = await priceSweep(db, sweep);
    process.stderr.write(`${priceTable(price, sweep)}\n`);
    const context = { db, queue: await session.queue() };
    if (options.wait) await session.ensureWorker((line) => process.stderr.write(`  ${line}\n`));
    const { tag, ids } = await createSweep(context, sweep, 'cli');
    process.stderr.write(`  tagged ${tag}\n`);
    const code = options.wait ? await followAll(session, ids, options) : exitCodes.ok;
    if (options.json === true) {
      const runs = options.wait
        ? await Promise.all(
            ids.map(async (id) => {
              const run = await readDetail(db, id);
              return { ...run, ...measuredOf(run) };
            }),
          )
        : undefined;
      console.log(JSON.stringify({ tag, ids, ...(runs === undefined ? {} : { runs }) }, null, 2));
    } else if (!options.wait) console.log(ids.join('\n'));
    return code;
  } finally {
    await session.close();
  }
}
