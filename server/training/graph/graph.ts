/**
 * A computation as data: typed tensors and the operators between them, with a tape for the gradients.
 *
 * Operations (server/training/operations/) add nodes here. Each one that a gradient may flow through
 * records a rule: given the gradient of its output, the gradients of its inputs, as further nodes. The
 * rules are applied by `backward`; the finished graph holds the forward and the reverse pass and is
 * encoded as one ONNX model.
 */
import { TrainingError } from '../errors.ts';
import {
  encodeModel,
  type Attribute,
  type Declared,
  type ElementType,
  type Initializer,
  type Node,
  type TensorData,
} from '../onnx/model.ts';
import { sizeOf, type Shape } from './shapes.ts';

/** A tensor of the graph. `tracked`: it depends on a parameter, so a gradient flows through it. */
export interface Value extends Declared {
  readonly tracked: boolean;
}

/** Gradients of an operation's inputs from that of its output; undefined where none flows. */
export type GradientRule = (gradient: Value) => readonly (Value | undefined)[];

export interface TapeEntry {
  readonly output: Value;
  readonly inputs: readonly Value[];
  readonly rule: GradientRule;
}

interface NodeOptions {
  readonly domain?: 'com.microsoft';
  readonly attributes?: Readonly<Record<string, Attribute>>;
  readonly type?: ElementType;
}

export class Graph {
  readonly #nodes: Node[] = [];
  readonly #initializers = new Map<string, Initializer>();
  readonly #inputs = new Map<string, Value>();
  readonly #outputs: Declared[] = [];
  readonly #tape: TapeEntry[] = [];
  #count = 0;

  #name(kind: string): string {
    this.#count += 1;
    return `${kind}.${this.#count}`;
  }

  /** What is fed at every step: ids, masks, labels. */
  input(name: string, shape: Shape, type: ElementType = 'float32'): Value {
    return this.#declare({ name, shape, type, tracked: false });
  }

  /** What is trained: fed at every step like an input, and a gradient flows to it. */
  parameter(name: string, shape: Shape): Value {
    return this.#declare({ name, shape, type: 'float32', tracked: true });
  }

  #declare(value: Value): Value {
    if (this.#inputs.has(value.name)) {
      throw new TrainingError('graph', `the graph has an input "${value.name}" already.`);
    }
    this.#inputs.set(value.name, value);
    return value;
  }

  /** A tensor that never changes, such as a teacher's weight. */
  constant(data: TensorData, shape: Shape): Value {
    if (data.length !== sizeOf(shape)) {
      throw new TrainingError(
        'graph',
        `${data.length} values do not fill a constant of shape [${shape.join(', ')}].`,
      );
    }
    const type = data instanceof Float32Array ? 'float32' : 'int64';
    const name = this.#name('constant');
    this.#initializers.set(name, { name, type, shape, data });
    return { name, type, shape, tracked: false };
  }

  scalar(value: number): Value {
    return this.constant(Float32Array.of(value), []);
  }

  /** Sizes, axes and positions, which ONNX takes as tensors. */
  integers(values: readonly number[]): Value {
    return this.constant(BigInt64Array.from(values, BigInt), [values.length]);
  }

  /**
   * Adds an operator with one output. It is tracked when an input is; an operation that lets a gradient
   * through then calls `record`.
   */
  node(operator: string, inputs: readonly Value[], shape: Shape, options: NodeOptions = {}): Value {
    return this.nodes(operator, inputs, [shape], options)[0]!;
  }

  /** As `node`, with one output per shape. */
  nodes(
    operator: string,
    inputs: readonly Value[],
    shapes: readonly Shape[],
    { domain, attributes = {}, type = 'float32' }: NodeOptions = {},
  ): Value[] {
    const tracked = type === 'float32' && inputs.some((input) => input.tracked);
    const outputs = shapes.map((shape) => ({ name: this.#name(operator), type, shape, tracked }));
    this.#nodes.push({
      operator,
      domain: domain ?? '',
      inputs: inputs.map(({ name }) => name),
      outputs: outputs.map(({ name }) => name),
      attributes,
    });
    return outputs;
  }

  /** Notes how a gradient passes an operation; returns its output. */
  record(output: Value, inputs: readonly Value[], rule: GradientRule): Value {
    if (output.tracked) this.#tape.push({ output, inputs, rule });
    return output;
  }

  /** The same values, cut off from the tape: no gradient flows past it. */
  detach(value: Value): Value {
    return { ...value, tracked: false };
  }

  /** Rules recorded so far, oldest first. */
  get tape(): readonly TapeEntry[] {
    return this.#tape;
  }

  /** What a run of the graph returns, under a name of its own. */
  output(name: string, value: Value): void {
    this.#nodes.push({
      operator: 'Identity',
      domain: '',
      inputs: [value.name],
      outputs: [name],
      attributes: {},
    });
    this.#outputs.push({ name, type: value.type, shape: value.shape });
  }

  /** Inputs that the outputs depend on; no other needs to be fed. */
  get inputs(): readonly Declared[] {
    const { names } = this.#live();
    return [...this.#inputs.values()].filter(({ name }) => names.has(name));
  }

  get outputs(): readonly Declared[] {
    return this.#outputs;
  }

  /** Nodes that lead to an output, and the names of all that they read or make. */
  #live(): { nodes: Node[]; names: Set<string> } {
    const names = new Set(this.#outputs.map(({ name }) => name));
    const nodes: Node[] = [];
    for (const node of this.#nodes.slice().reverse()) {
      if (!node.outputs.some((name) => names.has(name))) continue;
      nodes.push(node);
      for (const name of [...node.inputs, ...node.outputs]) names.add(name);
    }
    return { nodes: nodes.reverse(), names };
  }

  /** The whole as an ONNX model, without what no output depends on. */
  encode(): Uint8Array {
    const { nodes, names } = this.#live();
    return encodeModel({
      nodes,
      initializers: [...this.#initializers.values()].filter(({ name }) => names.has(name)),
      inputs: this.inputs,
      outputs: this.#outputs,
    });
  }
}
