/** All operations of a run as a CSV: a line for each place, operation and phase, units in the names. */
import type { RunDetail } from '../../../server/api/schemas/run-view.ts';
import { toCsv, type ChartTableModel } from '../../_charts/chart.ts';
import { largest } from '../../_lib/statistics.ts';
import { bytesOf, declaredOf, roundsOf } from './tree.ts';

const names = [
  'path',
  'operation',
  'phase',
  'calls',
  'elements',
  'compute_ms',
  'network_wait_ms',
  'sent_bytes_all',
  'sent_bytes_busiest_party',
  'declared_bytes_all',
  'declared_equal',
  'declared_rounds_not_overlapped',
  'peak_resident_bytes_one_party',
  'place_max_error',
] as const;

export function operationsTable({
  operations,
  prediction,
  placeErrors = [],
}: RunDetail): ChartTableModel {
  const errors = new Map(placeErrors.map(({ path, maxError }) => [path, maxError]));
  return {
    columns: names.map((key) => ({ key, header: key })),
    rows: operations.map((row) => {
      const declared = declaredOf(row);
      const bytes = bytesOf(row);
      return {
        path: row.path,
        operation: row.op,
        phase: row.phase,
        calls: row.calls,
        elements: row.elements,
        compute_ms: row.computeMs,
        network_wait_ms: row.waitMs,
        sent_bytes_all: bytes,
        sent_bytes_busiest_party: largest(row.bytesSent),
        declared_bytes_all: declared,
        declared_equal: declared === null ? null : String(declared === bytes),
        declared_rounds_not_overlapped: roundsOf(row, prediction),
        peak_resident_bytes_one_party: row.peakRssBytes ?? null,
        place_max_error: row.phase === 'online' ? (errors.get(row.path) ?? null) : null,
      };
    }),
  };
}

export const operationsCsv = (run: RunDetail): string => toCsv(operationsTable(run));
