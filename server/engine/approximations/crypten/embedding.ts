/**
 * Embedding as MPCFormer's benchmark looks it up (src/benchmark/models.py, commit 38cb42c): the client
 * shares one-hot rows, and their product with the table is taken in blocks of the vocabulary, one
 * after the other, to save memory.
 */
import type { AShare, Protocol } from '../../protocol.ts';
import { columns } from './arithmetic.ts';

const benchmarkBlocks = 250;

/**
 * oneHot [tokens, vocabulary] with ring integers 0 and 1, table [vocabulary, width]; `multiply` may
 * truncate, for a oneHot in fixed point. One round per block; 8 (tokens x vocabulary + vocabulary x
 * width) B in all.
 */
export async function embedOneHot(
  mpc: Protocol,
  oneHot: AShare,
  table: AShare,
  blocks = benchmarkBlocks,
  multiply = (x: AShare, y: AShare) => mpc.matmul(x, y),
): Promise<AShare> {
  const vocabulary = oneHot.shape.at(-1) ?? 0;
  const width = Math.floor(vocabulary / Math.min(blocks, Math.max(vocabulary, 1)));
  let total: AShare | null = null;
  for (let block = 0; block < Math.min(blocks, vocabulary); block++) {
    const start = block * width;
    const end = block === Math.min(blocks, vocabulary) - 1 ? vocabulary : start + width;
    const part = await multiply(
      columns(mpc, oneHot, start, end),
      mpc.view(table, { slice: { axis: 0, start, end } }),
    );
    total = total === null ? part : mpc.add(total, part);
  }
  return total ?? multiply(oneHot, table);
}
