/**
 * AdamW (Loshchilov and Hutter 2019) on arrays, after clipping the gradients' common norm.
 *
 * It runs outside the graph: onnxruntime would return parameters and both moments as new arrays at every
 * step, which costs more than this loop (benchmarks/training/optimiser.ts measures both).
 */

export interface AdamOptions {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  /** Shrinks weights by rate x decay at each step; matrices only, not biases and norms. */
  readonly weightDecay: number;
  /** Largest Euclidean norm of all gradients together; 0 turns clipping off. */
  readonly clipNorm: number;
}

export interface TrainedParameter {
  readonly name: string;
  readonly shape: readonly number[];
  /** Changed in place. */
  readonly data: Float32Array;
  /** The step size is the schedule's times this. */
  readonly rateFactor: number;
}

interface Moments {
  readonly first: Float32Array;
  readonly second: Float32Array;
}

export class AdamW {
  readonly #options: AdamOptions;
  readonly #parameters: readonly TrainedParameter[];
  readonly #moments: ReadonlyMap<string, Moments>;
  #steps = 0;

  constructor(parameters: readonly TrainedParameter[], options: AdamOptions) {
    this.#options = options;
    this.#parameters = parameters;
    this.#moments = new Map(
      parameters.map(({ name, data }) => [
        name,
        { first: new Float32Array(data.length), second: new Float32Array(data.length) },
      ]),
    );
  }

  /** Euclidean norm of all gradients together. */
  static norm(gradients: Iterable<Float32Array>): number {
    let sum = 0;
    for (const gradient of gradients) {
      for (let index = 0; index < gradient.length; index += 1) {
        sum += gradient[index]! * gradient[index]!;
      }
    }
    return Math.sqrt(sum);
  }

  /**
   * One step down the gradients.
   * @param gradientOf a parameter's gradient, of its length
   * @param norm       of all gradients together
   */
  step(gradientOf: (name: string) => Float32Array, norm: number, rate: number): void {
    const { beta1, beta2, epsilon, weightDecay, clipNorm } = this.#options;
    this.#steps += 1;
    const clip = clipNorm > 0 && norm > clipNorm ? clipNorm / norm : 1;
    const firstBias = 1 - beta1 ** this.#steps;
    const secondBias = Math.sqrt(1 - beta2 ** this.#steps);
    for (const { name, shape, data, rateFactor } of this.#parameters) {
      const gradient = gradientOf(name);
      const { first, second } = this.#moments.get(name)!;
      const size = (rate * rateFactor) / firstBias;
      const keep = shape.length > 1 ? 1 - rate * rateFactor * weightDecay : 1;
      for (let index = 0; index < data.length; index += 1) {
        const slope = gradient[index]! * clip;
        const m = beta1 * first[index]! + (1 - beta1) * slope;
        const v = beta2 * second[index]! + (1 - beta2) * slope * slope;
        first[index] = m;
        second[index] = v;
        data[index] = data[index]! * keep - (size * m) / (Math.sqrt(v) / secondBias + epsilon);
      }
    }
  }

  /** The moments as tensors for a checkpoint: `<prefix><name>.m` and `.v`. */
  state(): {
    steps: number;
    tensors: Map<string, { shape: readonly number[]; data: Float32Array }>;
  } {
    const tensors = new Map<string, { shape: readonly number[]; data: Float32Array }>();
    for (const { name, shape } of this.#parameters) {
      const { first, second } = this.#moments.get(name)!;
      tensors.set(`${name}.m`, { shape, data: first });
      tensors.set(`${name}.v`, { shape, data: second });
    }
    return { steps: this.#steps, tensors };
  }

  /** Continues where `state` was taken; parameters without saved moments start at zero. */
  restore(steps: number, saved: ReadonlyMap<string, { data: Float32Array }>): void {
    this.#steps = steps;
    for (const [name, { first, second }] of this.#moments) {
      const m = saved.get(`${name}.m`);
      const v = saved.get(`${name}.v`);
      if (m !== undefined && v !== undefined) {
        first.set(m.data);
        second.set(v.data);
      }
    }
  }
}
