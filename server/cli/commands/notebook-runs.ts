/** Run cells of `parley notebook run`: what they cost, said before anything starts, then run where asked. */
import type { OpenRuns } from '../../api/schemas/notebook-evaluate.ts';
import { splitLists } from '../../api/schemas/sweep-of-lists.ts';
import type { Sweep } from '../../api/schemas/sweep.ts';
import { plural } from '../../api/schemas/format.ts';
import { queueMissing } from '../../notebooks/cell-runs.ts';
import type { OnStale } from '../../notebooks/run-headless.ts';
import { previewRun } from '../../runs/preview-run.ts';
import { priceSweep } from '../../runs/sweep.ts';
import { readSummary } from '../../runs/views.ts';
import { expectedText } from '../expected-text.ts';
import { follow } from '../follow.ts';
import { formatBytes, formatMs } from '../format.ts';
import type { Session } from '../session.ts';

async function priceOfCell(
  { connection: { db } }: Session,
  input: unknown,
  open: OpenRuns | undefined,
): Promise<string> {
  const { base, axes } = splitLists(input);
  if (axes.length > 0) {
    const { entries, count } = await priceSweep(db, {
      base: base as Sweep['base'],
      axes: [...axes],
    });
    const missing = entries.filter(
      ({ specHash }) => open === undefined || open.missing.includes(specHash),
    );
    const ms = missing.reduce((total, { runMs }) => total + (runMs ?? 0), 0);
    return `${missing.length} of ${plural(count, 'run')} to make, about ${formatMs(ms)} in all`;
  }
  const { latency, prediction, runMs } = await previewRun(db, input);
  const bytes =
    prediction === null ? '' : `, ${formatBytes(Math.max(...prediction.onlineBytesSent))} a party`;
  const time = latency === null ? 'not known' : expectedText(latency);
  const whole = runMs === null ? '' : `, the whole run ${formatMs(runMs)}`;
  return `${time}${bytes}${whole}`;
}

/** Only what is missing is run; true where all of it came to a result. */
export function onStale(session: Session, mayRun: boolean): OnStale {
  const say = (line: string): void => void process.stderr.write(`  ${line}\n`);
  return async (cell, input, open) => {
    const { db } = session.connection;
    const price = await priceOfCell(session, input, open);
    say(`run cell ${cell.id}: ${price}`.replaceAll('\u00a0', ' '));
    if (!mayRun) {
      say('not run; --run runs it');
      return false;
    }
    const context = { db, queue: await session.queue() };
    await session.ensureWorker(say);
    const { ids } = await queueMissing(context, input, 'cli');
    // Another may have started some of them meanwhile: those are waited for too.
    const all = [...new Set([...(open?.pending ?? []), ...ids])];
    for (const [index, id] of all.entries()) {
      say(all.length === 1 ? `run ${id}` : `run ${index + 1} of ${all.length}: ${id}`);
      if (!(await follow(session, id, 'cancel'))) return false;
      if ((await readSummary(db, id)).state !== 'done') return false;
    }
    return true;
  };
}
