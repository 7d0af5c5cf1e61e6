/** Reads a checkpoint's tensors by name, in the layouts in which models use them. */
import type { AShare } from '../protocol.ts';
import { elementCount, type Shape } from '../ring/tensor.ts';
import type { Linear } from './linear.ts';
import type { ReadWeight, WeightRecipe } from './model.ts';
import type { Norm } from './norm.ts';

export class Checkpoint {
  readonly #read: ReadWeight;

  constructor(read: ReadWeight) {
    this.#read = read;
  }

  /** A tensor as it is; `stored` where the checkpoint has further axes of length 1. */
  plain(name: string, shape: Shape, stored?: Shape): Promise<AShare> {
    return this.#one({ shape, from: [name], transpose: false }, stored);
  }

  /** Layers that read the same input, side by side, stored [out, in]; `factor` times what they say. */
  async dense(
    names: readonly string[],
    inputs: number,
    outputs: number,
    factor?: number,
  ): Promise<Linear> {
    const scaled = factor === undefined ? {} : { factor };
    return {
      weight: await this.#read({
        shape: [inputs, outputs],
        from: names.map((name) => `${name}.weight`),
        transpose: true,
        ...scaled,
      }),
      bias: await this.#read({
        shape: [outputs],
        from: names.map((name) => `${name}.bias`),
        transpose: false,
        ...scaled,
      }),
    };
  }

  /** The same without bias; also for a table that serves as a layer. */
  async bare(names: readonly string[], inputs: number, outputs: number): Promise<Linear> {
    const weights = names.map((name) => `${name}.weight`);
    return { weight: await this.matrix(weights, inputs, outputs), bias: null };
  }

  /** Stored [out, in], used [in, out]. */
  matrix(names: readonly string[], inputs: number, outputs: number): Promise<AShare> {
    return this.#one({ shape: [inputs, outputs], from: names, transpose: true });
  }

  /** A layer stored [in, out], as GPT-2's are. */
  async inputMajor(name: string, inputs: number, outputs: number): Promise<Linear> {
    return {
      weight: await this.plain(`${name}.weight`, [inputs, outputs]),
      bias: await this.plain(`${name}.bias`, [outputs]),
    };
  }

  /** Two layers with nothing between them as one; stored [out, in], or `transpose` false: [in, out]. */
  async fused(
    first: string,
    second: string,
    sizes: { readonly inputs: number; readonly inner: number; readonly outputs: number },
    transpose: boolean,
  ): Promise<Linear> {
    const { inputs, inner, outputs } = sizes;
    const fused = { inputs, inner };
    return {
      weight: await this.#read({
        shape: [inputs, outputs],
        from: [`${first}.weight`, `${second}.weight`],
        transpose,
        fused: { part: 'matrix', ...fused },
      }),
      bias: await this.#read({
        shape: [outputs],
        from: [`${first}.bias`, `${second}.weight`, `${second}.bias`],
        transpose,
        fused: { part: 'bias', ...fused },
      }),
    };
  }

  /** A convolution whose stride is its kernel: a layer on unfolded patches. `stored` is [out, ...in]. */
  async patches(name: string, stored: Shape): Promise<Linear> {
    const [outputs = 0, ...rest] = stored;
    const weight = {
      shape: [elementCount(rest), outputs],
      from: [`${name}.weight`],
      transpose: true,
    };
    return {
      weight: await this.#one(weight, stored),
      bias: await this.plain(`${name}.bias`, [outputs]),
    };
  }

  async norm(name: string, width: number): Promise<Norm> {
    return {
      gamma: await this.plain(`${name}.weight`, [width]),
      beta: await this.plain(`${name}.bias`, [width]),
    };
  }

  #one(recipe: WeightRecipe, stored?: Shape): Promise<AShare> {
    return this.#read(stored === undefined ? recipe : { ...recipe, stored });
  }
}
