/**
 * Rates: how long this machine takes for one unit of each operation of a variant. Fitted to traces of
 * small inferences (measure-rates.ts); applied to the work of any plan.
 */
import { z } from 'zod';
import type { TraceRow } from '../../engine/trace.ts';
import type { OperationWork, Work } from './work.ts';

const variantRatesSchema = z.object({
  /** Milliseconds per unit, by operation. */
  perUnit: z.record(z.string(), z.number()),
  /** Milliseconds of computing per round of any operation, however small: framing, scheduling. */
  perRound: z.number(),
  /** Milliseconds per byte sent, for operations that were not measured. */
  perByte: z.number(),
  /** Milliseconds of local computing per element that any operation puts out. */
  perElement: z.number(),
  /** Milliseconds per byte that a dealer makes and sends; 0 without one. */
  perDealerByte: z.number(),
});
export const ratesSchema = z.record(z.string(), variantRatesSchema);
export type VariantRates = z.infer<typeof variantRatesSchema>;
export type Rates = z.infer<typeof ratesSchema>;

/**
 * Of one core of a server of 2023 with the native kernels, while this machine has not been measured:
 * the order of magnitude, which the first runs correct.
 */
export const builtInRates: VariantRates = {
  perUnit: { matmul: 2e-7, matmulTruncate: 2e-7 },
  perRound: 0.05,
  perByte: 4e-6,
  perElement: 2e-5,
  perDealerByte: 8e-6,
};

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

function middle(values: readonly number[], otherwise: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? otherwise;
}

/** Below this many elements a call costs what its rounds cost. */
const smallCall = 512;

/**
 * Rates of one variant, from what its parties booked for work that is known.
 * @param rows online rows of one inference's traces, of all parties
 * @param offlineMs wall time of the dealer for `work.dealerBytes`
 */
export function fitRates(
  runs: readonly {
    readonly work: Work;
    readonly rows: readonly TraceRow[];
    readonly offlineMs: number;
  }[],
): VariantRates {
  const all = runs.flatMap(({ rows, work }) =>
    rows.map((row) => ({
      ...row,
      parties: work.parties,
      rounds: work.roundsAt.get(`${row.path} ${row.op}`) ?? 0,
    })),
  );
  const talking = all.filter(({ op }) => op !== 'local');
  const perRound = middle(
    talking
      .filter(({ calls, elements, rounds }) => rounds > 0 && elements / calls < smallCall)
      .map(({ computeMs, rounds }) => computeMs / rounds),
    builtInRates.perRound,
  );
  const worked = new Map<string, OperationWork>();
  for (const { work } of runs) {
    for (const [op, { rounds, units, bytes }] of work.operations) {
      const before = worked.get(op) ?? { rounds: 0, units: 0, bytes: 0 };
      worked.set(op, {
        rounds: before.rounds + rounds,
        units: before.units + units,
        bytes: before.bytes + bytes,
      });
    }
  }
  const perUnit: Record<string, number> = {};
  let bytes = 0;
  let overMs = 0;
  for (const [op, total] of worked) {
    const ms = sum(
      talking.filter((row) => row.op === op).map(({ computeMs, parties }) => computeMs / parties),
    );
    const rest = Math.max(0, ms - perRound * total.rounds);
    if (total.units > 0) perUnit[op] = rest / total.units;
    if (op.startsWith('matmul')) continue;
    bytes += total.bytes;
    overMs += rest;
  }
  const local = sum(
    all.filter(({ op }) => op === 'local').map(({ computeMs, parties }) => computeMs / parties),
  );
  const elements = sum(runs.map(({ work }) => work.elements));
  const dealt = sum(runs.map(({ work }) => work.dealerBytes));
  return {
    perUnit,
    perRound,
    perByte: bytes > 0 ? overMs / bytes : builtInRates.perByte,
    perElement: elements > 0 ? local / elements : builtInRates.perElement,
    perDealerByte: dealt > 0 ? sum(runs.map(({ offlineMs }) => offlineMs)) / dealt : 0,
  };
}

/** Milliseconds in which one party with a core of its own computes one batch online. */
export function computeMsOf(work: Work, rates: VariantRates): number {
  let ms = work.elements * rates.perElement;
  for (const [op, { rounds, units, bytes }] of work.operations) {
    const rate = rates.perUnit[op];
    ms += rounds * rates.perRound + (rate === undefined ? bytes * rates.perByte : units * rate);
  }
  return ms;
}
