/** Accuracy of a student on labelled rows, in float32, dropout off. */
import { sizeOf } from '../graph/shapes.ts';
import { predictedLabel } from '../../zoo/float-bert.ts';
import { tokenFeeds, type TokenRows } from '../data.ts';
import { TrainingSession } from '../session.ts';
import { judgingGraph, type StudentShape, type Weights } from './stage-graph.ts';

export class Judge {
  readonly #session: TrainingSession;
  readonly #batch: number;
  readonly #labels: number;

  private constructor(session: TrainingSession, batch: number, labels: number) {
    this.#session = session;
    this.#batch = batch;
    this.#labels = labels;
  }

  static async open(
    student: StudentShape,
    weights: Weights,
    batch: number,
    threads: number,
  ): Promise<Judge> {
    const graph = judgingGraph(student, weights, batch);
    const labels = sizeOf(graph.outputs[0]!.shape) / batch;
    return new Judge(await TrainingSession.open(graph, threads), batch, labels);
  }

  /** Logits of the chosen rows, [rows, labels]; the last batch is filled up with its last row. */
  async logits(
    weights: Weights,
    rows: TokenRows,
    chosen: readonly number[],
  ): Promise<Float32Array> {
    const all = new Float32Array(chosen.length * this.#labels);
    for (let start = 0; start < chosen.length; start += this.#batch) {
      const batch = Array.from(
        { length: this.#batch },
        (_, index) => chosen[Math.min(start + index, chosen.length - 1)]!,
      );
      const feeds: Record<string, Float32Array | BigInt64Array> = { ...tokenFeeds(rows, batch) };
      for (const [name, { data }] of weights) feeds[name] = data;
      const { logits } = await this.#session.run(feeds);
      const count = Math.min(this.#batch, chosen.length - start) * this.#labels;
      all.set(logits!.subarray(0, count), start * this.#labels);
    }
    return all;
  }

  /** Fraction of the first `count` rows whose largest logit is the label's. */
  async accuracy(weights: Weights, rows: TokenRows, count: number): Promise<number> {
    const logits = await this.logits(
      weights,
      rows,
      Array.from({ length: count }, (_, row) => row),
    );
    let right = 0;
    for (let row = 0; row < count; row += 1) {
      const found = logits.subarray(row * this.#labels, (row + 1) * this.#labels);
      if (predictedLabel(found) === rows.labels[row]) right += 1;
    }
    return right / count;
  }

  close(): Promise<void> {
    return this.#session.close();
  }
}
