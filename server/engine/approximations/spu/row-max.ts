/**
 * Maximum over the last axis as SPU 0.5.0 reduces it (`TreeReduce` of libspu/kernel/hlo/reduce.cc):
 * halves are compared until one element is left, and what odd lengths left over is compared with the
 * result one at a time, last one first. As many comparisons as any tree, n - 1 (80 (n - 1) bytes sent
 * per party of additive/semi2k), in floor(log2 n) levels plus one for every further set bit of n.
 */
import { less, select } from '../../circuits/compare.ts';
import type { AShare, Protocol } from '../../protocol.ts';

/** [..., n] to [..., 1]. */
export async function rowMax(mpc: Protocol, x: AShare): Promise<AShare> {
  const axis = x.shape.length - 1;
  const leftOver: AShare[] = [];
  let current = x;
  for (let length = x.shape[axis] ?? 1; length > 1; length = Math.floor(length / 2)) {
    const from = current;
    const part = (start: number, end: number) => mpc.view(from, { slice: { axis, start, end } });
    const half = Math.floor(length / 2);
    if (length % 2 === 1) leftOver.push(part(2 * half, length));
    current = await larger(mpc, part(0, half), part(half, 2 * half));
  }
  for (const rest of leftOver.reverse()) current = await larger(mpc, current, rest);
  return current;
}

async function larger(mpc: Protocol, x: AShare, y: AShare): Promise<AShare> {
  return select(mpc, await less(mpc, y, x), x, y);
}
