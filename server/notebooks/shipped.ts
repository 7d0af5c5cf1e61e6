/** The notebooks that come with Parley: files of benchmarks/notebooks/, read-only, to be forked. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { readNotebook } from '../api/schemas/notebook-file.ts';
import { notebookSuffix } from '../api/schemas/notebook-write.ts';
import type { NotebookDetail, NotebookSummary } from '../api/schemas/notebook-requests.ts';
import { RunError } from '../runs/errors.ts';
import { repositoryRoot } from '../zoo/root.ts';

const prefix = 'shipped-';
const folder = (): string => join(repositoryRoot(), 'benchmarks', 'notebooks');

/** By their id, which begins with a word that no other id has. */
export const isShipped = (id: string): boolean => id.startsWith(prefix);

const notFound = (id: string): RunError =>
  new RunError('notFound', `there is no notebook ${id} among those that came with Parley.`);

/** @throws RunError 'notFound' */
export async function readShipped(id: string): Promise<NotebookDetail> {
  const name = id.slice(prefix.length);
  // A name of a file and nothing else: no way out of the folder.
  if (!/^[a-z0-9-]{1,50}$/.test(name)) throw notFound(id);
  const path = join(folder(), `${name}${notebookSuffix}`);
  try {
    const [text, { mtime }] = await Promise.all([readFile(path, 'utf8'), stat(path)]);
    const { title } = readNotebook(text);
    return {
      id,
      title,
      text,
      version: 1,
      updatedAt: mtime.toISOString(),
      forkedFrom: null,
      shipped: true,
    };
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOENT') throw notFound(id);
    throw error;
  }
}

/** All of them, by file name. */
export async function listShipped(): Promise<NotebookSummary[]> {
  const files = await readdir(folder()).catch(() => []);
  const ids = files
    .filter((file) => file.endsWith(notebookSuffix))
    .sort()
    .map((file) => `${prefix}${file.slice(0, -notebookSuffix.length)}`);
  const details = await Promise.all(ids.map(readShipped));
  return details.map(({ text: _text, ...summary }) => summary);
}
