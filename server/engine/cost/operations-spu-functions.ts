/**
 * The part of SPU's catalogue that is the same on all its protocols: products, comparisons, selections
 * and the functions of its fixed-point library. The first form of an operation is SPU's own.
 */
import type { ElementFunction } from '../approximations/function.ts';
import { geluQuad } from '../approximations/gelu-quad.ts';
import { layerNorm } from '../approximations/layernorm.ts';
import { overlappedReciprocalSqrt, reciprocalOfPositive } from '../approximations/normalise.ts';
import { siluPuma } from '../approximations/silu-puma.ts';
import { divide, reciprocal } from '../approximations/spu/division.ts';
import { exp } from '../approximations/spu/exp.ts';
import { erf } from '../approximations/spu/gelu-erf.ts';
import { reciprocalSqrt, sqrt } from '../approximations/spu/root.ts';
import { rowMax } from '../approximations/spu/row-max.ts';
import { sigmoid } from '../approximations/spu/sigmoid.ts';
import { tanh } from '../approximations/spu/tanh.ts';
import * as series from '../approximations/tanh.ts';
import { argmax, argmaxOfJax } from '../circuits/argmax.ts';
import * as compare from '../circuits/compare.ts';
import { secureLookup } from '../models/embedding.ts';
import { EngineError } from '../errors.ts';
import type { AShare, BShare, Protocol } from '../protocol.ts';
import { showShape } from '../ring/tensor.ts';
import {
  form,
  normalisedRows,
  ofOne,
  ofThree,
  ofTwo,
  oneTensor,
  rows,
  sameShapes,
  twoMatrices,
  type Operation,
  type OperationForm,
  type OperationInputs,
  type OperationName,
} from './operation.ts';

const spu = 'SPU 0.5.0 (branch release/0.5.0)';
const own = 'Parley';

/** A form of an operation on one tensor. */
export function unary(
  id: string,
  title: string,
  source: string | null,
  run: (mpc: Protocol, x: AShare) => Promise<unknown>,
): OperationForm {
  return form(id, title, source, ofOne(run));
}

/** A named function as a form. */
export function named(id: string, fn: ElementFunction<string>): OperationForm {
  return unary(id, fn.description, fn.source, (mpc, x) => fn.evaluate(mpc, x));
}

// -- products ---------------------------------------------------------------------------------------

const ringProduct = form(
  'ring',
  'Product of ring elements',
  spu,
  ofTwo((mpc, x, y) => mpc.mul(x, y)),
);
const fixedProduct = form(
  'fixed',
  'Product, then truncation',
  spu,
  ofTwo((mpc, x, y) => mpc.mulTruncate(x, y, mpc.ring.fractionBits)),
);
const ringSquare = unary('ring', 'Square of ring elements', spu, (mpc, x) => mpc.square(x));
const fixedSquare = unary('fixed', 'Square, then truncation', spu, (mpc, x) =>
  mpc.mulTruncate(x, x, mpc.ring.fractionBits),
);
const ringMatrices = form(
  'ring',
  'Matrix product of ring elements',
  spu,
  ofTwo((mpc, x, y) => mpc.matmul(x, y)),
);
const fixedMatrices = form(
  'fixed',
  'Matrix product, then truncation',
  spu,
  ofTwo((mpc, x, y) => mpc.matmulTruncate(x, y, mpc.ring.fractionBits)),
);

/** As in a linear layer: variants that mask a weight once per session open only the other factor. */
const weightMatrix: OperationForm = {
  ...form('weight', 'Matrix product with a weight, then truncation', null, fixedMatrices.run),
  weights: [1],
};

/** PUMA's fact sheet prices products and truncations apart, a profiler of SEMI2K together. */
export const separateProducts: readonly Operation[] = [
  { name: 'mul', ...sameShapes(2), forms: [ringProduct, fixedProduct] },
  { name: 'square', ...oneTensor, forms: [ringSquare, fixedSquare] },
  { name: 'matmul', ...twoMatrices, forms: [ringMatrices, fixedMatrices, weightMatrix] },
];
export const truncatedProducts: readonly Operation[] = [
  { name: 'mul', ...sameShapes(2), forms: [fixedProduct, ringProduct] },
  { name: 'square', ...oneTensor, forms: [fixedSquare, ringSquare] },
  { name: 'matmul', ...twoMatrices, forms: [fixedMatrices, ringMatrices, weightMatrix] },
];

// -- what is the same on every protocol of SPU --------------------------------------------------------

/** Bits that nobody knows, at no cost: what a selection needs. */
function anyBits(mpc: Protocol, x: AShare): BShare {
  return mpc.resizeLanes(mpc.randomBits(x.shape, 1), 8);
}

/** Ids, and a table of as many rows as there are ids to choose from. */
const lookup: OperationInputs = {
  usage: 'TOKENS,VOCABULARYxHIDDEN',
  example: [[1], [8, 4]],
  inputs: (given) => {
    const [ids, table] = given;
    if (given.length !== 2 || ids?.length !== 1 || table?.length !== 2) {
      throw new EngineError(
        'shape',
        `shape: got ${given.map(showShape).join(', ')}, expected TOKENS,VOCABULARYxHIDDEN`,
      );
    }
    return given;
  },
};

/** One form, SPU's. */
function single(
  name: OperationName,
  title: string,
  run: (mpc: Protocol, x: AShare) => Promise<unknown>,
): Operation {
  return { name, ...oneTensor, forms: [unary('spu', title, spu, run)] };
}

export const sharedOperations: readonly Operation[] = [
  single('truncate', 'Division by 2^fractionBits', (mpc, x) =>
    mpc.truncate(x, mpc.ring.fractionBits),
  ),
  single('ltz', 'Sign bit', (mpc, x) => mpc.msb(x)),
  {
    name: 'eq',
    ...sameShapes(2),
    forms: [
      form(
        'spu',
        'Equality',
        spu,
        ofTwo((mpc, x, y) => mpc.isZero(mpc.sub(x, y))),
      ),
    ],
  },
  single('relu', 'max(x, 0): sign, then selection', compare.relu),
  {
    name: 'select',
    ...sameShapes(2),
    forms: [
      form(
        'spu',
        'One of two by a secret bit',
        spu,
        ofTwo((mpc, x, y) => compare.select(mpc, anyBits(mpc, x), x, y)),
      ),
    ],
  },
  single('clamp', 'Held between two public bounds', (mpc, x) => compare.clamp(mpc, x, -5, 5)),
  {
    name: 'max',
    ...rows,
    forms: [
      unary('spu', 'Tree of halves, odd rests last', spu, rowMax),
      unary('tree', 'Tree of ceil(log2 n) levels', own, compare.rowMax),
    ],
  },
  {
    name: 'argmax',
    ...rows,
    forms: [
      unary('jax', "JAX's comparison, with tests for NaN and ties", spu, (mpc, x) =>
        argmaxOfJax(mpc, flatRows(mpc, x)),
      ),
      unary('plain', 'One comparison a pair', own, (mpc, x) => argmax(mpc, flatRows(mpc, x))),
    ],
  },
  single('exp', '(1 + x/256)^256', (mpc, x) => exp(mpc, x)),
  {
    name: 'reciprocal',
    ...oneTensor,
    forms: [
      unary('spu', 'Goldschmidt, two steps, with sign', spu, reciprocal),
      unary('positive', 'The same for positive values only', own, reciprocalOfPositive),
    ],
  },
  {
    name: 'division',
    ...sameShapes(2),
    forms: [form('spu', 'Goldschmidt, two steps, with sign', spu, ofTwo(divide))],
  },
  single('sqrt', 'Product with 1/sqrt(x), one step of Goldschmidt', sqrt),
  {
    name: 'inv_sqrt',
    ...oneTensor,
    forms: [
      unary('spu', 'Quartic on [0.25, 0.5)', spu, reciprocalSqrt),
      unary('overlapped', 'The same with its powers side by side', own, overlappedReciprocalSqrt),
    ],
  },
  single('sigmoid', 'Reciprocal of 1 + exp(-x)', sigmoid),
  {
    name: 'tanh',
    ...oneTensor,
    forms: [
      unary('spu', 'Chebyshev series of degree 17 on [-5, 5]', spu, tanh),
      unary('overlapped', 'The same series in fewer rounds', own, series.tanh),
    ],
  },
  single('erf', 'Clip, then a quotient of polynomials', erf),
  single('hardtanh', 'Held between -1 and 1', (mpc, x) => compare.clamp(mpc, x, -1, 1)),
  {
    name: 'silu',
    ...oneTensor,
    forms: [named('puma', siluPuma)],
  },
  {
    name: 'quad',
    ...oneTensor,
    forms: [named('default', geluQuad)],
  },
  {
    name: 'layernorm',
    ...normalisedRows,
    forms: [
      form(
        'default',
        'One 1/sqrt a row, two products',
        own,
        ofThree((mpc, x, gamma, beta) => layerNorm(mpc, x, gamma, beta, 1e-12)),
      ),
    ],
  },
  {
    name: 'embedding',
    ...lookup,
    forms: [
      {
        ...form(
          'default',
          'Equality with every entry, then a matrix product with the table, a weight',
          spu,
          ofTwo(secureLookup),
        ),
        weights: [1],
      },
    ],
  },
];

function flatRows(mpc: Protocol, x: AShare): AShare {
  const columns = x.shape.at(-1) ?? 1;
  const count = x.shape.slice(0, -1).reduce((product, length) => product * length, 1);
  return mpc.view(x, { reshape: [count, columns] });
}
