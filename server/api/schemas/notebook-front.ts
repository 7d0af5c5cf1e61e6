/** The front of a notebook's points: in two columns at once no other of their class is better. Browser-safe. */

/** Less of a cost and more of a gain are better; what else a column is, nobody knows. */
export const isGain = (column: string): boolean => column.includes('accuracy');

/** Points that none beats in both, by rising x; those whose x is no number are left out. */
export function frontOf<P extends { readonly x: unknown; readonly y: number }>(
  points: readonly P[],
  y: string,
): readonly P[] {
  const isBetter = isGain(y) ? (a: number, b: number) => a > b : (a: number, b: number) => a < b;
  const sorted = points
    .filter((point): point is P & { readonly x: number } => typeof point.x === 'number')
    .toSorted((a, b) => a.x - b.x || (isBetter(a.y, b.y) ? -1 : 1));
  const front: P[] = [];
  for (const point of sorted) {
    const last = front.at(-1);
    if (last === undefined || isBetter(point.y, last.y)) front.push(point);
  }
  return front;
}
