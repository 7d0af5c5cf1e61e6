/** A published figure beside our own cost of the same operation, in the count of its source. */
import type { Shape } from '../ring/tensor.ts';
import { operationCost, shapeText } from './operation-cost.ts';
import {
  figureOf,
  publishedSources,
  type CountedAs,
  type PublishedCost,
  type PublishedSourceId,
} from './published.ts';

export interface PublishedComparison {
  readonly source: PublishedSourceId;
  readonly sourceTitle: string;
  /** How the source came to its figures. */
  readonly how: string;
  readonly countedAs: CountedAs;
  /** Operands for which the figure holds. */
  readonly shape: string;
  /** Set where both figures are what `shape` costs more than this. */
  readonly beyond: string | null;
  readonly bytes: number;
  /** Our declared cost, counted as the source counts. */
  readonly ourBytes: number;
  /** Program order, then overlapped; null where the source has no figure. */
  readonly rounds: number | null;
  readonly ourRounds: number;
  readonly roundsOverlapped: number | null;
  readonly ourRoundsOverlapped: number;
  readonly equal: boolean;
  /** `equal`, `equal as rounded`, or by how much ours differs. */
  readonly verdict: string;
  readonly note: string | null;
}

/** `form`: the variant's own name of the form that the figure is for. */
export async function compareWithPublished(
  figure: PublishedCost,
  form: string,
): Promise<PublishedComparison> {
  const { variant, op, shapes, beyond, source } = figure;
  const { title, how, countedAs, fractionBits } = publishedSources[source];
  const price = (of: readonly Shape[]) =>
    operationCost({ variant, op, form, shapes: of, fractionBits });
  const cost = await price(shapes);
  const less = beyond === undefined ? 0 : figureOf(await price(beyond), countedAs);
  const ourBytes = figureOf(cost, countedAs) - less;
  const differences = [
    differs('bytes', ourBytes, figure.bytes, figure.roundedTo),
    differs('rounds', cost.rounds, figure.rounds),
    differs('overlapped rounds', cost.roundsOverlapped, figure.roundsOverlapped ?? null),
  ].filter((text) => text !== null);
  return {
    source,
    sourceTitle: title,
    how,
    countedAs,
    shape: shapeText(shapes),
    beyond: beyond === undefined ? null : shapeText(beyond),
    bytes: figure.bytes,
    ourBytes,
    rounds: figure.rounds,
    ourRounds: cost.rounds,
    roundsOverlapped: figure.roundsOverlapped ?? null,
    ourRoundsOverlapped: cost.roundsOverlapped,
    equal: differences.length === 0,
    verdict: verdictOf(differences, ourBytes === figure.bytes),
    note: figure.note ?? null,
  };
}

function verdictOf(differences: readonly string[], exact: boolean): string {
  if (differences.length > 0) return `differs: ${differences.join(', ')}`;
  return exact ? 'equal' : 'equal as rounded';
}

function differs(what: string, ours: number, theirs: number | null, roundedTo = 0): string | null {
  if (theirs === null || Math.abs(ours - theirs) <= roundedTo / 2) return null;
  return `${ours > theirs ? '+' : ''}${ours - theirs} ${what}`;
}
