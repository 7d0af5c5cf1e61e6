/** Painting attention: which grid a model has, its presets, and the brush. Pure; seeded where random. */
import { headKindIds, type HeadKindId } from '../../server/api/schemas/spec-ids.ts';
import type { Catalog } from '../../server/api/schemas/catalog-view.ts';

export type Heads = readonly (readonly string[])[];
type Model = Catalog['models'][number];

export interface HeadPreset {
  readonly id: string;
  readonly title: string;
  readonly heads: Heads;
}

const all = ({ layers, heads }: Model, kind: HeadKindId): Heads =>
  Array.from({ length: layers }, () => Array<string>(heads).fill(kind));

/** 32-bit mixing of a counter (Steele, Lea, Flood 2014): the same seed always paints the same heads. */
function mix(counter: number): number {
  let z = (counter * 0x9e3779b9) >>> 0;
  z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
  z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
  return (z ^ (z >>> 16)) >>> 0;
}

/**
 * ReLU attention in the share `mu` of all heads, rounded up, and scaling in the others: MPCViT's two
 * kinds and its way of counting. Which heads follows from the seed: nothing secret, so no secure
 * randomness.
 */
export function randomHeads(model: Model, mu: number, seed: number): Heads {
  const count = model.layers * model.heads;
  const order = Array.from({ length: count }, (_, index) => index).toSorted(
    (a, b) => mix(seed * count + a + 1) - mix(seed * count + b + 1) || a - b,
  );
  const kept = new Set(order.slice(0, Math.ceil(mu * count - 1e-9)));
  return Array.from({ length: model.layers }, (_, layer) =>
    Array.from({ length: model.heads }, (_none, head) =>
      kept.has(layer * model.heads + head) ? 'relu' : 'scale',
    ),
  );
}

export const headPresets = (model: Model, seed = 1): readonly HeadPreset[] => [
  { id: 'softmax', title: 'All softmax', heads: all(model, 'softmax') },
  { id: 'relu', title: 'All ReLU', heads: all(model, 'relu') },
  { id: 'mu3', title: 'μ = 0.3, random heads', heads: randomHeads(model, 0.3, seed) },
  { id: 'mu7', title: 'μ = 0.7, random heads', heads: randomHeads(model, 0.7, seed) },
];

/** The grid with some heads of another kind. */
export function painted(
  grid: Heads,
  kind: string,
  hit: (layer: number, head: number) => boolean,
): Heads {
  return grid.map((row, layer) => row.map((own, head) => (hit(layer, head) ? kind : own)));
}

export const isSame = (a: Heads, b: Heads): boolean => JSON.stringify(a) === JSON.stringify(b);

/** One letter for a cell; the colour alone would not do. */
export const kindLetters: Readonly<Record<string, string>> = {
  softmax: 'S',
  relu: 'R',
  scale: 'C',
  '2quad': 'Q',
};

export const kinds = headKindIds;
