/**
 * Places: where in the model an operation happens, as a dotted path that the engine writes
 * (`layer0.attention.softmax`). Here they are cut to a depth, put in the model's order, and named.
 */
import { placeAt } from '../../server/api/schemas/compare-operations.ts';

export const placeOf = placeAt;

/** Unique places in the order of their first appearance, which is the order of execution. */
export function placesInOrder(paths: Iterable<string>, depth: number): readonly string[] {
  return [...new Set([...paths].map((path) => placeOf(path, depth)))];
}

/**
 * The model's order guessed from names alone, for lists that come sorted by size: embeddings, then
 * numbered layers, then what reads the last layer.
 */
export function sortPlaces(places: readonly string[]): readonly string[] {
  return [...places].sort(
    (a, b) => rank(a) - rank(b) || a.localeCompare(b, 'en', { numeric: true }),
  );
}

function rank(place: string): number {
  const name = place.toLowerCase();
  if (/^(input|share)/.test(name)) return 0;
  if (name.startsWith('emb')) return 1;
  if (/^(layer|block|encoder)/.test(name)) return 2;
  if (name.startsWith('pool')) return 3;
  if (/^(class|head|logits)/.test(name)) return 4;
  return 5;
}

/** "layer0.attention" -> "Layer 0 · attention". */
export function placeName(place: string): string {
  const parts = place.split('.').map((part) =>
    part
      .replace(/([a-z])([A-Z])/g, '$1 $2')
      .replace(/([A-Za-z])(\d+)$/, '$1 $2')
      .replaceAll(/[-_]/g, ' ')
      .toLowerCase(),
  );
  const text = parts.join(' · ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}
