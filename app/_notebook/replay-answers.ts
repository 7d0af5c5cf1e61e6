/** What-ifs and timelines of a notebook, replayed in a worker of this browser. */
import type { Answered, Question } from '../../server/api/schemas/notebook-evaluate.ts';
import {
  timelineTable,
  whatIfRow,
  whatIfTable,
} from '../../server/api/schemas/notebook-run-charts.ts';
import type { DataTable } from '../../server/api/schemas/notebook-table.ts';
import type { ReplayFile } from '../../server/network/replay/replay-file.ts';
import { openReplayer, type Replayer } from '../_replay/backend.ts';

export type ReplayQuestion = Extract<Question, { kind: 'whatif' | 'timeline' }>;
/** A run's recording; null where there is none. */
export type ReadReplay = (id: string) => Promise<ReplayFile | null>;

let replayer: Replayer | null = null;
const known = new Map<string, boolean>();

/** Whether the run has a recording, which the worker then knows. What a run left does not change. */
async function learnt(worker: Replayer, id: string, read: ReadReplay): Promise<boolean> {
  const before = known.get(id);
  if (before !== undefined) return before;
  const file = await read(id);
  if (file !== null) worker.learn(id, file);
  known.set(id, file !== null);
  return file !== null;
}

async function tableFor(question: ReplayQuestion, read: ReadReplay): Promise<DataTable> {
  replayer ??= openReplayer();
  const worker = replayer;
  if (question.kind === 'timeline') {
    const { run } = question;
    if (!(await learnt(worker, run.id, read)))
      throw new Error(`run ${run.id} has no recording, or was deleted.`);
    return timelineTable(run, await worker.ask({ kind: 'lanes', run: run.id }));
  }
  const { runs, rttMs, bitsPerSecond } = question;
  const point = { rttMs, bitsPerSecond };
  const recorded = await Promise.all(runs.map(({ id }) => learnt(worker, id, read)));
  const ids = runs.flatMap(({ id }, index) => (recorded[index] === true ? [id] : []));
  const numbers = await worker.ask({ kind: 'numbers', runs: ids, point });
  const of = new Map(ids.map((id, index) => [id, numbers[index]]));
  return whatIfTable(runs.map((run) => whatIfRow(run, of.get(run.id) ?? null, point)));
}

/** Never throws: what is wrong is the cell's error. */
export async function replayAnswer(question: ReplayQuestion, read: ReadReplay): Promise<Answered> {
  try {
    return { status: 'ok', value: { kind: 'table', table: await tableFor(question, read) } };
  } catch (error) {
    return { status: 'error', message: error instanceof Error ? error.message : String(error) };
  }
}
