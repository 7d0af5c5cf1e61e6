/** A row of the results: a run's summary and what people and the machine add to it. Browser-safe. */
import type { FigureId } from './results-import.ts';
import type { RunSummary } from './run-view.ts';

export interface Annotations {
  readonly tags: readonly string[];
  /** Markdown; empty without one. */
  readonly note: string;
  readonly starred: boolean;
  /** When somebody put it away; null while it is shown. */
  readonly archivedAt: string | null;
}

export interface ResultRow extends RunSummary, Annotations {
  /** Came with Parley, measured elsewhere. */
  readonly shipped: boolean;
  /**
   * Numbers of a run that has no headline, because it was imported; in the units of their columns.
   * Null for every other run.
   */
  readonly figures: Partial<Readonly<Record<FigureId, number>>> | null;
  /** File and row that it was imported from; null for every other run. */
  readonly importedFrom: string | null;
  /** Processor and cores; null without a result. */
  readonly machine: string | null;
  /** Engine commit; null without a result. */
  readonly commit: string | null;
}

/** What was true of a run before a bulk action, to put it back. */
export interface RunAnnotations extends Annotations {
  readonly id: string;
}
