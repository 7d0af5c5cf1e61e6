/**
 * Checks a folder in the Hub's layout before anything runs: config.json, weights and tokenizer, that they
 * agree with one another, and every number of every tensor that inference reads.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { inspectFolder } from './inspect-folder.ts';
import { TensorReader } from './tensor-bytes.ts';

export interface VerifiedFolder {
  readonly architecture: string;
  /** Tensors that inference reads. */
  readonly tensors: number;
  readonly parameters: number;
  /** Of the weights; of shards, one after the other in the order of their names. */
  readonly sha256: string;
}

async function hashOf(files: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const file of files) {
    for await (const piece of createReadStream(file)) hash.update(piece as Buffer);
  }
  return hash.digest('hex');
}

/** @throws ZooError naming the file, the field or tensor, what is there and what is expected */
export async function verifyFolder(folder: string): Promise<VerifiedFolder> {
  const { config, weights, tensors } = await inspectFolder(folder);
  const reader = new TensorReader();
  let parameters = 0;
  try {
    for (const tensor of tensors) {
      // Reading is the check.
      for await (const piece of reader.pieces(tensor)) void piece;
      parameters += tensor.stored.shape.reduce((product, size) => product * size, 1);
    }
  } finally {
    await reader.close();
  }
  return {
    architecture: config.model.architecture,
    tensors: tensors.length,
    parameters,
    sha256: await hashOf(weights.files),
  };
}
