/** What a comparison knows of a run: its summary and where it was measured. Browser-safe. */
import type { FigureId } from './results-import.ts';
import type { OperationRow, RunSummary } from './run-view.ts';

export interface ComparedRun extends RunSummary {
  /** Came with Parley, measured elsewhere. */
  readonly shipped: boolean;
  /** Processor and cores; null where the run does not say. */
  readonly machine: string | null;
  /** Engine commit; null where the run does not say. */
  readonly commit: string | null;
  /** What an imported run has in place of a headline; absent in copies frozen before there were any. */
  readonly figures?: Partial<Readonly<Record<FigureId, number>>> | null;
}

/** Whether a run has any number to compare: its own result, or figures that were imported. */
export const hasNumbers = ({ headline, figures }: ComparedRun): boolean =>
  headline !== null || (figures != null && Object.keys(figures).length > 0);

export interface NamedRun {
  readonly name: string;
  readonly run: ComparedRun;
}

/** The answer to one request for any number of runs. */
export interface ComparedRuns {
  /** In the order asked for. */
  readonly runs: readonly ComparedRun[];
  /** Asked for and not stored here. */
  readonly missing: readonly string[];
}

/** Where the time and the bytes of one run went. */
export interface RunProfile {
  readonly id: string;
  readonly operations: readonly OperationRow[];
}
