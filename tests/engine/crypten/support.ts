/** Runs a function with CrypTen's ring, in the clear or by two parties and a dealer. */
import type { AShare, Protocol } from '../../../server/engine/protocol.ts';
import { loadKernels } from '../../../server/engine/ring/load.ts';
import type { Shape } from '../../../server/engine/ring/tensor.ts';
import { ringTensor, runClear, simulate } from '../../support/simulate.ts';

export const kernels = loadKernels();
/** 16 fraction bits: what CrypTen's byte counts and errors hold for. */
export const ring = { bits: 64, fractionBits: 16 } as const;
export const unit = 2 ** -ring.fractionBits;

export interface Values {
  readonly shape: Shape;
  readonly values: readonly number[];
}

export type Program = (mpc: Protocol, ...inputs: AShare[]) => Promise<AShare>;

export const column = (values: readonly number[]): Values => ({
  shape: [values.length, 1],
  values,
});

const encode = ({ shape, values }: Values) =>
  ringTensor(
    64,
    shape,
    values.map((value) => BigInt(Math.trunc(value / unit))),
  );
const decode = (values: readonly bigint[]) => values.map((value) => Number(value) * unit);

export async function inTheClear(program: Program, ...inputs: Values[]): Promise<number[]> {
  return decode(
    await runClear(kernels, ring, inputs.map(encode), (mpc, shares) => program(mpc, ...shares)),
  );
}

export async function secretly(
  program: Program,
  inputs: readonly Values[],
  seed = 'crypten',
): Promise<number[]> {
  const run = await simulate(
    'additive/crypten',
    kernels,
    ring,
    inputs.map(encode),
    (mpc, shares) => program(mpc, ...shares),
    { seed },
  );
  return decode(run.values);
}

export const grid = (from: number, to: number, count: number) =>
  Array.from({ length: count }, (_, index) => from + ((to - from) * index) / (count - 1));

/** Largest |x - y|; NaN where lengths differ. */
export const worst = (xs: readonly number[], ys: readonly number[]) =>
  Math.max(
    ...xs.map((x, index) => Math.abs(x - (ys[index] ?? NaN))),
    xs.length === ys.length ? 0 : NaN,
  );
