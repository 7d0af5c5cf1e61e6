/** Positions of a sequence. */
import type { AShare, Protocol } from '../protocol.ts';

/** [batch, length, columns] to [batch, columns]. */
export function tokenAt(mpc: Protocol, x: AShare, position: number): AShare {
  const [batch = 0, , columns = 0] = x.shape;
  const one = mpc.view(x, { slice: { axis: 1, start: position, end: position + 1 } });
  return mpc.view(one, { reshape: [batch, columns] });
}

/** The positions listed, in that order: [batch, length, columns] to [batch, positions, columns]. */
export function takeTokens(mpc: Protocol, x: AShare, positions: readonly number[]): AShare {
  const runs: { start: number; end: number }[] = [];
  for (const position of positions) {
    const last = runs.at(-1);
    if (last?.end === position) last.end = position + 1;
    else runs.push({ start: position, end: position + 1 });
  }
  const parts = runs.map(({ start, end }) => mpc.view(x, { slice: { axis: 1, start, end } }));
  return parts.length === 1 && parts[0] !== undefined ? parts[0] : mpc.concat(parts, 1);
}
