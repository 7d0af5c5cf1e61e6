/** What every operation costs on every variant: declared now, measured as shipped, published by papers. */
import type { PublishedComparison } from '../../../engine/cost/compare-published.ts';
import type { OperationTableRow } from '../../../engine/cost/operation-table.ts';
import { readOperationTable } from '../../../costs/shipped-measurements.ts';
import { procedure } from '../../trpc.ts';

export type { PublishedComparison };

/** One form of an operation on one variant. Bytes are payload, of the operands in `shape`. */
export interface OperationCostRow {
  readonly op: string;
  readonly form: string;
  readonly variant: string;
  /** What is computed, in one line. */
  readonly title: string;
  /** Whose function it is. */
  readonly source: string;
  readonly shape: string;
  /** Numbers in the first operand; null for products of matrices, whose cost has no such unit. */
  readonly elements: number | null;
  readonly fractionBits: number;
  /** In program order, and with independent work side by side. */
  readonly rounds: number;
  readonly roundsOverlapped: number;
  /** Online, the busiest party. */
  readonly bytesSentPerParty: number;
  /** Online, all parties. */
  readonly bytesSentTotal: number;
  /** Offline. */
  readonly dealerBytes: number;
  /** Null where nobody has measured it; else whether every link and round was as declared. */
  readonly measuredEqual: boolean | null;
  readonly published: readonly PublishedComparison[];
}

export interface OperationCosts {
  readonly rows: readonly OperationCostRow[];
  /** Where and when the shipped measurement was taken. */
  readonly environment: Readonly<Record<string, string>>;
}

export const operations = procedure.query(async (): Promise<OperationCosts> => {
  const { rows, environment } = await readOperationTable();
  return { rows: rows.map(rowOf), environment };
});

function rowOf(row: OperationTableRow): OperationCostRow {
  const { op, form, variant, title, source, shape, declared, agrees, published } = row;
  const first = shape.split(',')[0] ?? '';
  const elements = first.split('x').reduce((product, size) => product * Number(size), 1);
  return {
    op,
    form,
    variant,
    title,
    source,
    shape,
    elements: shape.includes(',') ? null : elements,
    fractionBits: declared.fractionBits,
    rounds: declared.rounds,
    roundsOverlapped: declared.roundsOverlapped,
    bytesSentPerParty: declared.bytesSentPerParty,
    bytesSentTotal: declared.bytesSentTotal,
    dealerBytes: declared.dealerBytes,
    measuredEqual: agrees,
    published,
  };
}
