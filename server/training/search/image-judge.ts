/** Accuracy of an image classifier on labelled images, in float32, not augmented. */
import { predictedLabel } from '../../zoo/float-bert.ts';
import { Graph } from '../graph/graph.ts';
import { imageFeeds, type ImageRows } from '../images.ts';
import {
  fixedAttention,
  vitLiteGraph,
  vitLiteWeightShapes,
  type LayerAttention,
  type VitLiteConfig,
} from '../models/vit-lite.ts';
import * as op from '../operations/index.ts';
import { TrainingSession } from '../session.ts';
import { alphaName, patchesOf, type Weights } from './network.ts';

/** Images judged at once. */
const judgingBatch = 100;

/** Accuracy of a network whose heads are fixed, or still mixed where its weights hold alphas. */
export class ImageJudge {
  readonly #session: TrainingSession;
  readonly #config: VitLiteConfig;

  private constructor(session: TrainingSession, config: VitLiteConfig) {
    this.#session = session;
    this.#config = config;
  }

  static async open(config: VitLiteConfig, mixed: boolean, threads: number): Promise<ImageJudge> {
    const graph = new Graph();
    const shapes = vitLiteWeightShapes(config);
    const patches = patchesOf(graph, config, judgingBatch);
    const attention: LayerAttention = mixed
      ? (inner, scores, layer) =>
          op.mixedAttention(inner, scores, graph.input(alphaName(layer), [config.heads, 1, 1]))
      : fixedAttention(config.attention);
    const inputs = new Map([...shapes].map(([name, shape]) => [name, graph.input(name, shape)]));
    const { logits } = vitLiteGraph(graph, config, patches, (name) => inputs.get(name)!, attention);
    graph.output('logits', logits);
    return new ImageJudge(await TrainingSession.open(graph, threads), config);
  }

  /** Logits of the first `count` images, [count, labels]. */
  async logits(weights: Weights, images: ImageRows, count: number): Promise<Float32Array> {
    const { labels, patchSize } = this.#config;
    const all = new Float32Array(count * labels);
    for (let start = 0; start < count; start += judgingBatch) {
      const rows = Array.from({ length: judgingBatch }, (_, at) => Math.min(start + at, count - 1));
      const { patches } = imageFeeds(images, rows, patchSize);
      const feeds: Record<string, Float32Array> = { patches };
      for (const [name, { data }] of weights) feeds[name] = data;
      const { logits } = await this.#session.run(feeds);
      all.set(logits!.subarray(0, Math.min(judgingBatch, count - start) * labels), start * labels);
    }
    return all;
  }

  async accuracy(weights: Weights, images: ImageRows, count: number): Promise<number> {
    const { labels } = this.#config;
    const logits = await this.logits(weights, images, count);
    let right = 0;
    for (let row = 0; row < count; row += 1) {
      const found = logits.subarray(row * labels, (row + 1) * labels);
      if (predictedLabel(found) === images.labels[row]) right += 1;
    }
    return right / count;
  }

  close(): Promise<void> {
    return this.#session.close();
  }
}
