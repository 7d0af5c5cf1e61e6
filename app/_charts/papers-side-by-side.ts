/**
 * The side-by-side page as a picture: accuracy against latency, or where weights are random and there is
 * no accuracy, bytes against latency. Marks, fronts and classes are those of every comparison.
 */
import { metricById, metricsOf } from '../../server/api/schemas/compare-metrics.ts';
import type { NamedRun } from '../../server/api/schemas/compare-run.ts';
import { defaultUnits } from '../../server/api/schemas/compare-units.ts';
import type { ChartModel, ChartTheme } from './chart.ts';
import { compareScatter } from './compare-scatter.ts';

const metrics = metricsOf(defaultUnits);

/** @param runs finished, at least one */
export function papersSideBySide(runs: readonly NamedRun[], theme: ChartTheme): ChartModel {
  const judged = runs.some(({ run }) => run.headline?.accuracy != null);
  return compareScatter(runs, {
    x: metricById(metrics, 'time'),
    y: metricById(metrics, judged ? 'accuracy' : 'bytes'),
    scale: 'auto',
    theme,
  });
}
