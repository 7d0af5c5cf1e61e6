/** What every export writes: a run or a comparison, stored or frozen, in one shape. */
import { defaultChart, readChart, type ChartChoice } from '../api/schemas/compare-chart.ts';
import type { ComparedRun, NamedRun, RunProfile } from '../api/schemas/compare-run.ts';
import { readUnits, type CompareUnits } from '../api/schemas/compare-units.ts';
import type { RunDetail } from '../api/schemas/run-view.ts';
import { approximationName } from '../api/schemas/spec-names.ts';
import { comparedNames } from '../api/schemas/spec-settings.ts';
import type { PermalinkView } from '../permalinks/read-permalink.ts';
import { RunError } from '../runs/errors.ts';

export interface Frozen {
  readonly slug: string;
  readonly contentHash: string;
  readonly createdAt: string;
  readonly expiresAt: string | null;
}

export interface ExportDocument {
  readonly title: string;
  /** Path of its page, `/runs/r_...`. */
  readonly path: string;
  readonly runs: readonly NamedRun[];
  /** Index of the pinned run. */
  readonly base: number;
  readonly units: CompareUnits;
  /** The picture that stands for it. */
  readonly chart: ChartChoice;
  /** Of two runs or one; else empty. */
  readonly profiles: readonly RunProfile[];
  /** Everything about a single run; null in a comparison. */
  readonly detail: RunDetail | null;
  readonly frozen: Frozen | null;
}

export function named(runs: readonly ComparedRun[]): readonly NamedRun[] {
  const names = comparedNames(runs.map(({ spec }) => spec));
  return runs.map((run, index) => ({ run, name: names[index] ?? run.id }));
}

/** "AMD EPYC, 2 cores", as the listing of results says it. */
function toCompared(run: RunDetail): ComparedRun {
  const { cpu = '', cores = '', commit = '' } = run.environment;
  const machine = cpu === '' ? null : cores === '' ? cpu : `${cpu}, ${cores} cores`;
  const { id, specHash, spec, state, origin, provenance, warnings } = run;
  const { createdAt, startedAt, finishedAt, headline, linkVerdict, reason } = run;
  return {
    id,
    specHash,
    spec,
    state,
    origin,
    provenance,
    warnings,
    createdAt,
    startedAt,
    finishedAt,
    headline,
    linkVerdict,
    reason,
    machine,
    commit: commit === '' ? null : commit,
    shipped: run.shipped ?? false,
  };
}

export function runDocument(
  run: RunDetail,
  units: CompareUnits,
  frozen: Frozen | null = null,
): ExportDocument {
  return {
    title: `${approximationName(run.spec.approximations)} on ${run.spec.model}`,
    path: frozen === null ? `/runs/${run.id}` : `/s/${frozen.slug}`,
    runs: named([toCompared(run)]),
    base: 0,
    units,
    chart: defaultChart,
    profiles: [{ id: run.id, operations: run.operations }],
    detail: run,
    frozen,
  };
}

export function comparisonDocument(
  runs: readonly ComparedRun[],
  options: {
    readonly base: string | null;
    readonly units: CompareUnits;
    readonly profiles: readonly RunProfile[];
    readonly path: string;
    readonly frozen?: Frozen;
    readonly chart?: ChartChoice;
  },
): ExportDocument {
  const all = named(runs);
  const names = all.slice(0, 3).map(({ name }) => name);
  return {
    title: `Comparison: ${names.join(', ')}${all.length > 3 ? ` and ${all.length - 3} more` : ''}`,
    path: options.path,
    runs: all,
    base: Math.max(
      0,
      runs.findIndex(({ id }) => id === options.base),
    ),
    units: options.units,
    chart: options.chart ?? defaultChart,
    profiles: options.profiles,
    detail: null,
    frozen: options.frozen ?? null,
  };
}

/** `units` of an address win over those that were frozen; `chart` is the address's alone. */
export function frozenDocument(
  view: PermalinkView,
  units: string | null,
  chart: string | null = null,
): ExportDocument {
  const { slug, contentHash, createdAt, expiresAt } = view;
  const frozen = { slug, contentHash, createdAt, expiresAt };
  const chosen = readChart(chart);
  if (view.kind === 'run') {
    return { ...runDocument(view.run, readUnits(units), frozen), chart: chosen };
  }
  if (view.kind === 'notebook') {
    throw new RunError('notFound', `a frozen notebook has no such file; open /s/${slug}.`);
  }
  const { base, runs, profiles } = view;
  const shown = readUnits(units ?? view.units);
  const path = `/s/${slug}`;
  return comparisonDocument(runs, { base, units: shown, profiles, path, frozen, chart: chosen });
}
