/**
 * Every interactive operation of the `Protocol` interface by itself, as a program whose preparation
 * is local and free, so that whatever is sent is the operation's own.
 */
import type { AShare, BShare, InteractiveOp, Protocol } from '../../server/engine/protocol.ts';
import type { Program } from '../../server/engine/cost/price-program.ts';
import type { Shape } from '../../server/engine/ring/tensor.ts';

export interface Primitive {
  readonly op: InteractiveOp;
  readonly inputs: (elements: number) => readonly Shape[];
  readonly run: Program;
}

const words = (mpc: Protocol, x: AShare): BShare => mpc.randomBits(x.shape, mpc.ring.bits);
const bit = (mpc: Protocol, x: AShare): BShare => mpc.resizeLanes(mpc.randomBits(x.shape, 1), 8);

const one = (elements: number): readonly Shape[] => [[elements]];
const two = (elements: number): readonly Shape[] => [[elements], [elements]];
const matrices = (elements: number): readonly Shape[] => [
  [elements / 4, 8],
  [8, 4],
];

/** The first operand is always there. */
function operands(inputs: readonly AShare[]): readonly [AShare, AShare] {
  const [x, y = x] = inputs;
  if (x === undefined || y === undefined) throw new RangeError('a primitive without operand');
  return [x, y];
}

function primitive(
  op: InteractiveOp,
  inputs: Primitive['inputs'],
  run: (mpc: Protocol, x: AShare, y: AShare) => Promise<unknown>,
): Primitive {
  return { op, inputs, run: (mpc, shares) => run(mpc, ...operands(shares)) };
}

/** Input, weight and reveal are the owner's: nothing of theirs passes between parties. */
export const primitives: readonly Primitive[] = [
  primitive('mul', two, (mpc, x, y) => mpc.mul(x, y)),
  primitive('square', one, (mpc, x) => mpc.square(x)),
  primitive('matmul', matrices, (mpc, x, y) => mpc.matmul(x, y)),
  primitive('truncate', one, (mpc, x) => mpc.truncate(x, mpc.ring.fractionBits)),
  primitive('mulTruncate', two, (mpc, x, y) => mpc.mulTruncate(x, y, mpc.ring.fractionBits)),
  primitive('matmulTruncate', matrices, (mpc, x, y) =>
    mpc.matmulTruncate(x, y, mpc.ring.fractionBits),
  ),
  primitive('and', one, (mpc, x) => mpc.and(words(mpc, x), words(mpc, x))),
  primitive('a2b', one, (mpc, x) => mpc.a2b(x)),
  primitive('b2aWord', one, (mpc, x) => mpc.b2a(words(mpc, x), 'word')),
  primitive('b2aBit', one, (mpc, x) => mpc.b2a(bit(mpc, x), 'bit')),
  primitive('msb', one, (mpc, x) => mpc.msb(x)),
  primitive('isZero', one, (mpc, x) => mpc.isZero(x)),
  primitive('bitMul', one, (mpc, x) => mpc.bitMul(bit(mpc, x), x)),
];
