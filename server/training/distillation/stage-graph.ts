/**
 * One stage of a distillation as a graph: student and teacher on the same batch, the stage's loss, and
 * the gradients of every weight that it can teach (MPCFormer section 4; see benchmarks/training).
 */
import type { TextModelConfig } from '../../zoo/model-config.ts';
import type { Tensor } from '../../zoo/safetensors.ts';
import type { TrainingGraph } from '../fit.ts';
import { backward, influencing } from '../graph/backward.ts';
import { Graph, type Value } from '../graph/graph.ts';
import { sizeOf } from '../graph/shapes.ts';
import {
  bertGraph,
  type BertFunctions,
  type BertInputs,
  type BertOutputs,
} from '../models/bert.ts';
import * as op from '../operations/index.ts';
import type { Stage } from '../recipe.ts';

export type Weights = ReadonlyMap<string, Tensor>;

export interface StudentShape extends BertFunctions {
  readonly config: TextModelConfig;
  /** Whether a weight is left as it is. */
  readonly isFrozen: (name: string) => boolean;
}

/** A place where the student drops out: its input's name and how many numbers the mask has. */
export interface DropoutSite {
  readonly name: string;
  readonly count: number;
}

export interface StageGraph extends TrainingGraph {
  readonly dropoutSites: readonly DropoutSite[];
}

function tokenInputs(graph: Graph, rows: number, length: number): BertInputs {
  return {
    ids: graph.input('ids', [rows, length], 'int64'),
    keep: graph.input('keep', [rows, length]),
  };
}

/** A weight as a constant of the graph; the same one at every use. */
function frozenWeights(graph: Graph, weights: Weights): (name: string) => Value {
  const made = new Map<string, Value>();
  return (name) => {
    const before = made.get(name);
    if (before !== undefined) return before;
    const { data, shape } = weights.get(name)!;
    const value = graph.constant(data, shape);
    made.set(name, value);
    return value;
  };
}

/** A weight as what is trained, or a constant where it is frozen. */
function studentWeights(
  graph: Graph,
  weights: Weights,
  isFrozen: (name: string) => boolean,
): { weight: (name: string) => Value; parameters: Map<string, Value> } {
  const constant = frozenWeights(graph, weights);
  const parameters = new Map<string, Value>();
  const weight = (name: string): Value => {
    if (isFrozen(name)) return constant(name);
    const value = parameters.get(name) ?? graph.parameter(name, weights.get(name)!.shape);
    parameters.set(name, value);
    return value;
  };
  return { weight, parameters };
}

function stageLoss(
  graph: Graph,
  { loss }: Stage,
  student: BertOutputs,
  teacher: BertOutputs | undefined,
  labels: () => Value,
  keep: Value,
): Value {
  const [rows = 0, length = 0] = keep.shape;
  const terms: Value[] = [];
  const term = (value: Value, weight: number): void => {
    terms.push(op.scale(graph, value, weight));
  };
  if (teacher !== undefined) {
    const positions = op.reshape(graph, keep, [rows, length, 1]);
    const pairs = op.multiply(
      graph,
      op.reshape(graph, keep, [rows, 1, length, 1]),
      op.reshape(graph, keep, [rows, 1, 1, length]),
    );
    // Embeddings of a frozen student are its teacher's; there is nothing to compare.
    const compare = (own: readonly Value[], other: readonly Value[], weights: Value, by: number) =>
      own.forEach((value, index) => {
        const wanted = other[index]!;
        if (by > 0 && value.tracked) {
          term(op.meanSquaredError(graph, value, wanted, weights), by);
        }
      });
    compare(student.hidden, teacher.hidden, positions, loss.hidden);
    compare(student.scores, teacher.scores, pairs, loss.scores);
    if (loss.logits > 0) {
      term(op.distillLogits(graph, student.logits, teacher.logits, loss.temperature), loss.logits);
    }
  }
  if (loss.labels > 0) {
    term(op.crossEntropy(graph, student.logits, labels(), loss.labelSmoothing), loss.labels);
  }
  return terms.reduce((sum, value) => op.add(graph, sum, value));
}

/** The training graph of a stage for a fixed number of rows. */
export function stageGraph(
  student: StudentShape,
  weights: Weights,
  teacherWeights: Weights,
  stage: Stage,
  rows: number,
  dropoutRate: number,
): StageGraph {
  const graph = new Graph();
  const { config } = student;
  const inputs = tokenInputs(graph, rows, config.maxLength);
  const dropoutSites: DropoutSite[] = [];
  const dropout = (x: Value): Value => {
    const name = `dropout${dropoutSites.length}`;
    dropoutSites.push({ name, count: sizeOf(x.shape) });
    return op.dropout(graph, x, graph.input(name, x.shape));
  };
  const { weight, parameters } = studentWeights(graph, weights, student.isFrozen);
  const own = bertGraph(graph, config, inputs, {
    weight,
    gelu: student.gelu,
    softmax: student.softmax,
    ...(dropoutRate > 0 ? { dropout } : {}),
  });
  const { hidden, scores, logits } = stage.loss;
  const teacher =
    hidden + scores + logits > 0
      ? bertGraph(graph, config, inputs, {
          weight: frozenWeights(graph, teacherWeights),
          gelu: 'exact',
          softmax: 'exact',
        })
      : undefined;
  const labels = (): Value => graph.input('labels', [rows], 'int64');
  const loss = stageLoss(graph, stage, own, teacher, labels, inputs.keep);
  const reached = influencing(graph, loss);
  const trained = [...parameters.keys()].filter((name) => reached.has(name));
  graph.output('loss', loss);
  const wanted = trained.map((name) => parameters.get(name)!);
  backward(graph, loss, wanted).forEach((gradient, index) =>
    graph.output(`gradient:${trained[index]!}`, gradient),
  );
  return { graph, trained, dropoutSites };
}

/** The student alone, to be judged: ids and keep to `logits`. */
export function judgingGraph(student: StudentShape, weights: Weights, rows: number): Graph {
  const graph = new Graph();
  const { weight } = studentWeights(graph, weights, student.isFrozen);
  const { logits } = bertGraph(
    graph,
    student.config,
    tokenInputs(graph, rows, student.config.maxLength),
    {
      weight,
      gelu: student.gelu,
      softmax: student.softmax,
    },
  );
  graph.output('logits', logits);
  return graph;
}
