/**
 * The architectures again, as plain loops over float numbers, written from the papers' formulas and
 * Hugging Face's tensor names, sharing nothing with the engine: what the engine's models are held to.
 * A matrix is a list of rows.
 */
import type {
  BertConfig,
  Gpt2Config,
  HeadKind,
  LlamaConfig,
  RobertaConfig,
  VitConfig,
  VitLiteConfig,
} from '../../../server/engine/models/config.ts';
import type { Weights } from '../../../server/engine/plan.ts';

type Matrix = number[][];

function erf(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; n < 120; n++) {
    term *= (-x * x) / n;
    sum += term / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
}

const gelu = (x: number) => 0.5 * x * (1 + erf(x / Math.SQRT2));
const silu = (x: number) => x / (1 + Math.exp(-x));

class Tensors {
  readonly #weights: Weights;
  constructor(weights: Weights) {
    this.#weights = weights;
  }
  vector(name: string): number[] {
    const tensor = this.#weights.get(name);
    if (tensor === undefined) throw new Error(`no tensor ${name}`);
    return [...tensor.data];
  }
  /** Rows of the first axis, everything else flattened. */
  matrix(name: string): Matrix {
    const rows = this.#weights.get(name)!.shape[0]!;
    const all = this.vector(name);
    const width = all.length / rows;
    return Array.from({ length: rows }, (_, row) => all.slice(row * width, (row + 1) * width));
  }
  has(name: string): boolean {
    return this.#weights.has(name);
  }
  /** x W^T + b with W [out, in]; bias where there is one. */
  linear(x: Matrix, name: string): Matrix {
    const w = this.matrix(`${name}.weight`);
    const b = this.has(`${name}.bias`) ? this.vector(`${name}.bias`) : w.map(() => 0);
    return x.map((row) => w.map((column, out) => dot(row, column) + b[out]!));
  }
  /** The same with W [in, out]. */
  conv1d(x: Matrix, name: string): Matrix {
    const w = transpose(this.matrix(`${name}.weight`));
    const b = this.vector(`${name}.bias`);
    return x.map((row) => w.map((column, out) => dot(row, column) + b[out]!));
  }
  layerNorm(x: Matrix, name: string, epsilon: number): Matrix {
    const gamma = this.vector(`${name}.weight`);
    const beta = this.vector(`${name}.bias`);
    return x.map((row) => {
      const mean = row.reduce((a, b) => a + b, 0) / row.length;
      const variance = row.reduce((a, b) => a + (b - mean) ** 2, 0) / row.length;
      return row.map((v, i) => ((v - mean) / Math.sqrt(variance + epsilon)) * gamma[i]! + beta[i]!);
    });
  }
  rmsNorm(x: Matrix, name: string, epsilon: number): Matrix {
    const gamma = this.vector(`${name}.weight`);
    return x.map((row) => {
      const square = row.reduce((a, b) => a + b * b, 0) / row.length;
      return row.map((v, i) => (v / Math.sqrt(square + epsilon)) * gamma[i]!);
    });
  }
}

const dot = (x: readonly number[], y: readonly number[]) => x.reduce((s, v, i) => s + v * y[i]!, 0);
const transpose = (m: Matrix): Matrix => m[0]!.map((_, column) => m.map((row) => row[column]!));
const plus = (x: Matrix, y: Matrix): Matrix => x.map((row, i) => row.map((v, j) => v + y[i]![j]!));
const each = (x: Matrix, f: (v: number) => number): Matrix => x.map((row) => row.map(f));

function softmaxRow(scores: readonly number[], visible: (j: number) => boolean): number[] {
  const powers = scores.map((s, j) => (visible(j) ? Math.exp(s) : 0));
  const total = powers.reduce((a, b) => a + b, 0);
  return powers.map((p) => p / total);
}

function headWeights(kind: HeadKind, scores: number[], visible: (j: number) => boolean): number[] {
  const over = (values: number[]) => {
    const total = values.reduce((a, b) => a + b, 1e-5);
    return values.map((v) => v / total);
  };
  if (kind === 'softmax') return softmaxRow(scores, visible);
  if (kind === 'relu') return over(scores.map((s) => Math.max(s, 0)));
  if (kind === '2quad') return over(scores.map((s) => s * s));
  return scores.map((s) => s / scores.length);
}

interface Options {
  readonly heads: number;
  readonly visible: (query: number, key: number) => boolean;
  readonly kinds?: readonly HeadKind[];
  readonly rotate?: (row: number[], position: number) => number[];
}

function attend(q: Matrix, k: Matrix, v: Matrix, o: Options): Matrix {
  const width = q[0]!.length / o.heads;
  const out = q.map((row) => row.map(() => 0));
  for (let head = 0; head < o.heads; head++) {
    const cut = (m: Matrix) =>
      m.map((row, position) => {
        const own = row.slice(head * width, (head + 1) * width);
        return o.rotate === undefined || m === v ? own : o.rotate(own, position);
      });
    const [qs, ks, vs] = [cut(q), cut(k), cut(v)];
    qs.forEach((query, i) => {
      const scores = ks.map((key) => dot(query, key) / Math.sqrt(width));
      const kind = o.kinds?.[head] ?? 'softmax';
      const weights = headWeights(kind, scores, (j) => o.visible(i, j));
      for (let t = 0; t < width; t++) {
        out[i]![head * width + t] = weights.reduce((s, w, j) => s + w * vs[j]![t]!, 0);
      }
    });
  }
  return out;
}

function encoder(
  t: Tensors,
  model: string,
  config: BertConfig | RobertaConfig,
  ids: readonly number[],
  mask: readonly number[],
  firstPosition: number,
): Matrix {
  const words = t.matrix(`${model}.embeddings.word_embeddings.weight`);
  const positions = t.matrix(`${model}.embeddings.position_embeddings.weight`);
  const [type] = t.matrix(`${model}.embeddings.token_type_embeddings.weight`);
  const epsilon = config.layerNormEpsilon;
  let x = ids.map((id, i) =>
    words[id]!.map((v, k) => v + positions[firstPosition + i]![k]! + type![k]!),
  );
  x = t.layerNorm(x, `${model}.embeddings.LayerNorm`, epsilon);
  for (let index = 0; index < config.layers; index++) {
    const layer = `${model}.encoder.layer.${index}`;
    const self = `${layer}.attention.self`;
    const mixed = attend(
      t.linear(x, `${self}.query`),
      t.linear(x, `${self}.key`),
      t.linear(x, `${self}.value`),
      { heads: config.heads, visible: (_, j) => mask[j] === 1 },
    );
    const attended = t.linear(mixed, `${layer}.attention.output.dense`);
    const y = t.layerNorm(plus(x, attended), `${layer}.attention.output.LayerNorm`, epsilon);
    const wide = each(t.linear(y, `${layer}.intermediate.dense`), gelu);
    const narrow = t.linear(wide, `${layer}.output.dense`);
    x = t.layerNorm(plus(y, narrow), `${layer}.output.LayerNorm`, epsilon);
  }
  return x;
}

export function bertReference(
  config: BertConfig,
  weights: Weights,
  ids: readonly number[],
  mask: readonly number[],
): number[] {
  const t = new Tensors(weights);
  const x = encoder(t, 'bert', config, ids, mask, 0);
  const real = x.filter((_, i) => mask[i] === 1);
  const mean = transpose(real).map((column) => column.reduce((a, b) => a + b, 0) / real.length);
  const read = config.pooling === 'cls' ? x[0]! : mean;
  return t.linear(each(t.linear([read], 'bert.pooler.dense'), Math.tanh), 'classifier')[0]!;
}

export function robertaReference(
  config: RobertaConfig,
  weights: Weights,
  ids: readonly number[],
  mask: readonly number[],
): number[] {
  const t = new Tensors(weights);
  const x = encoder(t, 'roberta', config, ids, mask, config.paddingId + 1);
  const dense = each(t.linear([x[0]!], 'classifier.dense'), Math.tanh);
  return t.linear(dense, 'classifier.out_proj')[0]!;
}

/** Logits at every position. */
export function gpt2Reference(
  config: Gpt2Config,
  weights: Weights,
  ids: readonly number[],
): Matrix {
  const t = new Tensors(weights);
  const words = t.matrix('transformer.wte.weight');
  const positions = t.matrix('transformer.wpe.weight');
  const epsilon = config.layerNormEpsilon;
  let x = ids.map((id, i) => words[id]!.map((v, k) => v + positions[i]![k]!));
  for (let index = 0; index < config.layers; index++) {
    const layer = `transformer.h.${index}`;
    const all = t.conv1d(t.layerNorm(x, `${layer}.ln_1`, epsilon), `${layer}.attn.c_attn`);
    const part = (n: number) =>
      all.map((row) => row.slice(n * config.hidden, (n + 1) * config.hidden));
    const mixed = attend(part(0), part(1), part(2), {
      heads: config.heads,
      visible: (i, j) => j <= i,
    });
    x = plus(x, t.conv1d(mixed, `${layer}.attn.c_proj`));
    const wide = t.conv1d(t.layerNorm(x, `${layer}.ln_2`, epsilon), `${layer}.mlp.c_fc`);
    x = plus(x, t.conv1d(each(wide, gelu), `${layer}.mlp.c_proj`));
  }
  x = t.layerNorm(x, 'transformer.ln_f', epsilon);
  return x.map((row) => words.map((word) => dot(row, word)));
}

/** Logits at every position. */
export function llamaReference(
  config: LlamaConfig,
  weights: Weights,
  ids: readonly number[],
): Matrix {
  const t = new Tensors(weights);
  const words = t.matrix('model.embed_tokens.weight');
  const epsilon = config.rmsNormEpsilon;
  // Entry i and entry i + half are the two coordinates of one point, which is turned.
  const rotate = (row: number[], position: number): number[] => {
    const half = row.length / 2;
    const out = [...row];
    for (let i = 0; i < half; i++) {
      const angle = position / config.rotaryBase ** ((2 * i) / row.length);
      out[i] = row[i]! * Math.cos(angle) - row[i + half]! * Math.sin(angle);
      out[i + half] = row[i]! * Math.sin(angle) + row[i + half]! * Math.cos(angle);
    }
    return out;
  };
  let x = ids.map((id) => words[id]!);
  for (let index = 0; index < config.layers; index++) {
    const layer = `model.layers.${index}`;
    const self = `${layer}.self_attn`;
    const read = t.rmsNorm(x, `${layer}.input_layernorm`, epsilon);
    const mixed = attend(
      t.linear(read, `${self}.q_proj`),
      t.linear(read, `${self}.k_proj`),
      t.linear(read, `${self}.v_proj`),
      { heads: config.heads, visible: (i, j) => j <= i, rotate },
    );
    x = plus(x, t.linear(mixed, `${self}.o_proj`));
    const wide = t.rmsNorm(x, `${layer}.post_attention_layernorm`, epsilon);
    const gate = each(t.linear(wide, `${layer}.mlp.gate_proj`), silu);
    const up = t.linear(wide, `${layer}.mlp.up_proj`);
    const gated = gate.map((row, i) => row.map((v, j) => v * up[i]![j]!));
    x = plus(x, t.linear(gated, `${layer}.mlp.down_proj`));
  }
  return t.linear(t.rmsNorm(x, 'model.norm', epsilon), 'lm_head');
}

/** The convolution itself, patch by patch, from pixels [channels][height][width], flattened. */
function patches(
  t: Tensors,
  name: string,
  { channels, imageSize, patchSize }: VitConfig | VitLiteConfig,
  pixels: readonly number[],
): Matrix {
  const kernels = t.matrix(`${name}.weight`);
  const bias = t.vector(`${name}.bias`);
  const rows: Matrix = [];
  for (let top = 0; top < imageSize; top += patchSize) {
    for (let left = 0; left < imageSize; left += patchSize) {
      rows.push(
        kernels.map((kernel, out) => {
          let sum = bias[out]!;
          for (let c = 0; c < channels; c++) {
            for (let i = 0; i < patchSize; i++) {
              for (let j = 0; j < patchSize; j++) {
                const pixel = pixels[(c * imageSize + top + i) * imageSize + left + j]!;
                sum += pixel * kernel[(c * patchSize + i) * patchSize + j]!;
              }
            }
          }
          return sum;
        }),
      );
    }
  }
  return rows;
}

const everything = () => true;

export function vitReference(
  config: VitConfig,
  weights: Weights,
  pixels: readonly number[],
): number[] {
  const t = new Tensors(weights);
  const epsilon = config.layerNormEpsilon;
  const embeddings = 'vit.embeddings';
  const projected = patches(t, `${embeddings}.patch_embeddings.projection`, config, pixels);
  const positions = t.vector(`${embeddings}.position_embeddings`);
  let x = [t.vector(`${embeddings}.cls_token`), ...projected].map((row, i) =>
    row.map((v, k) => v + positions[i * config.hidden + k]!),
  );
  for (let index = 0; index < config.layers; index++) {
    const layer = `vit.encoder.layer.${index}`;
    const self = `${layer}.attention.attention`;
    const read = t.layerNorm(x, `${layer}.layernorm_before`, epsilon);
    const mixed = attend(
      t.linear(read, `${self}.query`),
      t.linear(read, `${self}.key`),
      t.linear(read, `${self}.value`),
      { heads: config.heads, visible: everything },
    );
    x = plus(x, t.linear(mixed, `${layer}.attention.output.dense`));
    const wide = t.linear(
      t.layerNorm(x, `${layer}.layernorm_after`, epsilon),
      `${layer}.intermediate.dense`,
    );
    x = plus(x, t.linear(each(wide, gelu), `${layer}.output.dense`));
  }
  return t.linear([t.layerNorm(x, 'vit.layernorm', epsilon)[0]!], 'classifier')[0]!;
}

export function vitLiteReference(
  config: VitLiteConfig,
  weights: Weights,
  pixels: readonly number[],
): number[] {
  const t = new Tensors(weights);
  const epsilon = config.layerNormEpsilon;
  const projected = patches(t, 'tokenizer.conv_layers.0.0', config, pixels);
  const positions = t.vector('classifier.positional_emb');
  let x = [t.vector('classifier.class_emb'), ...projected].map((row, i) =>
    row.map((v, k) => v + positions[i * config.hidden + k]!),
  );
  for (let index = 0; index < config.layers; index++) {
    const layer = `classifier.blocks.${index}`;
    const all = t.linear(t.layerNorm(x, `${layer}.pre_norm`, epsilon), `${layer}.self_attn.qkv`);
    const part = (n: number) =>
      all.map((row) => row.slice(n * config.hidden, (n + 1) * config.hidden));
    const mixed = attend(part(0), part(1), part(2), {
      heads: config.heads,
      visible: everything,
      kinds: config.attention[index]!,
    });
    const sum = plus(x, t.linear(mixed, `${layer}.self_attn.proj`));
    const y = t.layerNorm(sum, `${layer}.norm1`, epsilon);
    const wide = each(t.linear(y, `${layer}.linear1`), gelu);
    x = plus(y, t.linear(wide, `${layer}.linear2`));
  }
  return t.linear([t.layerNorm(x, 'classifier.norm', epsilon)[0]!], 'classifier.fc')[0]!;
}
