/**
 * A model of a stranger's folder, checked and put among those that a run can name: in the data folder under
 * models/<id>/, in the Hub's layout, weights in one file under the names that the engine asks for. Numbers
 * are copied as they are; what inference does not read is left out.
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { imagePositions } from '../engine/models/config.ts';
import { lengthRange } from '../engine/models/registry.ts';
import { listAddedDatasets } from './added-datasets.ts';
import { isFields, type Fields } from './config-reader.ts';
import { listFolders } from './embedded-files.ts';
import { ZooError } from './errors.ts';
import { inspectFolder, type InspectedFolder } from './inspect-folder.ts';
import { imageModelOf } from './image-model.ts';
import { readNormalisation } from './images/normalise.ts';
import { languageModelOf } from './language-model.ts';
import { parseModelConfig } from './model-config.ts';
import { randomInputs } from './random-inputs.ts';
import { shapeModels } from './shape-models.ts';
import { TensorReader } from './tensor-bytes.ts';
import type { NamedTensor } from './tensor-names.ts';
import { weightsName } from './weight-files.ts';

export interface ModelOrigin {
  readonly title: string;
  /** Where it is from, with revision: stands beside its results. */
  readonly source: string;
}

export interface AddOptions {
  /** Name in specs: letters, digits, ".", "_", "-". */
  readonly id: string;
  readonly dataFolder: string;
  readonly origin: ModelOrigin;
  readonly onProgress?: (doneBytes: number, ofBytes: number) => void;
  readonly signal?: AbortSignal;
}

export interface AddedModel {
  readonly id: string;
  readonly folder: string;
  readonly architecture: string;
  readonly labels: readonly string[];
  readonly maxLength: number;
  readonly parameters: number;
  readonly sha256: string;
}

/** The most that a run's owner reads at once. */
const largestFileBytes = 2 ** 31 - 1;
/** Tokens of a sample that a spec may ask for, at most. */
const mostTokens = 1024;

/** Architectures whose inputs a run's owner can read. */
const runnable: readonly string[] = ['bert', 'roberta', 'vit', 'vit-lite', 'gpt2', 'llama'];

/** Throws for an id that is taken or that no spec could name. */
export async function requireFreeId(
  kind: 'models' | 'datasets',
  id: string,
  dataFolder: string,
): Promise<void> {
  if (!/^[A-Za-z0-9][\w.-]{0,79}$/.test(id)) {
    throw new ZooError(
      'range',
      `the name "${id}": use up to 80 letters, digits, ".", "_" and "-", beginning with a letter or digit (--as NAME).`,
    );
  }
  const taken = await listFolders(kind, dataFolder);
  if (kind === 'models') taken.push(...shapeModels.map((model) => model.id));
  if (kind === 'datasets') {
    taken.push(randomInputs.id, ...(await listAddedDatasets(dataFolder)).map((set) => set.id));
  }
  if (!taken.includes(id)) return;
  const folder = join(dataFolder, kind, id);
  throw new ZooError(
    'range',
    `the name "${id}" is taken. Give another with --as NAME${existsSync(folder) ? `, or remove ${folder}` : ''}.`,
  );
}

/** Longest text: the model's positions, what its tokenizer says, and what a spec may ask for. */
async function longestText(folder: string, inspected: InspectedFolder): Promise<number> {
  const { model } = inspected.config;
  const positions = lengthRange(model)[1];
  const file = join(folder, 'tokenizer_config.json');
  const settings: unknown = existsSync(file) ? JSON.parse(await readFile(file, 'utf8')) : {};
  const said = isFields(settings) ? settings['model_max_length'] : undefined;
  // Where nobody knew, the file says 1e30.
  const limit = typeof said === 'number' && said >= 4 ? Math.floor(said) : Infinity;
  return Math.min(positions, limit, mostTokens);
}

/** The licence in the front matter of a model's or data set's card. */
export async function licenceOf(folder: string): Promise<string> {
  const file = join(folder, 'README.md');
  if (!existsSync(file)) return 'not stated';
  const [, matter = ''] = /^---\n([\s\S]*?)\n---/.exec(await readFile(file, 'utf8')) ?? [];
  const [, licence] = /^license:\s*["']?([\w.+ -]+)/m.exec(matter) ?? [];
  return licence?.trim() ?? 'not stated';
}

async function writeConfig(
  from: string,
  to: string,
  inspected: InspectedFolder,
  sha256: string,
  { title, source }: ModelOrigin,
): Promise<{ labels: readonly string[]; maxLength: number }> {
  const { config } = inspected;
  const { json, labels, model } = config;
  const card = { title, licence: await licenceOf(from), weightsSha256: sha256, origin: source };
  const id2label = Object.fromEntries((labels ?? []).map((label, index) => [String(index), label]));
  if (model.architecture === 'vit' || model.architecture === 'vit-lite') {
    const heads =
      model.architecture === 'vit' ? {} : { attention: model.attention, quotient: model.quotient };
    const image = readNormalisation(join(from, 'preprocessor_config.json'), model.channels);
    const { mean: image_mean, std: image_std } = image;
    const written = {
      ...json,
      id2label,
      parley: { ...heads, image: { image_mean, image_std }, card },
    };
    const checked = imageModelOf(written, join(from, 'config.json'));
    await writeFile(join(to, 'config.json'), `${JSON.stringify(written, null, 2)}\n`);
    return { labels: checked.labels, maxLength: imagePositions(model) };
  }
  if (model.architecture === 'gpt2' || model.architecture === 'llama') {
    const maxLength = await longestText(from, inspected);
    const written = { ...json, parley: { maxLength, card } };
    languageModelOf(written, join(from, 'config.json'));
    await writeFile(join(to, 'config.json'), `${JSON.stringify(written, null, 2)}\n`);
    return { labels: [], maxLength };
  }
  const name = model.architecture === 'roberta' ? 'Roberta' : 'Bert';
  const own: Fields = isFields(json['parley']) ? json['parley'] : {};
  const written = {
    ...json,
    architectures: [`${name}ForSequenceClassification`],
    id2label,
    parley: {
      maxLength: await longestText(from, inspected),
      // As Hugging Face cuts: the end goes.
      truncation: { headFraction: 1 },
      ...own,
      card,
    },
  };
  const checked = parseModelConfig(written, join(from, 'config.json'));
  await writeFile(join(to, 'config.json'), `${JSON.stringify(written, null, 2)}\n`);
  return { labels: checked.labels, maxLength: checked.maxLength };
}

interface Copied {
  readonly sha256: string;
  readonly parameters: number;
}

/** One safetensors file with the engine's names; dtypes and numbers as they were. */
async function copyWeights(
  tensors: readonly NamedTensor[],
  file: string,
  { onProgress, signal }: AddOptions,
): Promise<Copied> {
  const header: Record<string, unknown> = { __metadata__: { format: 'pt' } };
  let dataBytes = 0;
  for (const { name, stored } of tensors) {
    const bytes = stored.end - stored.begin;
    const { dtype, shape } = stored;
    header[name] = { dtype, shape, data_offsets: [dataBytes, dataBytes + bytes] };
    dataBytes += bytes;
  }
  const json = Buffer.from(JSON.stringify(header));
  const padded = Buffer.alloc(8 + Math.ceil(json.length / 8) * 8, 0x20);
  padded.writeBigUInt64LE(BigInt(padded.length - 8));
  json.copy(padded, 8);
  if (padded.length + dataBytes > largestFileBytes) {
    throw new ZooError(
      'unsupported',
      `${file}: ${dataBytes} bytes of weights; a run's owner reads up to ${largestFileBytes}. Convert them to F16, or use a smaller model.`,
    );
  }
  const hash = createHash('sha256').update(padded);
  const reader = new TensorReader();
  const out = await open(file, 'w');
  let done = 0;
  let parameters = 0;
  try {
    await out.write(padded);
    for (const tensor of tensors) {
      for await (const piece of reader.pieces(tensor, signal)) {
        hash.update(piece);
        await out.write(piece);
        done += piece.length;
        onProgress?.(done, dataBytes);
      }
      parameters += tensor.stored.shape.reduce((product, size) => product * size, 1);
    }
  } finally {
    await out.close();
    await reader.close();
  }
  return { sha256: hash.digest('hex'), parameters };
}

/**
 * Adds a classifier of texts (BERT, RoBERTa) or images (ViT, DeiT), or a language model (GPT-2, LLaMA). All or nothing: the folder appears when it is whole.
 * @param folder in the Hub's layout; it stays as it is
 * @throws ZooError naming what is wrong and the fix
 */
export async function addModel(folder: string, options: AddOptions): Promise<AddedModel> {
  const { id, dataFolder, origin } = options;
  await requireFreeId('models', id, dataFolder);
  const inspected = await inspectFolder(folder);
  const { architecture } = inspected.config.model;
  if (!runnable.includes(architecture)) {
    throw new ZooError(
      'unsupported',
      `${folder}: the folder is whole, but runs read inputs for ${runnable.join(', ')} only, and this is ${architecture}. Use its shape with random weights ("parley models list").`,
    );
  }
  const models = join(dataFolder, 'models');
  await mkdir(models, { recursive: true });
  const draft = await mkdtemp(join(models, '.adding-'));
  try {
    const copied = await copyWeights(inspected.tensors, join(draft, weightsName), options);
    const made = await writeConfig(folder, draft, inspected, copied.sha256, origin);
    if (inspected.tokenizer !== null) {
      await writeFile(join(draft, 'tokenizer.json'), JSON.stringify(inspected.tokenizer.json));
    }
    options.signal?.throwIfAborted();
    const target = join(models, id);
    await rename(draft, target);
    return { id, folder: target, architecture, ...made, ...copied };
  } finally {
    // Gone where all went well; else nothing half is left.
    await rm(draft, { recursive: true, force: true });
  }
}
