/** Whether a cell agrees with what is printed. Pure: values in, verdict out. */
import type { CellUnit, CellValue, ReasonId, Tolerance, VerdictId } from '../api/schemas/papers.ts';

export interface Judged {
  readonly verdict: VerdictId;
  readonly reason: ReasonId | null;
  readonly explanation: string;
}

export interface Evidence {
  readonly reported: number | null;
  readonly unit: CellUnit;
  readonly tolerance: Tolerance;
  readonly result: CellValue | null;
  /** Whether a run has shown predictions of this family to be exact. */
  readonly isVerified: boolean;
  /** Seconds: the table's other method as printed, and the ratio to it found here. */
  readonly reference: { readonly reported: number; readonly ratio: number } | null;
  /** Why nothing here can fill the cell; null where something can. */
  readonly obstacle: string | null;
  readonly difference: { readonly reason: ReasonId; readonly words: string } | null;
}

const agrees = (verdict: VerdictId, explanation: string): Judged => ({
  verdict,
  reason: null,
  explanation,
});

/** A factor and its inverse are as far from 1. */
const factorOf = (ratio: number): number => Math.max(ratio, 1 / ratio);

const differs = (evidence: Evidence, reason: ReasonId, words: string): Judged => ({
  verdict: 'differs',
  reason: evidence.difference?.reason ?? reason,
  explanation: evidence.difference?.words ?? words,
});

/** What the cell comes to. @returns `notRun` or `notTestable` while nothing fills it */
export function judge(evidence: Evidence): Judged {
  const { reported, result, tolerance, obstacle } = evidence;
  if (result === null) {
    return obstacle === null
      ? agrees('notRun', 'No run with the engine of now has come to its end.')
      : agrees('notTestable', obstacle);
  }
  if (reported === null) return agrees('predictedOnly', 'Nothing is printed to compare with.');
  if (tolerance.class === 'exact') return judgeExact(evidence, result.value / reported);
  if (tolerance.class === 'statistical') return judgeStatistical(evidence, result, reported);
  return evidence.unit === 'x'
    ? judgeSpeedUp(evidence, result.value, reported)
    : judgeSeconds(evidence, reported);
}

function judgeExact(evidence: Evidence, ratio: number): Judged {
  const { tolerance, isVerified, result } = evidence;
  if (result?.provenance === 'predicted' && !isVerified) {
    return agrees(
      'predictedOnly',
      "The engine's message schedule says so; no run of the same family has confirmed it yet.",
    );
  }
  const off = factorOf(ratio) - 1;
  if (off <= tolerance.reproduced) return agrees('reproduced', 'Equal within 1 %.');
  if (off <= tolerance.within) return agrees('withinTolerance', 'Equal within 5 %.');
  return differs(evidence, 'unknown', 'Further off than any reading of the unit explains.');
}

function judgeStatistical(evidence: Evidence, result: CellValue, reported: number): Judged {
  const { tolerance, unit } = evidence;
  // Points of percent where the unit is percent, else of the 0 to 1 scale.
  const scale = unit === '%' ? 100 : 1;
  const { low, high } = result;
  if (low === null || high === null) {
    return agrees(
      'withinTolerance',
      'Measured without an interval: it neither confirms nor denies.',
    );
  }
  if (reported < low || reported > high) {
    return differs(evidence, 'datasetSubset', 'The printed value is outside of the 95 % interval.');
  }
  const half = (high - low) / 2 / scale;
  return half <= tolerance.reproduced
    ? agrees('reproduced', 'The 95 % interval holds the printed value.')
    : agrees(
        'withinTolerance',
        'The 95 % interval holds the printed value, and is too wide to confirm it.',
      );
}

function judgeSpeedUp(evidence: Evidence, found: number, reported: number): Judged {
  const { tolerance } = evidence;
  if (found > 1 !== reported > 1 && reported !== 1) {
    return differs(evidence, 'hardware', 'Here the other method is the faster one.');
  }
  const off = factorOf(found / reported) - 1;
  if (off <= tolerance.reproduced) return agrees('reproduced', 'The same up to a factor of 1.1.');
  if (off <= tolerance.within) {
    return agrees('withinTolerance', 'The same order, and the same up to a factor of 1.5.');
  }
  return differs(
    evidence,
    'hardware',
    'The same method is faster, by another factor: the share of computing is another on this machine.',
  );
}

function judgeSeconds(evidence: Evidence, reported: number): Judged {
  const { reference, tolerance } = evidence;
  if (reference === null) {
    return differs(
      evidence,
      'hardware',
      'Seconds of another machine; only ratios travel, and the method to compare with has not run.',
    );
  }
  const printed = reported / reference.reported;
  const here = reference.ratio;
  const sameOrder = printed === 1 || here > 1 === printed > 1;
  const off = factorOf(here / printed) - 1;
  if (sameOrder && off <= tolerance.within) {
    return agrees('withinTolerance', 'The same order, and the same ratio up to a factor of 1.5.');
  }
  return differs(
    evidence,
    'hardware',
    sameOrder
      ? 'The same order of methods, with another ratio.'
      : 'The other order of methods than printed.',
  );
}
