/**
 * A comparison as one table of plain values, a row a run: what every export writes, and the numbers
 * that the page shows. Units stand in the columns' names, provenance in every row. Browser-safe.
 */
import { metricsOf, type Metric } from './compare-metrics.ts';
import type { NamedRun } from './compare-run.ts';
import type { CompareUnits } from './compare-units.ts';
import { settingsOf, type Setting } from './spec-settings.ts';

export type PlainCell = string | number | boolean | null;

export interface PlainTable {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly PlainCell[])[];
}

/** `protocol.ring.fractionBits` -> `setting_protocol_ring_fractionBits`. */
const settingKey = ({ field }: Setting): string => `setting_${field.replaceAll('.', '_')}`;

const partsOf = (metric: Metric): readonly string[] =>
  metric.exact
    ? [metric.key]
    : [metric.key, `${metric.key}_low`, `${metric.key}_high`, `${metric.key}_n`];

/** All settings and all metrics of these runs, in full. */
export function comparisonTable(runs: readonly NamedRun[], units: CompareUnits): PlainTable {
  const metrics = metricsOf(units);
  const [first] = runs;
  const settings = first === undefined ? [] : settingsOf(first.run.spec).map(settingKey);
  return {
    columns: [
      'run',
      'name',
      'state',
      'provenance',
      'shipped',
      'machine',
      'engine_commit',
      'link_verdict',
      'created_at',
      'spec_hash',
      ...settings,
      ...metrics.flatMap(partsOf),
    ],
    rows: runs.map(({ name, run }) => [
      run.id,
      name,
      run.state,
      run.provenance,
      run.shipped,
      run.machine,
      run.commit,
      run.linkVerdict,
      run.createdAt,
      run.specHash,
      ...settingsOf(run.spec).map(({ value }) => value),
      ...metrics.flatMap((metric) => {
        const figure = metric.of(run);
        return metric.exact
          ? [figure?.value ?? null]
          : [figure?.value ?? null, figure?.low ?? null, figure?.high ?? null, figure?.n ?? null];
      }),
    ]),
  };
}
