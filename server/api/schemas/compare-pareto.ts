/**
 * The Pareto front of accuracy against a cost: less cost and more accuracy are better. Runs of another
 * origin (measured elsewhere, imported) have a front of their own: no statement joins the two. Browser-safe.
 */
import type { ComparedRun } from './compare-run.ts';
import type { Figure } from './compare-metrics.ts';

export interface ParetoPoint {
  readonly cost: Figure;
  readonly gain: Figure;
  /** Of what origin, see originOf; points without one are of the same. */
  readonly origin?: string;
}

/** "measured", "imported", or "measured, shipped" for runs that came with Parley. */
export const originOf = ({
  provenance,
  shipped,
}: Pick<ComparedRun, 'provenance' | 'shipped'>): string =>
  shipped ? `${provenance}, shipped` : provenance;

/**
 * `front`: nobody is at least as good in both and better in one. `tied`: dominated by medians alone,
 * while no dominating point's intervals separate from its own. `dominated`: some point is better for sure.
 */
export type ParetoPlace = 'front' | 'tied' | 'dominated';

const apart = (a: Figure, b: Figure): boolean => {
  // A number without interval is taken as it is: it is exact, or there is nothing better to know.
  const [aLow, aHigh] = a.bar ?? [a.value, a.value];
  const [bLow, bHigh] = b.bar ?? [b.value, b.value];
  return aHigh < bLow || bHigh < aLow;
};

/** Places in the order of the points. */
export function paretoPlaces(points: readonly ParetoPoint[]): readonly ParetoPlace[] {
  return points.map((point) => {
    const better = points.filter(
      (other) =>
        other.origin === point.origin &&
        other.cost.value <= point.cost.value &&
        other.gain.value >= point.gain.value &&
        (other.cost.value < point.cost.value || other.gain.value > point.gain.value),
    );
    if (better.length === 0) return 'front';
    const sure = better.some(
      (other) => apart(other.cost, point.cost) || apart(other.gain, point.gain),
    );
    return sure ? 'dominated' : 'tied';
  });
}

/** A front for each origin, as indices, cheapest first; the origins in the order of the points. */
export function paretoFronts(points: readonly ParetoPoint[]): readonly (readonly number[])[] {
  const places = paretoPlaces(points);
  return [...new Set(points.map(({ origin }) => origin))].map((origin) =>
    points
      .flatMap((point, index) =>
        point.origin === origin && places[index] === 'front' ? [index] : [],
      )
      .toSorted((a, b) => (points[a]?.cost.value ?? 0) - (points[b]?.cost.value ?? 0)),
  );
}
