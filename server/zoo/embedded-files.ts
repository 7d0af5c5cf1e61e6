/**
 * Finding and reading the files under server/zoo/embedded/, and of models that were trained or added here:
 * those lie in the data folder under models/, with the same files.
 *
 * Ids arrive from the web; `requireKnown` lets only those pass that are folders there.
 */
import { existsSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { sharedFolder } from '../db/data-folder.ts';
import { ZooError } from './errors.ts';
import { repositoryRoot } from './root.ts';

/** Weights are written last: a folder with them is a whole one. */
const weightsName = 'model.safetensors';

const shippedPath = (kind: 'models' | 'datasets', ...rest: string[]): string =>
  join(repositoryRoot(), 'server', 'zoo', 'embedded', kind, ...rest);

/** Folder of the data sets that ship. */
export const shippedDatasets = (): string => shippedPath('datasets');

/**
 * A file of a model: that ships, or that was trained here and lies in the data folder.
 * @param data the data folder; the processes of a run have no environment and are told it
 */
export function modelFile(data: string, id: string, ...rest: string[]): string {
  const own = join(data, 'models', id);
  const isOwn = !existsSync(shippedPath('models', id)) && existsSync(join(own, weightsName));
  return isOwn ? join(own, ...rest) : shippedPath('models', id, ...rest);
}

/** A path inside server/zoo/embedded/<kind>/, or of a model that was trained here. */
export function embedded(kind: 'models' | 'datasets', ...rest: string[]): string {
  const [id, ...files] = rest;
  if (kind === 'datasets' || id === undefined) return shippedPath(kind, ...rest);
  return modelFile(sharedFolder(), id, ...files);
}

/** Those that ship, and models that were trained here. */
export async function listFolders(
  kind: 'models' | 'datasets',
  data = sharedFolder(),
): Promise<string[]> {
  const entries = await readdir(shippedPath(kind), { withFileTypes: true });
  const shipped = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  if (kind === 'datasets') return shipped.sort();
  const own = join(data, kind);
  // No folder: nothing was trained here.
  const found = existsSync(own) ? await readdir(own) : [];
  // One that is being added begins with a dot.
  const names = found.filter((name) => !name.startsWith('.'));
  const whole = names.filter((name) => existsSync(join(own, name, weightsName)));
  return [...new Set([...shipped, ...whole])].sort();
}

/** Only ids that are in the listing reach a path, so an id from the web cannot climb folders. */
export async function requireKnown(
  kind: 'models' | 'datasets',
  id: string,
  data = sharedFolder(),
): Promise<void> {
  const known = await listFolders(kind, data);
  if (!known.includes(id)) {
    throw new ZooError(
      'range',
      `no embedded ${kind.slice(0, -1)} "${id}"; known: ${known.join(', ')}.`,
    );
  }
}

export async function readJson<T>(path: string, schema: z.ZodType<T>): Promise<T> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(await readFile(path, 'utf8'));
  } catch (cause) {
    throw new ZooError('missing', `${path}: cannot read it (${String(cause)}). Restore the file.`, {
      cause,
    });
  }
  const result = schema.safeParse(parsed);
  if (result.success) return result.data;
  throw new ZooError('corrupt', `${path}: ${z.prettifyError(result.error)}`);
}
