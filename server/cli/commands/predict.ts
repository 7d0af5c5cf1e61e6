/** `parley predict FILE` and `parley calibration`: what a run will take, and how good such words were. */
import type { CalibrationView, InOrderScore } from '../../api/schemas/latency.ts';
import { formatProportion, formatRatio } from '../../api/schemas/format.ts';
import { calibrateNow } from '../../runs/calibration/calibrate.ts';
import { predictLatency } from '../../runs/calibration/predict-latency.ts';
import { readScore } from '../../runs/calibration/read-score.ts';
import { scoreInOrder } from '../../runs/calibration/score-in-order.ts';
import { requireSpec } from '../../runs/check-spec.ts';
import { requireSweep, sweepOfLists } from '../../runs/sweep-lists.ts';
import { basisText } from '../expected-text.ts';
import { exitCodes } from '../exit-codes.ts';
import { formatMs, formatTable } from '../format.ts';
import { openSession } from '../session.ts';
import { readSpecFile, type SpecChanges } from '../spec-file.ts';

/** @throws RunError 'invalid' for a spec that cannot be run here */
export async function predictCommand(
  file: string,
  options: SpecChanges & { readonly json?: boolean },
): Promise<number> {
  const { base, axes } = sweepOfLists(await readSpecFile(file, options));
  if (axes.length > 0) {
    const { predictSweep } = await import('./sweep.ts');
    return predictSweep(requireSweep({ base, axes }), options);
  }
  const spec = await requireSpec(base);
  const session = await openSession();
  try {
    const latency = await predictLatency(session.connection.db, spec);
    if (options.json === true) {
      console.log(JSON.stringify(latency, null, 2));
      return exitCodes.ok;
    }
    const { onlineMs, offlineMs, low80, high80, basis } = latency;
    console.log(
      formatTable([
        ['online, one batch', formatMs(onlineMs)],
        ['80 % interval', `${formatMs(low80)} to ${formatMs(high80)}`],
        ...(offlineMs > 0 ? [['offline, one batch', formatMs(offlineMs)] as const] : []),
        ['predicted', basisText(basis)],
      ]),
    );
    return exitCodes.ok;
  } finally {
    await session.close();
  }
}

function scoreTable({ groups, unjudged, rates }: CalibrationView): string {
  const rows = groups.map(({ variant, inside, ratio }): [string, string] => [
    variant ?? 'all',
    inside === null
      ? 'no judged run'
      : `${formatProportion(inside).replaceAll('\u00a0', ' ')} inside of the 80 % interval, measured / expected ${ratio === null ? 'unknown' : formatRatio(ratio)}`,
  ]);
  return formatTable([
    ...rows,
    ['not judged', `${unjudged} runs without an expectation`],
    [
      'rates',
      rates === null
        ? 'built in; parley calibration --measure measures this machine'
        : `${rates.machine}, engine ${rates.commit}, ${rates.takenAt}`,
    ],
  ]);
}

function inOrderTable({ groups, mostJudged }: InOrderScore): string {
  if (groups.length === 0) return 'No finished run is stored: nothing to foretell.';
  const rows = groups.map(({ shipped, machine, inside, taught, ratio }): [string, string] => [
    `${shipped ? 'shipped' : 'this installation'}, ${machine}`,
    `${formatProportion(inside).replaceAll('\u00a0', ' ')} inside of the 80 % interval, ${taught} of them after a run of the variant, measured / expected ${formatRatio(ratio)}`,
  ]);
  return formatTable([
    ...rows,
    [
      'how',
      `each from the runs that had ended before it, the newest ${mostJudged} of a machine at most; what would have been said, not what was`,
    ],
  ]);
}

/** The numbers of /learn/calibration; with `measure` this machine's rates are measured first. */
export async function calibrationCommand(options: {
  readonly json?: boolean;
  readonly measure?: boolean;
  /** Of all stored runs, what would have been said of them. */
  readonly inOrder?: boolean;
}): Promise<number> {
  const session = await openSession();
  try {
    const { db } = session.connection;
    if (options.measure === true) {
      const tookMs = await calibrateNow(db);
      process.stderr.write(`  measured this machine's rates in ${formatMs(tookMs)}\n`);
    }
    if (options.inOrder === true) {
      const inOrder = await scoreInOrder(db);
      console.log(options.json === true ? JSON.stringify(inOrder, null, 2) : inOrderTable(inOrder));
      return exitCodes.ok;
    }
    const score = await readScore(db);
    console.log(options.json === true ? JSON.stringify(score, null, 2) : scoreTable(score));
    return exitCodes.ok;
  } finally {
    await session.close();
  }
}
