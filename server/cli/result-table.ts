/** What a run measured as rows of label and text, for the end of `parley run` and `parley watch`. */
import { lateNote } from '../api/schemas/late-frames.ts';
import type { Headline, RunDetail } from '../api/schemas/run-view.ts';
import { isNote, warningTexts } from '../api/schemas/warnings.ts';
import { mostResidual } from '../network/replay/residual.ts';
import {
  formatBytes,
  formatMedian,
  formatMs,
  formatProportion,
  formatTable,
  sum,
} from './format.ts';

/** What the outputs are worth: an accuracy, or for random weights only how near they are to the clear twin's. */
function outputRows(headline: Headline): (readonly [string, string])[] {
  const { accuracy, disagreement, maxLogitError, meanLogitError } = headline;
  if (accuracy === null || disagreement === null) {
    if (maxLogitError.protocol === null)
      return [['outputs', 'mean nothing, compared with nothing']];
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

/**
 * Where too many frames were late, what was measured is this machine's time; the link's is the
 * replayed one, if the replay can tell.
 */
function onlineRows(
  { onlineMs, replayed }: Headline,
  late: boolean,
): (readonly [string, string])[] {
  if (!late) return [['online, one batch', formatMedian(onlineMs)]];
  const own = ['online, one batch, on this machine', formatMedian(onlineMs)] as const;
  if (replayed === null || replayed === undefined || Math.abs(replayed.share) > mostResidual) {
    return [own];
  }
  const told = `${formatMs(replayed.onlineMs)}, replayed, n = ${replayed.n}`;
  return [['online, one batch, on the asked link', told], own];
}

export function resultTable(run: RunDetail): string {
  const { headline } = run;
  const head: (readonly [string, string])[] = [
    ['run', run.id],
    ['state', run.reason === null ? run.state : `${run.state}: ${run.reason}`],
    ...run.warnings.map((warning): [string, string] => [
      isNote(warning) ? 'NOTE' : 'WARNING',
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
    ...onlineRows(headline, late !== null),
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
