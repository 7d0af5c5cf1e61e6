/** `parley queue`: what runs and what waits; cancel and retry. */
import { activeStates } from '../../runs/active-states.ts';
import { requestCancel } from '../../runs/lifecycle.ts';
import { retryRun } from '../../runs/retry-run.ts';
import { moveInQueue } from '../../runs/move-in-queue.ts';
import { readSystemStatus } from '../../runs/system-status.ts';
import { listWaiting } from '../../runs/turns.ts';
import { listRuns } from '../../runs/views.ts';
import type { RunPriority, RunSummary } from '../../api/schemas/run-view.ts';
import { exitCodes } from '../exit-codes.ts';
import { formatTable } from '../format.ts';
import { openSession } from '../session.ts';
import { waitFor, type RunOptions } from './run.ts';

const mostListed = 200;

const words = ({ state, spec, createdAt }: RunSummary): string =>
  `${state.padEnd(9)}  ${spec.model} on ${spec.protocol.variant}, ${spec.network.name}, ${createdAt}`;

/** Running ones first, then those that wait, the next one first. */
export async function queueCommand({ json = false }: { json?: boolean }): Promise<number> {
  const session = await openSession();
  try {
    const { db } = session.connection;
    const [status, running, queued] = await Promise.all([
      readSystemStatus(db),
      listRuns(db, { states: [...activeStates] }, mostListed),
      listWaiting(db, mostListed),
    ]);
    const runs = [...running.runs.toReversed(), ...queued];
    if (json) {
      const { workers } = status;
      const counts = { running: status.running, queued: status.queued };
      console.log(JSON.stringify({ workers, ...counts, runs }, null, 2));
      return exitCodes.ok;
    }
    console.log(
      `${status.workers} ${status.workers === 1 ? 'worker' : 'workers'}, ${status.running} running, ${status.queued} waiting`,
    );
    if (runs.length > 0) console.log(formatTable(runs.map((run) => [run.id, words(run)])));
    return exitCodes.ok;
  } finally {
    await session.close();
  }
}

/** @throws RunError 'notFound', or 'conflict' when it has ended */
export async function cancelCommand(
  id: string,
  { json = false }: { json?: boolean },
): Promise<number> {
  const session = await openSession();
  try {
    const state = await requestCancel(session.connection.db, id);
    const said = state === 'cancelled' ? 'cancelled' : 'ends within a second';
    console.log(json ? JSON.stringify({ id, state }) : `${id} ${said}`);
    return exitCodes.ok;
  } finally {
    await session.close();
  }
}

/** @throws RunError 'notFound', or 'conflict' for a run that no longer waits */
export async function priorityCommand(
  id: string,
  priority: RunPriority,
  { json = false }: { json?: boolean },
): Promise<number> {
  const session = await openSession();
  try {
    const context = { db: session.connection.db, queue: await session.queue() };
    await moveInQueue(context, id, priority);
    console.log(json ? JSON.stringify({ id, priority }) : `${id} waits with ${priority} priority`);
    return exitCodes.ok;
  } finally {
    await session.close();
  }
}

/** The same spec once more. @throws RunError 'notFound', or 'conflict' before it has ended */
export async function retryCommand(id: string, options: RunOptions): Promise<number> {
  const session = await openSession();
  try {
    const context = { db: session.connection.db, queue: await session.queue() };
    if (options.wait) await session.ensureWorker((line) => process.stderr.write(`  ${line}\n`));
    return await waitFor(session, await retryRun(context, id, 'cli'), options);
  } finally {
    await session.close();
  }
}
