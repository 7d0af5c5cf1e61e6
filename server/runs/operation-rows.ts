/** From the traces of one kind of inference to the rows of its operations: bytes, times, memory. Pure. */
import type { OperationRow } from '../api/schemas/run-view.ts';
import type { CostReport } from '../engine/cost/report.ts';
import type { PartyTrace, TraceRow } from '../engine/trace.ts';

const sum = (values: readonly number[]): number =>
  values.reduce((total, value) => total + value, 0);
const largest = (values: readonly number[]): number => values.reduce((a, b) => Math.max(a, b), 0);

/** The traces of one inference, or of the setup. */
export interface Inference {
  readonly parties: readonly PartyTrace[];
  readonly dealer: PartyTrace | null;
}

export const allOf = ({ parties, dealer }: Inference): readonly PartyTrace[] =>
  dealer === null ? parties : [...parties, dealer];

const rowKey = ({ phase, path, op }: Pick<TraceRow, 'phase' | 'path' | 'op'>): string =>
  `${phase}|${path}|${op}`;

/** Payload bytes of a row to everybody but the owner. */
const bytesToParties = (row: TraceRow): number =>
  sum(
    Object.entries(row.bytesSentTo).map(([peer, bytes]) => (peer === 'owner' ? 0 : (bytes ?? 0))),
  );

/**
 * Online rows of the party that took longest. All of one party: the largest over parties, row by row and
 * computing and waiting apart, would add up to more than the inference took, as one computes while
 * another waits for it.
 */
function slowestOnline({ parties }: Inference): readonly TraceRow[] {
  const online = parties.map(({ rows }) => rows.filter(({ phase }) => phase === 'online'));
  const tookMs = online.map((rows) => sum(rows.map(({ computeMs, waitMs }) => computeMs + waitMs)));
  return online[tookMs.indexOf(largest(tookMs))] ?? [];
}

/** Mean over inferences by row: online of the slowest party, in other phases the largest over roles. */
function meanOfSlowest(
  inferences: readonly Inference[],
  value: (row: TraceRow) => number,
): Map<string, number> {
  const totals = new Map<string, number>();
  for (const inference of inferences) {
    const worst = new Map<string, number>();
    const others = allOf(inference).flatMap(({ rows }) =>
      rows.filter(({ phase }) => phase !== 'online'),
    );
    for (const row of [...slowestOnline(inference), ...others]) {
      const key = rowKey(row);
      worst.set(key, Math.max(worst.get(key) ?? 0, value(row)));
    }
    for (const [key, ms] of worst) totals.set(key, (totals.get(key) ?? 0) + ms);
  }
  return new Map([...totals].map(([key, total]) => [key, total / inferences.length]));
}

/** Largest memory seen of a party in this row. */
function peakOf(inferences: readonly Inference[], key: string): { peakRssBytes?: number } {
  const seen = inferences.flatMap(({ parties }) =>
    parties.flatMap(({ rows }) =>
      rows.flatMap((row) =>
        row.peakRssBytes !== undefined && rowKey(row) === key ? [row.peakRssBytes] : [],
      ),
    ),
  );
  return seen.length === 0 ? {} : { peakRssBytes: largest(seen) };
}

/** Rows of one kind of inference (the setup, or the full batches), in order of first appearance. */
export function operationRows(
  inferences: readonly Inference[],
  cost: CostReport | null,
): OperationRow[] {
  const [first] = inferences;
  if (first === undefined) return [];
  const predicted = new Map(cost?.rows.map((row) => [`${row.path}|${row.op}`, row]));
  const computeMs = meanOfSlowest(inferences, (row) => row.computeMs);
  const waitMs = meanOfSlowest(inferences, (row) => row.waitMs);
  const rows = new Map<string, OperationRow>();
  for (const row of allOf(first).flatMap(({ rows }) => rows)) {
    const key = rowKey(row);
    if (rows.has(key)) continue;
    const { path, op, phase } = row;
    const ownRows = (trace: PartyTrace) => trace.rows.filter((other) => rowKey(other) === key);
    const own = first.parties.map(ownRows);
    const dealt = first.dealer === null ? [] : ownRows(first.dealer);
    const all = [...own, dealt];
    const price = predicted.get(`${path}|${op}`);
    rows.set(key, {
      path,
      op,
      phase,
      calls: largest(all.map((mine) => sum(mine.map(({ calls }) => calls)))),
      elements: largest(all.map((mine) => sum(mine.map(({ elements }) => elements)))),
      bytesSent: own.map((mine) => sum(mine.map(bytesToParties))),
      predictedBytesSent: (phase === 'online' ? price?.bytesSent : undefined) ?? null,
      dealerBytes: sum(dealt.map(bytesToParties)),
      predictedDealerBytes: (phase === 'offline' ? price?.dealerBytes : undefined) ?? null,
      computeMs: computeMs.get(key) ?? 0,
      waitMs: waitMs.get(key) ?? 0,
      ...peakOf(inferences, key),
    });
  }
  return [...rows.values()];
}
