import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { readCheckpoint } from '../../server/training/checkpoint.ts';
import { distil, type DistillationOptions } from '../../server/training/distillation/distil.ts';
import { priceDistillation } from '../../server/training/distillation/price.ts';
import { writeAtomically } from '../../server/training/files.ts';
import { recipeHash } from '../../server/training/recipe.ts';
import { tinyConfig, tinyImdb, tinyRecipe, tinyTeacher } from './tiny-task.ts';

const folders: string[] = [];
const newFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'parley-training-'));
  folders.push(folder);
  return folder;
};
afterEach(() => folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true })));

const optionsOf = (changes: Partial<DistillationOptions> = {}): DistillationOptions => ({
  recipe: tinyRecipe(),
  teacher: { config: tinyConfig, tensors: tinyTeacher() },
  rows: tinyImdb(),
  threads: 1,
  folder: newFolder(),
  resume: false,
  ...changes,
});

/** Stops after the report at or after this many steps, over all stages. */
function stoppingAfter(reports: number): Pick<DistillationOptions, 'signal' | 'onProgress'> {
  const controller = new AbortController();
  let seen = 0;
  return {
    signal: controller.signal,
    onProgress: () => {
      seen += 1;
      if (seen === reports) controller.abort();
    },
  };
}

const lastWeights = (folder: string): Map<string, Float32Array> => {
  const found = readCheckpoint(join(folder, 'prediction'), 'last', recipeHash(tinyRecipe()));
  return new Map([...(found?.weights ?? [])].map(([name, { data }]) => [name, data]));
};

describe('distillation', () => {
  test('lowers the loss and is repeatable to the bit', async () => {
    const [a, b] = [optionsOf(), optionsOf()];
    const first = await distil(a);
    await distil(b);
    expect(lastWeights(b.folder)).toEqual(lastWeights(a.folder));
    const losses = first.curve.filter(({ stage }) => stage === 'representation');
    expect(losses.at(-1)!.loss).toBeLessThan(0.8 * losses[0]!.loss);
    expect(first.curve.map(({ stage, step }) => `${stage} ${step}`)).toEqual([
      'representation 6',
      'representation 12',
      'prediction 6',
      'prediction 12',
    ]);
    const other = optionsOf({ recipe: tinyRecipe({ seed: 8 }) });
    await distil(other);
    const changed = readCheckpoint(
      join(other.folder, 'prediction'),
      'last',
      recipeHash(other.recipe),
    )!;
    expect(changed.weights.get('classifier.weight')?.data).not.toEqual(
      lastWeights(a.folder).get('classifier.weight'),
    );
  });

  test.each([1, 2, 3])(
    'ended after %d reports and resumed, it ends where an unbroken one does',
    async (reports) => {
      const whole = optionsOf();
      const { curve } = await distil(whole);
      const broken = optionsOf(stoppingAfter(reports));
      const { cancelled } = await distil(broken);
      expect(cancelled).toBe(true);
      const { folder } = broken;
      const resumed = await distil(optionsOf({ folder, resume: true }));
      expect(resumed.cancelled).toBe(false);
      expect(lastWeights(folder)).toEqual(lastWeights(whole.folder));
      const numbers = (points: typeof curve) => points.map((point) => ({ ...point, seconds: 0 }));
      expect(numbers(resumed.curve)).toEqual(numbers(curve));
    },
  );

  test('what is frozen stays, and the best checkpoint is the best of the curve', async () => {
    const student = {
      gelu: 'quad',
      softmax: '2relu',
      initialisation: 'teacher',
      frozen: ['bert.embeddings.'],
    };
    const result = await distil(optionsOf({ recipe: tinyRecipe({ student }) }));
    const teacher = tinyTeacher();
    const word = 'bert.embeddings.word_embeddings.weight';
    expect(result.weights.get(word)?.data).toEqual(teacher.get(word)?.data);
    const query = 'bert.encoder.layer.0.attention.self.query.weight';
    expect(result.weights.get(query)?.data).not.toEqual(teacher.get(query)?.data);
    const accuracies = result.curve.flatMap(({ accuracy }) => accuracy ?? []);
    expect(result.best.accuracy).toBe(Math.max(...accuracies));
  });

  test('without distillation it learns from the labels, from random weights', async () => {
    const recipe = tinyRecipe({
      student: { gelu: 'quad', softmax: '2quad', initialisation: 'random' },
      stages: [{ name: 'labels', loss: { labels: 1 }, epochs: 8, learningRate: 2e-2 }],
      evaluateEvery: 24,
    });
    const { best } = await distil(optionsOf({ recipe }));
    expect(best.accuracy).toBeGreaterThan(0.8);
  });

  test('a price names every stage', async () => {
    const { stages, totalSeconds, judgingSeconds } = await priceDistillation(optionsOf());
    expect(stages.map(({ name, steps }) => [name, steps])).toEqual([
      ['representation', 12],
      ['prediction', 12],
    ]);
    expect(totalSeconds).toBeGreaterThan(judgingSeconds);
  });
});

describe('what goes wrong', () => {
  test('a loss that is no number stops with the step, the checkpoint before it is whole', async () => {
    const stages = [
      { name: 'calm', loss: { hidden: 1 }, epochs: 1, learningRate: 1e-3 },
      {
        name: 'wild',
        loss: { hidden: 1 },
        epochs: 1,
        learningRate: 1,
        schedule: 'constant',
        warmUp: 0,
      },
    ];
    const optimiser = { clipNorm: 0, epsilon: 1e-30, weightDecay: 0 };
    const recipe = tinyRecipe({ stages, optimiser });
    const teacher = { config: tinyConfig, tensors: tinyTeacher() };
    const options = optionsOf({
      recipe,
      teacher,
      // The teacher's own weight turns bad once the first stage is over: the loss follows.
      onProgress: ({ stage, step }) => {
        if (stage === 'calm' && step === 12) {
          teacher.tensors.get('bert.embeddings.LayerNorm.bias')!.data.fill(NaN);
        }
      },
    });
    await expect(distil(options)).rejects.toThrow(/"wild", step 1 of 12: loss NaN/);
    const last = readCheckpoint(join(options.folder, 'calm'), 'last', recipeHash(recipe));
    expect(last?.place.step).toBe(12);
    const values = [...last!.weights.values()].flatMap(({ data }) => [...data]);
    expect(values.every(Number.isFinite)).toBe(true);
  });

  test('a loss that grows out of bounds stops as well', async () => {
    const stages = [
      {
        name: 'wild',
        loss: { hidden: 1 },
        epochs: 20,
        learningRate: 1,
        schedule: 'linear',
        warmUp: 1,
      },
    ];
    const recipe = tinyRecipe({ stages, optimiser: { clipNorm: 0 } });
    const student = { ...recipe.student, gelu: 'exact' as const, softmax: 'exact' as const };
    await expect(
      distil(optionsOf({ recipe: { ...recipe, student: { ...student, dropout: 0.01 } } })),
    ).rejects.toThrow(/loss .* is over 10 times its lowest/);
  });

  test('one class, too few rows, other shapes, unknown names', async () => {
    const rows = tinyImdb();
    const oneClass = { ...rows, train: { ...rows.train, labels: new Uint8Array(96) } };
    await expect(distil(optionsOf({ rows: oneClass }))).rejects.toThrow(/label 0.*two classes/);
    const more = tinyRecipe({
      data: { set: 'imdb', trainRows: 97, validationRows: 60, heldOutRows: 60 },
    });
    await expect(distil(optionsOf({ recipe: more }))).rejects.toThrow(
      /trainRows is 97, there are 96/,
    );
    await expect(distil(optionsOf({ recipe: tinyRecipe({ batch: 97 }) }))).rejects.toThrow(
      /96 rows, a batch needs 97/,
    );
    const config = { ...tinyConfig, ffn: 15 };
    const teacher = { config, tensors: tinyTeacher() };
    await expect(distil(optionsOf({ teacher }))).rejects.toThrow(
      /teacher tiny: weight "bert.encoder.layer.0.intermediate.dense.weight" is \[16, 8\]/,
    );
    const student = {
      gelu: 'quad',
      softmax: '2quad',
      initialisation: 'teacher',
      frozen: ['nothing'],
    };
    await expect(distil(optionsOf({ recipe: tinyRecipe({ student }) }))).rejects.toThrow(
      /no weight of tiny starts with "nothing"/,
    );
  });

  test('two stages of one name would share their checkpoints', () => {
    const stage = { name: 'twice', loss: { labels: 1 }, epochs: 1, learningRate: 1e-3 };
    expect(() => tinyRecipe({ stages: [stage, stage] })).toThrow(/name of its own/);
  });

  test('another recipe does not resume in this folder', async () => {
    const options = optionsOf();
    await distil(options);
    await expect(
      distil({ ...options, recipe: tinyRecipe({ seed: 9 }), resume: true }),
    ).rejects.toThrow(/belongs to recipe/);
  });

  test('a checkpoint that cannot be written leaves the one before it', () => {
    const folder = newFolder();
    const path = join(folder, 'last.safetensors');
    writeAtomically(path, Uint8Array.of(1, 2, 3));
    const blocked = join(folder, 'no-such-folder', 'last.safetensors');
    expect(() => writeAtomically(blocked, Uint8Array.of(4))).toThrow(/cannot be written.*resume/);
    if (existsSync('/dev/full')) {
      // Linux's disk that is always full, under the name of the draft.
      symlinkSync('/dev/full', `${path}.${process.pid}.part`);
      expect(() => writeAtomically(path, Uint8Array.of(4))).toThrow(/cannot be written.*ENOSPC/);
    }
    expect([...readFileSync(path)]).toEqual([1, 2, 3]);
    expect(readdirSync(folder)).toEqual(['last.safetensors']);
  });
});
