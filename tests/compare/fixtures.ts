/** Runs to compare: the fixtures with a machine and a commit. */
import type { ComparedRun, NamedRun } from '../../server/api/schemas/compare-run.ts';
import { comparedNames } from '../../server/api/schemas/spec-settings.ts';
import type { Headline, RunDetail } from '../../server/api/schemas/run-view.ts';
import { summaryOf } from '../support/fixtures.ts';

export const machine = 'AMD EPYC, 2 cores';

export const compared = (run: RunDetail, more: Partial<ComparedRun> = {}): ComparedRun => ({
  ...summaryOf(run),
  shipped: false,
  machine,
  commit: 'abc123',
  ...more,
});

export function named(...runs: readonly ComparedRun[]): readonly NamedRun[] {
  const names = comparedNames(runs.map(({ spec }) => spec));
  return runs.map((run, index) => ({ run, name: names[index] ?? run.id }));
}

export function headlineOf(run: ComparedRun): Headline {
  if (run.headline === null) throw new Error(`run ${run.id} has no headline`);
  return run.headline;
}
