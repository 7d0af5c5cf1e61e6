/** The newest finished run of each preset, whatever its number of reviews, for the first comparison. */
import { correlationsOfSpec, hasRandomWeights } from '../../server/api/schemas/spec-ids.ts';
import type { RunSpec } from '../../server/api/schemas/run-spec.ts';
import type { Catalog } from '../../server/api/schemas/catalog-view.ts';
import type { RunSummary } from '../../server/api/schemas/run-view.ts';
import { approximationName } from '../_lib/describe-spec.ts';

export interface PresetRun {
  readonly presetId: string;
  readonly name: string;
  readonly run: RunSummary;
}

export function presetRuns(catalog: Catalog, done: readonly RunSummary[]): readonly PresetRun[] {
  // Random weights have no accuracy to stand next to the others' and are other models.
  const judged = catalog.presets.filter(({ spec }) => !hasRandomWeights(spec));
  // Presets of one method (16 reviews, 200 reviews) are one column.
  const methods = judged.filter(
    (preset, index) => judged.findIndex((other) => sameMethod(other.spec, preset.spec)) === index,
  );
  const severalProtocols = new Set(methods.map(({ spec }) => spec.protocol.variant)).size > 1;
  return methods.flatMap(({ id, spec }) => {
    const run = mostTelling(spec, done);
    const functions = approximationName(spec.approximations);
    const name = severalProtocols ? `${functions}, ${spec.protocol.variant}` : functions;
    if (run === undefined) return [];
    return [{ presetId: id, name: run.shipped === true ? `${name} (shipped)` : name, run }];
  });
}

/** A result with the default preset's method: the first thing that a newcomer sees. */
export function exemplary(catalog: Catalog, done: readonly RunSummary[]): RunSummary | undefined {
  const [preset] = catalog.presets;
  return (
    (preset === undefined ? undefined : mostTelling(preset.spec, done)) ??
    done.find(({ shipped }) => shipped !== true) ??
    done[0]
  );
}

/**
 * The newest run of this method with the preset's own number of reviews, over a link that was met
 * where there is one. Failing that the one with most reviews: a 4-review run only proves that it works.
 * One that shipped stands in only where this installation has none.
 */
function mostTelling(spec: RunSpec, done: readonly RunSummary[]): RunSummary | undefined {
  const all = done.filter((run) => sameMethod(run.spec, spec));
  const here = all.filter(({ shipped }) => shipped !== true);
  const own = here.length > 0 ? here : all;
  const sameSize = own.filter((run) => run.spec.dataset.samples === spec.dataset.samples);
  return (
    sameSize.find((run) => run.linkVerdict === 'met') ??
    sameSize[0] ??
    own.toSorted((a, b) => b.spec.dataset.samples - a.spec.dataset.samples)[0]
  );
}

function sameMethod(a: RunSpec, b: RunSpec): boolean {
  return (
    a.model === b.model &&
    a.approximations.gelu === b.approximations.gelu &&
    a.approximations.softmax === b.approximations.softmax &&
    a.protocol.variant === b.protocol.variant &&
    correlationsOfSpec(a) === correlationsOfSpec(b) &&
    a.network.name === b.network.name
  );
}
