/**
 * The few messages of ONNX (onnx.proto, IR version 8) that a training graph is made of.
 *
 * All shapes are fixed: a graph is built for one batch size, which lets onnxruntime plan its memory.
 */
import { bytes, float, join, message, string, whole, type Pieces } from './protobuf.ts';

export type ElementType = 'float32' | 'int64' | 'bool';
const elementCodes = { float32: 1, int64: 7, bool: 9 } as const;

export type TensorData = Float32Array | BigInt64Array;

export interface Declared {
  readonly name: string;
  readonly type: ElementType;
  readonly shape: readonly number[];
}

export interface Initializer extends Declared {
  readonly data: TensorData;
}

/** A whole number, a list of them, a text, or `{ float }`, since 1 may be either number. */
export type Attribute = number | readonly number[] | string | { readonly float: number };

export interface Node {
  readonly operator: string;
  /** '' for ONNX's own operators, 'com.microsoft' for those that onnxruntime adds. */
  readonly domain: '' | 'com.microsoft';
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, Attribute>>;
}

export interface Model {
  readonly nodes: readonly Node[];
  readonly initializers: readonly Initializer[];
  readonly inputs: readonly Declared[];
  readonly outputs: readonly Declared[];
}

function attribute(name: string, value: Attribute): Pieces {
  const named = string(1, name);
  if (typeof value === 'number') return [...named, ...whole(3, value), ...whole(20, 2)];
  if (typeof value === 'string') return [...named, ...string(4, value), ...whole(20, 3)];
  if ('float' in value) return [...named, ...float(2, value.float), ...whole(20, 1)];
  return [...named, ...value.flatMap((entry) => whole(8, entry)), ...whole(20, 7)];
}

function node({ operator, domain, inputs, outputs, attributes }: Node): Pieces {
  return [
    ...inputs.flatMap((name) => string(1, name)),
    ...outputs.flatMap((name) => string(2, name)),
    ...string(4, operator),
    ...Object.entries(attributes).flatMap(([name, value]) => message(5, attribute(name, value))),
    ...string(7, domain),
  ];
}

function initializer({ name, type, shape, data }: Initializer): Pieces {
  return [
    ...shape.flatMap((size) => whole(1, size)),
    ...whole(2, elementCodes[type]),
    ...string(8, name),
    ...bytes(9, new Uint8Array(data.buffer, data.byteOffset, data.byteLength)),
  ];
}

function declared({ name, type, shape }: Declared): Pieces {
  const dimensions = shape.flatMap((size) => message(1, whole(1, size)));
  const tensor = [...whole(1, elementCodes[type]), ...message(2, dimensions)];
  return [...string(1, name), ...message(2, message(1, tensor))];
}

/** Operators are those of ONNX operator set 17 and onnxruntime's set 1. */
export function encodeModel({ nodes, initializers, inputs, outputs }: Model): Uint8Array {
  const graph = [
    ...nodes.flatMap((one) => message(1, node(one))),
    ...string(2, 'training'),
    ...initializers.flatMap((one) => message(5, initializer(one))),
    ...inputs.flatMap((one) => message(11, declared(one))),
    ...outputs.flatMap((one) => message(12, declared(one))),
  ];
  return join([
    ...whole(1, 8),
    ...message(7, graph),
    ...message(8, [...string(1, ''), ...whole(2, 17)]),
    ...message(8, [...string(1, 'com.microsoft'), ...whole(2, 1)]),
  ]);
}
