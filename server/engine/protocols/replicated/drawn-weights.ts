/**
 * Uniform weights: every component comes from the stream that its two holders share, so nobody sent it
 * and nobody knows what the weights are. None is kept: a product draws tile after tile into a small
 * buffer, multiplies and forgets. For timing models that no memory here holds; what is computed with
 * them means nothing.
 */
import { EngineError } from '../../errors.ts';
import { matmulShapes } from '../../ring/matmul-shape.ts';
import { blockBytes } from '../../ring/prg.ts';
import { allocate, allocateBytes, type Shape, type Tensor } from '../../ring/tensor.ts';
import type { PartyId } from '../../channel.ts';
import type { Talk } from '../../session.ts';
import type { DrawnWeight } from '../shares.ts';
import { zeroShare, type Pair } from './arithmetic.ts';

/** Both components of a tile, and what the kernel packs of them, stay in a second-level cache of 1 MiB. */
export const tile = { rows: 128, columns: 256 } as const;

/** Branches derive their streams from labels of 2^16 and more; this one is free. */
const weightsLabel = 0;

/** The next weight: rows and columns of its matrix; a vector is one row. */
export function drawWeight(talk: Talk, shape: Shape): DrawnWeight {
  const { session, branch } = talk;
  if (branch.route !== 0) {
    throw new EngineError('protocol', 'weight: drawn outside of concurrent branches only');
  }
  const number = talk.takeTurn();
  const streamWith = (holder: PartyId) => {
    const shared = branch.generators.get(holder);
    if (shared === undefined) throw new EngineError('protocol', `no stream with party ${holder}`);
    return shared.child(weightsLabel).child(number);
  };
  return { shape, streams: [streamWith(session.neighbour(-1)), streamWith(session.neighbour(1))] };
}

/** Both components as a whole: of vectors, and for tests. */
export function wholePair(talk: Talk, drawn: DrawnWeight): Pair {
  const { bits } = talk.session.ring;
  const word = bits / 8;
  const components = drawn.streams.map((stream) => {
    const out = allocate(bits, drawn.shape);
    for (const { number, row, rows, column, columns, outputs } of tilesOf(drawn.shape)) {
      const bytes = allocateBytes(rows * columns * word);
      stream.readAt(number * blocksPerTile(word), bytes);
      for (let index = 0; index < rows; index++) {
        const line = bytes.subarray(index * columns * word, (index + 1) * columns * word);
        out.bytes.set(line, ((row + index) * outputs + column) * word);
      }
    }
    return out;
  });
  return [components[0] as Tensor, components[1] as Tensor];
}

/**
 * As `matrixProductTerm`, with the two products of a tile as one:
 * [x_i | x_{i+1}] times w_i + w_{i+1} above w_i.
 */
export function drawnProductTerm(talk: Talk, x: Pair, drawn: DrawnWeight): Tensor {
  const { kernels, ring } = talk.session;
  const { bits } = ring;
  const word = bits / 8;
  const { out: shape, kernel } = matmulShapes(x[0].shape, drawn.shape);
  const m = kernel.batch * kernel.m;
  const [inputs = 0] = drawn.shape;
  const out = allocate(bits, shape);
  const left = leftBlocks(talk, x, m, inputs);
  const [own, next] = drawn.streams;
  if (own === undefined || next === undefined) throw new RangeError('two components');
  const both = allocateBytes(2 * tile.rows * tile.columns * word);
  const sums = allocateBytes(m * tile.columns * word);
  for (const { number, block, rows, row, column, columns, outputs } of tilesOf(drawn.shape)) {
    const bytes = rows * columns * word;
    const upper = both.subarray(0, bytes);
    const lower = both.subarray(bytes, 2 * bytes);
    next.readAt(number * blocksPerTile(word), upper);
    own.readAt(number * blocksPerTile(word), lower);
    kernels.binary('add', bits, upper, lower, upper);
    const panel = sums.subarray(0, m * columns * word);
    const product = { batch: 1, yBatch: 1, m, k: 2 * rows, n: columns, accumulate: row > 0 };
    const of = left[block];
    if (of === undefined) throw new RangeError('a block of x for each row of tiles');
    kernels.matmul(bits, of, both.subarray(0, 2 * bytes), panel, product);
    if (row + rows < inputs) continue;
    for (let index = 0; index < m; index++) {
      const line = panel.subarray(index * columns * word, (index + 1) * columns * word);
      out.bytes.set(line, (index * outputs + column) * word);
    }
  }
  kernels.binary('add', bits, out.bytes, zeroShare(talk, out.bytes.length), out.bytes);
  return out;
}

/** Per block of rows of the weight: both components of x's columns there, side by side. */
function leftBlocks(talk: Talk, x: Pair, m: number, inputs: number): Uint8Array[] {
  const { kernels, ring } = talk.session;
  const word = ring.bits / 8;
  const blocks: Uint8Array[] = [];
  for (let start = 0; start < inputs; start += tile.rows) {
    const k = Math.min(tile.rows, inputs - start);
    const block = allocateBytes(2 * m * k * word);
    const part = allocateBytes(m * k * word);
    x.forEach(({ bytes }, side) => {
      kernels.copyStrided(ring.bits === 64 ? 8 : 4, bytes, start, [m, k], [inputs, 1], part);
      for (let index = 0; index < m; index++) {
        const line = part.subarray(index * k * word, (index + 1) * k * word);
        block.set(line, (2 * index + side) * k * word);
      }
    });
    blocks.push(block);
  }
  return blocks;
}

interface Tile {
  readonly number: number;
  /** Of its rows. */
  readonly block: number;
  readonly row: number;
  readonly rows: number;
  readonly column: number;
  readonly columns: number;
  /** Columns of the whole weight. */
  readonly outputs: number;
}

/** Column after column of tiles, from top to bottom. */
function* tilesOf(shape: Shape): Generator<Tile> {
  const outputs = shape.at(-1) ?? 0;
  const inputs = shape.length === 1 ? 1 : (shape[0] ?? 0);
  let number = 0;
  for (let column = 0; column < outputs; column += tile.columns) {
    const columns = Math.min(tile.columns, outputs - column);
    for (let row = 0; row < inputs; row += tile.rows) {
      const rows = Math.min(tile.rows, inputs - row);
      yield { number, block: row / tile.rows, row, rows, column, columns, outputs };
      number += 1;
    }
  }
}

/** Every tile begins where a whole one before it ends. */
function blocksPerTile(word: number): number {
  return (tile.rows * tile.columns * word) / blockBytes;
}
