/**
 * The product of a distillation: a model folder in the Hub's layout, with F16 weights, the functions it
 * was made for, and its lineage.
 */
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseModelConfig } from '../../zoo/model-config.ts';
import { parseSafetensors, writeSafetensors, type Tensor } from '../../zoo/safetensors.ts';
import type { TokenRows } from '../data.ts';
import { writeAtomically } from '../files.ts';
import { recipeHash, type DistillationRecipe } from '../recipe.ts';
import type { DistillationResult } from './distil.ts';
import { Judge } from './judge.ts';
import { judgingBatch } from './prepare.ts';

/** Where a product came from; written as lineage.json and repeated in the config. */
export interface Lineage {
  readonly kind: 'distillation';
  readonly teacher: { readonly id: string; readonly weightsSha256: string };
  readonly data: { readonly set: string; readonly trainRows: number; readonly sha256: string };
  readonly recipe: DistillationRecipe;
  readonly recipeHash: string;
  readonly seed: number;
  readonly engineCommit: string;
  /** ISO 8601. */
  readonly made: string;
  readonly metrics: {
    /** Of the best checkpoint, by which it was chosen. */
    readonly validationAccuracy: number;
    readonly validationRows: number;
    /** Of the F16-rounded weights, read once. */
    readonly heldOutAccuracy: number;
    readonly heldOutRows: number;
    readonly teacherHeldOutAccuracy: number;
    readonly trainingSeconds: number;
    readonly threads: number;
    readonly stage: string;
    readonly step: number;
    readonly finished: boolean;
  };
}

export interface ProductInputs {
  readonly recipe: DistillationRecipe;
  readonly result: DistillationResult;
  /** Folder of the teacher's files. */
  readonly teacherFolder: string;
  readonly teacherSha256: string;
  readonly teacherWeights: ReadonlyMap<string, Tensor>;
  readonly dataSha256: string;
  readonly heldOut: TokenRows;
  readonly engineCommit: string;
  readonly threads: number;
  /** The model folder, made when absent. */
  readonly folder: string;
  readonly now: Date;
}

const fixed = (value: number): number => Math.round(value * 1e4) / 1e4;

/** The stages' own times, added up. */
function secondsOf(curve: DistillationResult['curve']): number {
  const byStage = new Map(curve.map(({ stage, seconds }) => [stage, seconds]));
  return [...byStage.values()].reduce((sum, seconds) => sum + seconds, 0);
}

/** Functions as a run's spec names them; the exact ones are the spec's own default. */
function functionsOf({ gelu, softmax }: DistillationRecipe['student']): Record<string, string> {
  return {
    ...(gelu === 'exact' ? {} : { gelu }),
    ...(softmax === 'exact' ? {} : { softmax }),
  };
}

async function judged(
  { result, recipe, heldOut, threads }: ProductInputs,
  weights: ReadonlyMap<string, Tensor>,
  functions: Partial<DistillationResult['student']>,
): Promise<number> {
  const judge = await Judge.open(
    { ...result.student, ...functions },
    weights,
    judgingBatch,
    threads,
  );
  try {
    return await judge.accuracy(weights, heldOut, recipe.data.heldOutRows);
  } finally {
    await judge.close();
  }
}

/** Writes the folder; the weights come last, so that a folder with weights is a whole one. */
export async function writeProduct(inputs: ProductInputs): Promise<Lineage> {
  const { recipe, result, folder, teacherFolder, threads } = inputs;
  mkdirSync(folder, { recursive: true });
  const metadata = { format: 'pt' };
  const bytes = writeSafetensors(result.weights, { dtype: 'F16', metadata });
  const { tensors: rounded } = parseSafetensors(bytes, 'model.safetensors');
  const heldOutAccuracy = await judged(inputs, rounded, {});
  const exact = { gelu: 'exact', softmax: 'exact' } as const;
  const teacherAccuracy = await judged(inputs, inputs.teacherWeights, exact);
  const lineage: Lineage = {
    kind: 'distillation',
    teacher: { id: recipe.teacher, weightsSha256: inputs.teacherSha256 },
    data: {
      set: recipe.data.set,
      trainRows: recipe.data.trainRows,
      sha256: inputs.dataSha256,
    },
    recipe,
    recipeHash: recipeHash(recipe),
    seed: recipe.seed,
    engineCommit: inputs.engineCommit,
    made: inputs.now.toISOString(),
    metrics: {
      validationAccuracy: fixed(result.best.accuracy),
      validationRows: recipe.data.validationRows,
      heldOutAccuracy: fixed(heldOutAccuracy),
      heldOutRows: recipe.data.heldOutRows,
      teacherHeldOutAccuracy: fixed(teacherAccuracy),
      trainingSeconds: Math.round(secondsOf(result.curve)),
      threads,
      stage: result.best.stage,
      step: result.best.step,
      finished: !result.cancelled,
    },
  };
  const configFile = join(teacherFolder, 'config.json');
  const config = JSON.parse(readFileSync(configFile, 'utf8')) as Record<string, unknown>;
  const own = {
    ...config,
    parley: {
      ...(config['parley'] as Record<string, unknown>),
      approximation: functionsOf(recipe.student),
      card: {
        title: recipe.title,
        licence: 'Apache-2.0',
        weightsSha256: createHash('sha256').update(bytes).digest('hex'),
        accuracy: {
          value: lineage.metrics.heldOutAccuracy,
          n: recipe.data.heldOutRows,
          source:
            'float32 on the F16-rounded weights with the functions it was made for, held-out reviews, by parley train',
        },
      },
    },
  };
  parseModelConfig(own, configFile);
  const write = (name: string, content: unknown): void =>
    writeAtomically(
      join(folder, name),
      new TextEncoder().encode(`${JSON.stringify(content, null, 2)}\n`),
    );
  copyFileSync(join(teacherFolder, 'tokenizer.json'), join(folder, 'tokenizer.json'));
  write('config.json', own);
  write('lineage.json', lineage);
  write('curve.json', result.curve);
  writeAtomically(join(folder, 'model.safetensors'), bytes);
  return lineage;
}
