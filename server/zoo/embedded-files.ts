/**
 * Finding and reading the files under server/zoo/embedded/.
 *
 * Ids arrive from the web; `requireKnown` lets only those pass that are folders there.
 */
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { ZooError } from './errors.ts';
import { repositoryRoot } from './root.ts';

/** A path inside server/zoo/embedded/<kind>/. */
export const embedded = (kind: 'models' | 'datasets', ...rest: string[]): string =>
  join(repositoryRoot(), 'server', 'zoo', 'embedded', kind, ...rest);

export async function listFolders(kind: 'models' | 'datasets'): Promise<string[]> {
  const entries = await readdir(embedded(kind), { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}

/** Only ids that are in the listing reach a path, so an id from the web cannot climb folders. */
export async function requireKnown(kind: 'models' | 'datasets', id: string): Promise<void> {
  const known = await listFolders(kind);
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
