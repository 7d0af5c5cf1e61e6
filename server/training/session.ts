/** An ONNX graph opened in onnxruntime and run with named arrays. */
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { TrainingError } from './errors.ts';
import type { Graph } from './graph/graph.ts';
import { sizeOf } from './graph/shapes.ts';
import type { Declared, TensorData } from './onnx/model.ts';

export type Feeds = Readonly<Record<string, TensorData>>;

export class TrainingSession {
  readonly #session: InferenceSession;
  readonly #inputs: readonly Declared[];

  private constructor(session: InferenceSession, inputs: readonly Declared[]) {
    this.#session = session;
    this.#inputs = inputs;
  }

  /**
   * @param threads of one operator; with 1, two runs agree to the bit
   * @throws TrainingError naming what onnxruntime refused
   */
  static async open(graph: Graph, threads: number): Promise<TrainingSession> {
    const session = await InferenceSession.create(graph.encode(), {
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      executionMode: 'sequential',
      graphOptimizationLevel: 'all',
      logSeverityLevel: 3,
      // Idle threads sleep: training runs beside other work, for hours.
      extra: { session: { intra_op: { allow_spinning: '0' }, set_denormal_as_zero: '1' } },
    }).catch((cause: unknown) => {
      throw new TrainingError(
        'graph',
        `onnxruntime refuses the graph: ${cause instanceof Error ? cause.message : String(cause)}`,
        { cause },
      );
    });
    return new TrainingSession(session, graph.inputs);
  }

  /**
   * @returns the outputs by name; their arrays are new at every run
   * @throws TrainingError when an input is missing or has another size than declared
   */
  async run(feeds: Feeds): Promise<Record<string, Float32Array>> {
    const tensors: Record<string, Tensor> = {};
    for (const { name, shape, type } of this.#inputs) {
      const data = feeds[name];
      if (data === undefined || data.length !== sizeOf(shape)) {
        throw new TrainingError(
          'graph',
          `input "${name}" needs ${sizeOf(shape)} values, it got ${data?.length ?? 'none'}.`,
        );
      }
      tensors[name] = new Tensor(type, data, [...shape]);
    }
    const results = await this.#session.run(tensors);
    const arrays: Record<string, Float32Array> = {};
    for (const [name, tensor] of Object.entries(results)) {
      if (!(tensor.data instanceof Float32Array)) {
        throw new TrainingError('graph', `output "${name}" is ${tensor.type}, not float.`);
      }
      arrays[name] = tensor.data;
    }
    return arrays;
  }

  async close(): Promise<void> {
    await this.#session.release();
  }
}
