/** From one alpha per head to a kind per head, at a budget. */
import { randomStream } from '../random.ts';

/** By layer, then by head. */
export type HeadAlphas = readonly (readonly number[])[];
export type HeadKinds = readonly (readonly ('relu' | 'scale')[])[];

/**
 * The heads with the largest alphas, over the whole network, keep ReLU-softmax: all but
 * floor((1 - budget) x heads). Of equal alphas the earlier head keeps it.
 */
export function binarise(alphas: HeadAlphas, budget: number): HeadKinds {
  const heads = alphas.flatMap((layer, index) =>
    layer.map((alpha, head) => ({ alpha, place: `${index} ${head}` })),
  );
  // The small number undoes what 1 - 0.7 loses to rounding.
  const dropped = Math.floor((1 - budget) * heads.length + 1e-9);
  const kept = new Set(
    heads
      .toSorted((a, b) => b.alpha - a.alpha)
      .slice(0, heads.length - dropped)
      .map(({ place }) => place),
  );
  return alphas.map((layer, index) =>
    layer.map((_, head) => (kept.has(`${index} ${head}`) ? 'relu' : 'scale')),
  );
}

/** Alphas that order the heads at random: the control that a search must beat. */
export function randomAlphas(layers: number, heads: number, seed: number): HeadAlphas {
  const random = randomStream(seed, 'random heads');
  return Array.from({ length: layers }, () => Array.from({ length: heads }, random));
}
