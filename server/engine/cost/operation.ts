/**
 * What `parley costs --op` prices: an operation by name, in the forms in which the frameworks and
 * papers have it, written against `Protocol` like everything else.
 */
import { EngineError } from '../errors.ts';
import type { AShare, Protocol } from '../protocol.ts';
import { sameShape, showShape, type Shape } from '../ring/tensor.ts';

export const operationNames = [
  'mul',
  'square',
  'matmul',
  'truncate',
  'ltz',
  'eq',
  'relu',
  'select',
  'clamp',
  'max',
  'argmax',
  'exp',
  'log',
  'reciprocal',
  'division',
  'sqrt',
  'inv_sqrt',
  'sigmoid',
  'tanh',
  'erf',
  'hardtanh',
  'gelu',
  'silu',
  'quad',
  'softmax',
  '2quad',
  '2relu',
  'layernorm',
  'embedding',
] as const;
export type OperationName = (typeof operationNames)[number];

export interface OperationForm {
  /** Named in `--form`. */
  readonly id: string;
  /** What exactly is computed, in one line. */
  readonly title: string;
  /** File and commit, paper and section; null for our own. */
  readonly source: string | null;
  /** Operands, by index, that are weights: shared once per session, which costs nothing here. */
  readonly weights?: readonly number[];
  readonly run: (mpc: Protocol, inputs: readonly AShare[]) => Promise<unknown>;
}

export interface Operation {
  readonly name: OperationName;
  /** The shapes to give, for people: `NxM`, `MxK,KxN`. */
  readonly usage: string;
  /** The smallest shapes that show what the operation costs: what tables price. */
  readonly example: readonly Shape[];
  /** Shapes of all inputs; throws `EngineError('shape')` where the ones given do not fit. */
  readonly inputs: (given: readonly Shape[]) => readonly Shape[];
  /** The first is meant where none is named. */
  readonly forms: readonly [OperationForm, ...OperationForm[]];
}

type Run = OperationForm['run'];

export function form(id: string, title: string, source: string | null, run: Run): OperationForm {
  return { id, title, source, run };
}

/** A form's `run` from a function of one, two or three shares. */
export function ofOne(fn: (mpc: Protocol, x: AShare) => Promise<unknown>): Run {
  return (mpc, inputs) => fn(mpc, at(inputs, 0));
}

export function ofTwo(fn: (mpc: Protocol, x: AShare, y: AShare) => Promise<unknown>): Run {
  return (mpc, inputs) => fn(mpc, at(inputs, 0), at(inputs, 1));
}

export function ofThree(
  fn: (mpc: Protocol, x: AShare, y: AShare, z: AShare) => Promise<unknown>,
): Run {
  return (mpc, inputs) => fn(mpc, at(inputs, 0), at(inputs, 1), at(inputs, 2));
}

function at(inputs: readonly AShare[], index: number): AShare {
  const input = inputs[index];
  if (input === undefined) throw new EngineError('shape', `operand ${index} is missing`);
  return input;
}

/** What an operation takes. */
export type OperationInputs = Pick<Operation, 'usage' | 'example' | 'inputs'>;

/** One tensor of any shape. */
export const oneTensor: OperationInputs = {
  usage: 'shape',
  example: [[1]],
  inputs: (given) => [only(given, 'shape')],
};

/** One tensor whose last axis is the row. */
export const rows: OperationInputs = {
  usage: 'ROWSxLENGTH',
  example: [[1, 32]],
  inputs: (given) => {
    const shape = only(given, 'ROWSxLENGTH');
    if (shape.length === 0) throw misfit(given, 'ROWSxLENGTH: a row needs at least one axis');
    return [shape];
  },
};

/** `count` tensors of one shape, which may be given once. */
export function sameShapes(count: number): OperationInputs {
  const usage = 'shape (once for all operands)';
  return {
    usage,
    example: [[1]],
    inputs: (given) => {
      const [first] = given;
      const all = given.every((shape) => first !== undefined && sameShape(shape, first));
      if (first === undefined || !all || (given.length !== 1 && given.length !== count)) {
        throw misfit(given, `one shape, or ${count} equal ones`);
      }
      return Array<Shape>(count).fill(first);
    },
  };
}

/** A matrix product's factors; `matmul` itself checks that they fit. */
export const twoMatrices: OperationInputs = {
  usage: 'MxK,KxN',
  example: [
    [2, 3],
    [3, 4],
  ],
  inputs: (given) => {
    if (given.length !== 2) throw misfit(given, 'two shapes, MxK,KxN');
    return given;
  },
};

/** Rows, and a gamma and a beta as long as a row. */
export const normalisedRows: OperationInputs = {
  usage: 'ROWSxLENGTH',
  example: [[1, 32]],
  inputs: (given) => {
    const [shape] = rows.inputs(given);
    const length = shape?.at(-1) ?? 1;
    return [shape ?? [], [length], [length]];
  },
};

function only(given: readonly Shape[], usage: string): Shape {
  const [shape] = given;
  if (shape === undefined || given.length !== 1) throw misfit(given, `one shape, ${usage}`);
  return shape;
}

function misfit(given: readonly Shape[], expected: string): EngineError {
  const shown = given.length === 0 ? 'nothing' : given.map(showShape).join(', ');
  return new EngineError('shape', `shape: got ${shown}, expected ${expected}`);
}
