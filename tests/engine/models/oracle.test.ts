/**
 * Every architecture in `clear` with exact functions against PyTorch in float64 on the same weights: the
 * vectors are made by tests/oracles/architectures.py, an implementation that shares nothing with this one.
 * Bounds are those that Parley states: 0.02 on the logits of classifiers; for decoders 0.1 on logits less
 * their mean, and the same next piece for 99.5 % of the texts.
 */
import { describe, expect, test } from 'vitest';
import { executeClear } from '../../../server/engine/execute.ts';
import type { ModelConfig } from '../../../server/engine/models/config.ts';
import { lengthRange, modelOf } from '../../../server/engine/models/registry.ts';
import type { Batch, Plan, Weights } from '../../../server/engine/plan.ts';
import { loadKernels } from '../../../server/engine/ring/load.ts';
import { elementCount } from '../../../server/engine/ring/tensor.ts';
import { storedShape } from '../../../server/engine/weights.ts';
import { uniform } from '../../../server/zoo/random-weights.ts';
import vectors from '../../vectors/architectures.json' with { type: 'json' };

const kernels = loadKernels();
const { samples } = vectors;

interface Case {
  readonly config: ModelConfig;
  readonly logits: readonly number[];
  readonly ids?: readonly number[];
  readonly mask?: readonly number[];
}
const cases = vectors.cases as readonly unknown[] as readonly Case[];

/** Multiples of 1/256 in [-0.5, 0.5), as the script makes them. */
function numbers(label: string, count: number): number[] {
  const next = uniform(label);
  return Array.from({ length: count }, () => Math.floor(256 * next()) / 256 - 0.5);
}

function planOf(model: ModelConfig): Plan {
  return {
    variant: 'clear',
    ring: { bits: 64, fractionBits: 18 },
    model,
    approximations: { gelu: 'exact-float', softmax: 'exact-float', silu: 'exact-float' },
    length: 'imageSize' in model ? lengthRange(model)[0] : vectors.length,
  };
}

async function weightsOf(plan: Plan): Promise<Weights> {
  const weights = new Map<string, { shape: readonly number[]; data: Float32Array }>();
  const { architecture } = plan.model;
  await modelOf(plan).load(async (recipe) => {
    const shape = storedShape(recipe);
    for (const name of recipe.from) {
      const isGain = shape.length === 1 && name.endsWith('.weight');
      const drawn = numbers(`${architecture} ${name}`, elementCount(shape));
      const data = Float32Array.from(drawn, (value) => (isGain ? value / 2 + 1 : value));
      weights.set(name, { shape, data });
    }
    return { domain: 'arithmetic', shape: recipe.shape };
  });
  return weights;
}

function batchOf({ config, ids, mask }: Case): Batch {
  if ('imageSize' in config) {
    const count = samples * config.channels * config.imageSize ** 2;
    const drawn = numbers(`${config.architecture} pixels`, count);
    return { size: samples, pixels: Float32Array.from(drawn, (value) => 2 * value) };
  }
  return { size: samples, ids: Int32Array.from(ids ?? []), mask: Uint8Array.from(mask ?? []) };
}

const rowsOf = (values: ArrayLike<number>): number[][] => {
  const width = values.length / samples;
  return Array.from({ length: samples }, (_, row) =>
    Array.from(values).slice(row * width, (row + 1) * width),
  );
};
const centred = (row: readonly number[]): number[] => {
  const mean = row.reduce((sum, value) => sum + value, 0) / row.length;
  return row.map((value) => value - mean);
};
const largestAt = (row: readonly number[]): number => row.indexOf(Math.max(...row));

function largestError(found: number[][], wanted: number[][]): number {
  return Math.max(
    ...found.flatMap((row, i) => row.map((value, k) => Math.abs(value - (wanted[i]?.[k] ?? NaN)))),
  );
}

describe(`against ${vectors.by}`, () => {
  test('there are a hundred samples or more of each, and they differ', () => {
    expect(samples).toBeGreaterThanOrEqual(100);
    expect(cases.map(({ config }) => config.architecture)).toEqual([
      'bert',
      'roberta',
      'gpt2',
      'llama',
      'vit',
      'vit-lite',
    ]);
    for (const { logits } of cases) {
      expect(new Set(rowsOf(logits).map((row) => row[0])).size).toBeGreaterThan(90);
    }
  });

  test.each(cases.map((one) => [one.config.architecture, one] as const))('%s', async (_, one) => {
    const plan = planOf(one.config);
    const weights = await weightsOf(plan);
    const [logits] = await executeClear({ plan, kernels, weights, batches: [batchOf(one)] });
    const [found, wanted] = [rowsOf(logits ?? []), rowsOf(one.logits)];
    if (one.config.architecture === 'gpt2' || one.config.architecture === 'llama') {
      expect(largestError(found.map(centred), wanted.map(centred))).toBeLessThan(0.1);
      const same = found.filter((row, i) => largestAt(row) === largestAt(wanted[i] ?? []));
      expect(same.length / samples).toBeGreaterThanOrEqual(0.995);
    } else {
      expect(largestError(found, wanted)).toBeLessThan(0.02);
    }
  });
});
