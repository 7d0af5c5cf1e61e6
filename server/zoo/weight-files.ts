/**
 * The weights of a folder in the Hub's layout: one model.safetensors, or shards and the index that says
 * which tensor lies in which. Headers are read and checked; data stays on disk.
 */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ZooError } from './errors.ts';
import { readHeader, type Entry } from './safetensors-header.ts';

export interface StoredTensor extends Entry {
  /** Path of the file that holds it. */
  readonly file: string;
  /** First byte after that file's header. */
  readonly dataStart: number;
}

export interface WeightFiles {
  /** In the order in which they are hashed. */
  readonly files: readonly string[];
  readonly tensors: ReadonlyMap<string, StoredTensor>;
}

export const weightsName = 'model.safetensors';
export const indexName = 'model.safetensors.index.json';

/** Files that hold pickles, which run code when they are read. */
export const pickleNames = ['pytorch_model.bin', 'pytorch_model.bin.index.json', 'model.bin'];

/** Why a folder or repository with only these is refused, and what to do. */
export const pickleReason = (where: string, name: string): string =>
  `${where}: the weights are in ${name}, a Python pickle, which can run any code when it is read; Parley reads safetensors only. ` +
  "Ask for the revision that the Hub's converter left, often refs/pr/1 or refs/pr/2 (ID@refs/pr/1), or convert it where you trust it: " +
  `AutoModelForSequenceClassification.from_pretrained(...).save_pretrained(folder, safe_serialization=True).`;

async function tensorsOf(file: string): Promise<StoredTensor[]> {
  const { entries, dataStart } = await readHeader(file);
  return entries.map((entry) => ({ ...entry, file, dataStart }));
}

/** A shard's name comes out of a file from a stranger: one that climbs folders is no name. */
const isPlainName = (name: unknown): name is string =>
  typeof name === 'string' && /^[\w][\w.-]*\.safetensors$/.test(name);

async function readIndex(file: string): Promise<Map<string, string>> {
  const refuse = (what: string): never => {
    throw new ZooError('corrupt', `${file}: ${what}`);
  };
  let parsed: unknown;
  try {
    parsed = JSON.parse(await readFile(file, 'utf8'));
  } catch (cause) {
    return refuse(`not JSON (${String(cause)}). Download it again.`);
  }
  const map =
    typeof parsed === 'object' && parsed !== null && 'weight_map' in parsed
      ? parsed.weight_map
      : undefined;
  if (typeof map !== 'object' || map === null || Array.isArray(map)) {
    return refuse('weight_map is not an object. Download it again.');
  }
  const shards = new Map<string, string>();
  for (const [name, shard] of Object.entries(map)) {
    if (!isPlainName(shard)) {
      return refuse(`tensor "${name}" lies in ${JSON.stringify(shard)}, which is no shard's name.`);
    }
    shards.set(name, shard);
  }
  return shards;
}

async function readShards(folder: string): Promise<WeightFiles> {
  const index = join(folder, indexName);
  const shardOf = await readIndex(index);
  const names = [...new Set(shardOf.values())].sort();
  const tensors = new Map<string, StoredTensor>();
  for (const shard of names) {
    const file = join(folder, shard);
    if (!existsSync(file)) {
      throw new ZooError('missing', `${index}: shard ${shard} is not there. Download it.`);
    }
    for (const tensor of await tensorsOf(file)) {
      const earlier = tensors.get(tensor.name);
      if (earlier !== undefined) {
        throw new ZooError(
          'corrupt',
          `tensor "${tensor.name}" lies in ${earlier.file} and in ${file}. Download both again.`,
        );
      }
      tensors.set(tensor.name, tensor);
    }
  }
  for (const [name, shard] of shardOf) {
    const found = tensors.get(name);
    if (found?.file !== join(folder, shard)) {
      throw new ZooError(
        'corrupt',
        `${index}: tensor "${name}" should be in ${shard} and is ${found === undefined ? 'nowhere' : `in ${found.file}`}. Download the shards again.`,
      );
    }
  }
  return { files: names.map((name) => join(folder, name)), tensors };
}

/** @throws ZooError naming the file, the tensor, what is wrong and the fix */
export async function findWeights(folder: string): Promise<WeightFiles> {
  const file = join(folder, weightsName);
  if (existsSync(file)) {
    const tensors = await tensorsOf(file);
    return { files: [file], tensors: new Map(tensors.map((tensor) => [tensor.name, tensor])) };
  }
  if (existsSync(join(folder, indexName))) return readShards(folder);
  const pickle = pickleNames.find((name) => existsSync(join(folder, name)));
  if (pickle !== undefined) throw new ZooError('unsupported', pickleReason(folder, pickle));
  throw new ZooError('missing', `${file}: cannot read it (there is none). Put it there.`);
}
