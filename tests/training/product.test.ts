import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { distil } from '../../server/training/distillation/distil.ts';
import { writeProduct } from '../../server/training/distillation/product.ts';
import { recipeHash } from '../../server/training/recipe.ts';
import { classifyFloat, prepareFloatModel } from '../../server/zoo/float-bert.ts';
import { parseModelConfig, readModelConfig } from '../../server/zoo/model-config.ts';
import { parseSafetensors } from '../../server/zoo/safetensors.ts';
import { tinyConfig, tinyImdb, tinyRecipe, tinyTeacher } from './tiny-task.ts';

const root = mkdtempSync(join(tmpdir(), 'parley-product-'));
afterAll(() => rmSync(root, { recursive: true }));

const teacherConfig = {
  architectures: ['BertForSequenceClassification'],
  model_type: 'bert',
  hidden_act: 'gelu',
  num_hidden_layers: tinyConfig.layers,
  hidden_size: tinyConfig.hidden,
  num_attention_heads: tinyConfig.heads,
  intermediate_size: tinyConfig.ffn,
  layer_norm_eps: tinyConfig.layerNormEpsilon,
  max_position_embeddings: tinyConfig.maxPositions,
  type_vocab_size: tinyConfig.typeVocabularySize,
  vocab_size: tinyConfig.vocabularySize,
  id2label: { 0: 'negative', 1: 'positive' },
  parley: { maxLength: tinyConfig.maxLength, truncation: { headFraction: 0.3 }, pooling: 'mean' },
};

test('a product is a model of the zoo, and says where it came from', async () => {
  const teacherFolder = join(root, 'teacher');
  mkdirSync(teacherFolder);
  writeFileSync(join(teacherFolder, 'config.json'), JSON.stringify(teacherConfig));
  writeFileSync(join(teacherFolder, 'tokenizer.json'), '{}');
  const recipe = tinyRecipe();
  const rows = tinyImdb();
  const teacher = { config: tinyConfig, tensors: tinyTeacher() };
  const training = join(root, 'training');
  const result = await distil({
    recipe,
    teacher,
    rows,
    threads: 1,
    folder: training,
    resume: false,
  });
  const folder = join(root, 'product');
  const lineage = await writeProduct({
    recipe,
    result,
    teacherFolder,
    teacherSha256: 'teacher sum',
    teacherWeights: teacher.tensors,
    dataSha256: 'data sum',
    heldOut: rows.heldOut,
    engineCommit: 'abc',
    threads: 1,
    folder,
    now: new Date(0),
  });

  const bytes = readFileSync(join(folder, 'model.safetensors'));
  const { tensors } = parseSafetensors(bytes, 'weights');
  expect([...tensors.keys()]).toEqual([...teacher.tensors.keys()]);
  const json = JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8')) as {
    parley: { card: { weightsSha256: string; accuracy: { value: number; n: number } } };
  };
  expect(json.parley.card.weightsSha256).toBe(createHash('sha256').update(bytes).digest('hex'));
  const config = readModelConfig(join(folder, 'config.json'));
  expect(config.madeFor).toEqual({ gelu: 'quad', softmax: '2quad' });
  expect(JSON.parse(readFileSync(join(folder, 'lineage.json'), 'utf8'))).toEqual(lineage);
  expect(lineage).toMatchObject({
    teacher: { id: 'tiny', weightsSha256: 'teacher sum' },
    data: { set: 'imdb', trainRows: 96, sha256: 'data sum' },
    recipeHash: recipeHash(recipe),
    seed: 7,
    engineCommit: 'abc',
    made: '1970-01-01T00:00:00.000Z',
    metrics: { validationRows: 60, heldOutRows: 60, finished: true },
  });

  // The accuracy on the card is that of the file, as the float reference reads it.
  const model = prepareFloatModel(config, tensors);
  const right = Array.from(rows.heldOut.labels, (label, row) => {
    const ids = Int32Array.from(rows.heldOut.ids.subarray(5 * row, 5 * row + 5));
    const [a, b] = classifyFloat(
      model,
      ids,
      Uint8Array.from(ids, (id) => (id === 0 ? 0 : 1)),
    ).logits;
    return Number(b! > a!) === label ? 1 : 0;
  }).reduce<number>((sum, one) => sum + one, 0);
  expect(json.parley.card.accuracy).toMatchObject({ n: 60 });
  expect(json.parley.card.accuracy.value).toBeCloseTo(right / 60, 3);
});

test('functions that the zoo does not know are refused by name', () => {
  const withFunctions = (approximation: object) =>
    parseModelConfig({ ...teacherConfig, parley: { ...teacherConfig.parley, approximation } }, 'c');
  expect(withFunctions({}).madeFor).toEqual({});
  expect(withFunctions({ softmax: '2relu' }).madeFor).toEqual({ softmax: '2relu' });
  expect(() => withFunctions({ gelu: 'cube' })).toThrow(/parley.approximation.gelu is "cube"/);
});
