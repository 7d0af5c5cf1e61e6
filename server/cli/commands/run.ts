/** `parley run FILE`: queue a run, follow it, print its result. */
import { lateNote } from '../../api/schemas/late-frames.ts';
import type { Headline, RunDetail, RunEvent } from '../../api/schemas/run-view.ts';
import { warningTexts } from '../../api/schemas/warnings.ts';
import { createRun } from '../../runs/create-run.ts';
import { requireSpec } from '../../runs/check-spec.ts';
import { followEvents } from '../../runs/events.ts';
import { closeListener } from '../../runs/events.ts';
import { requestCancel } from '../../runs/lifecycle.ts';
import { readDetail } from '../../runs/views.ts';
import {
  formatBytes,
  formatMedian,
  formatMs,
  formatProportion,
  formatTable,
  sum,
} from '../format.ts';
import { measuredOf } from '../measured.ts';
import { openSession, type Session } from '../session.ts';
import { readSpecFile } from '../spec-file.ts';

export interface RunOptions {
  /** A link that was not as asked is a failure. */
  readonly strict?: boolean;
  readonly json?: boolean;
  readonly samples?: number;
  readonly wait: boolean;
}

/** Progress goes to stderr, so that `--json` can be piped; on a terminal one line is rewritten. */
class ProgressLines {
  readonly #terminal = process.stderr.isTTY;
  #lastState = '';

  show({ kind, state, fraction, etaMs, message, inference }: RunEvent): void {
    if (kind === 'progress') {
      if (!this.#terminal || fraction === null) return;
      const where =
        inference === null ? '' : `, inference ${inference.index + 1} of ${inference.of}`;
      const left = etaMs === null ? '' : `, ${formatMs(etaMs)} left`;
      process.stderr.write(`\r\u001B[K  ${state} ${(100 * fraction).toFixed(0)} %${where}${left}`);
      return;
    }
    if (this.#terminal) process.stderr.write('\r\u001B[K');
    if (kind === 'state' && state !== this.#lastState) process.stderr.write(`  ${state}\n`);
    if (message !== null) process.stderr.write(`  ${message}\n`);
    this.#lastState = state;
  }
}

/** What the outputs are worth: an accuracy, or for random weights only how near they are to the clear twin's. */
function outputRows(headline: Headline): (readonly [string, string])[] {
  const { accuracy, disagreement, maxLogitError, meanLogitError } = headline;
  if (accuracy === null || disagreement === null) {
    const digits = (value: number | null): string => value?.toPrecision(2) ?? 'unknown';
    const difference = `largest ${digits(maxLogitError.protocol)}, mean ${digits(meanLogitError)}`;
    return [['outputs, secure - clear', difference]];
  }
  return [
    ['accuracy, secure', formatProportion(accuracy.secure)],
    ['accuracy, clear', formatProportion(accuracy.clear)],
    ['accuracy, plaintext', formatProportion(accuracy.plaintext)],
    [
      'labels that differ',
      `${disagreement.withPlaintext} from plaintext, ${disagreement.withClear} from clear`,
    ],
  ];
}

function resultTable(run: RunDetail): string {
  const { headline } = run;
  const head: (readonly [string, string])[] = [
    ['run', run.id],
    ['state', run.reason === null ? run.state : `${run.state}: ${run.reason}`],
    ...run.warnings.map((warning): [string, string] => [
      warning === 'randomWeights' ? 'NOTE' : 'WARNING',
      warningTexts[warning],
    ]),
  ];
  if (headline === null) return formatTable(head);
  const { onlineBytesSent, offlineBytesSent, rounds } = headline;
  const offlineBytes = sum(offlineBytesSent) + headline.dealerBytes;
  const late = lateNote(run);
  const verdict = run.linkVerdict === 'met' ? 'as asked' : 'NOT as asked, see the run page';
  const predicted =
    run.prediction?.agrees === true
      ? 'as computed before the run'
      : 'NOT as computed before the run';
  return formatTable([
    ...head,
    ...outputRows(headline),
    ['online, one batch', formatMedian(headline.onlineMs)],
    ['online, one sample', formatMedian(headline.onlineMsPerSample)],
    ...(headline.correlations !== 'dealer'
      ? []
      : ([
          ['offline, one batch', formatMedian(headline.offlineMs)],
          ['both, one batch', formatMedian(headline.totalMs)],
        ] as const)),
    [
      'bytes sent, one batch',
      `${onlineBytesSent.map(formatBytes).join(' + ')} online, ${formatBytes(offlineBytes)} offline`,
    ],
    ['rounds, one batch', `${rounds}, ${predicted}`],
    ['setup', `${formatMs(headline.setupMs)}, ${formatBytes(headline.setupBytes)}`],
    ['memory, at most', formatBytes(headline.peakRssBytes)],
    ['link', verdict],
    ...(late === null ? [] : [['late frames', late] as const]),
  ]);
}

/** Follows the run to its end; Ctrl-C cancels it first and leaves at the second time. */
async function follow(session: Session, id: string): Promise<void> {
  const stop = new AbortController();
  let asked = false;
  const interrupt = (): void => {
    if (asked) stop.abort();
    asked = true;
    requestCancel(session.connection.db, id).catch(() => stop.abort());
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  const lines = new ProgressLines();
  try {
    for await (const event of followEvents(session.connection, id, 0, stop.signal))
      lines.show(event);
  } finally {
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
    await closeListener();
  }
}

/**
 * Exit code: 0 when the run is done (or queued, with --no-wait), else 1; with `--strict` also 1 when its
 * link was not as asked.
 */
export async function runCommand(file: string, options: RunOptions): Promise<number> {
  const spec = await requireSpec(await readSpecFile(file, options.samples));
  const session = await openSession();
  try {
    const context = { db: session.connection.db, queue: await session.queue() };
    if (options.wait) await session.ensureWorker((line) => process.stderr.write(`  ${line}\n`));
    const { id } = await createRun(context, spec, 'cli');
    const page = session.appUrl === null ? '' : `  ${session.appUrl}/runs/${id}`;
    process.stderr.write(`  run ${id}${page}\n`);
    if (!options.wait) {
      console.log(id);
      return 0;
    }
    await follow(session, id);
    const run = await readDetail(session.connection.db, id);
    const all = { ...run, ...measuredOf(run) };
    console.log(options.json === true ? JSON.stringify(all, null, 2) : resultTable(run));
    if (options.strict === true && run.state === 'done' && run.linkVerdict === 'not met') {
      const reasons = run.linkCheck?.reasons.join(' ') ?? '';
      console.error(`--strict: the network was not what was asked for. ${reasons}`);
      return 1;
    }
    return run.state === 'done' ? 0 : 1;
  } finally {
    await session.close();
  }
}
