/**
 * Checks a folder in the Hub's layout before anything runs: config.json, model.safetensors and
 * tokenizer.json, and that they agree with one another.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ZooError } from './errors.ts';
import { readModelConfig } from './model-config.ts';
import { randomWeights } from './random-weights.ts';
import { parseSafetensors } from './safetensors.ts';
import { loadTokenizer } from './tokenize.ts';

export interface VerifiedFolder {
  readonly architecture: string;
  /** Tensors that inference reads. */
  readonly tensors: number;
  readonly parameters: number;
  readonly sha256: string;
}

/** @throws ZooError naming the file, the field or tensor, what is there and what is expected */
export async function verifyFolder(folder: string): Promise<VerifiedFolder> {
  const config = readModelConfig(join(folder, 'config.json'));
  const file = join(folder, 'model.safetensors');
  let bytes: Buffer;
  try {
    bytes = await readFile(file);
  } catch (cause) {
    throw new ZooError('missing', `${file}: cannot read it (${String(cause)}). Put it there.`, {
      cause,
    });
  }
  const { tensors } = parseSafetensors(bytes, file);
  const expected = await randomWeights({ ...config, labels: config.labels.length }, 'shapes');
  let parameters = 0;
  for (const [name, { shape }] of expected) {
    const found = tensors.get(name);
    const wanted = `[${shape.join(', ')}]`;
    if (found === undefined) {
      throw new ZooError('missing', `${file}: no tensor "${name}", the config needs ${wanted}.`);
    }
    if (found.shape.join() !== shape.join()) {
      throw new ZooError(
        'corrupt',
        `${file}, tensor "${name}": shape [${found.shape.join(', ')}], the config says ${wanted}.`,
      );
    }
    if (!found.data.every(Number.isFinite)) {
      throw new ZooError('corrupt', `${file}, tensor "${name}": not all values are finite.`);
    }
    parameters += found.data.length;
  }
  const { vocabularySize } = loadTokenizer(join(folder, 'tokenizer.json'), config);
  if (vocabularySize !== config.vocabularySize) {
    throw new ZooError(
      'corrupt',
      `${folder}: the tokenizer knows ${vocabularySize} pieces, the config ${config.vocabularySize}. Use the tokenizer of this model.`,
    );
  }
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { architecture: config.architecture, tensors: expected.size, parameters, sha256 };
}
