/**
 * Labelled texts of a stranger's file, checked and put among the data sets that a run can name. Sets are
 * often sorted by label, so rows are put in the order of the hash of their texts, which is the same
 * everywhere and has nothing to do with what they say; the first of them are kept.
 */
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { requireFreeId } from './add-model.ts';
import { cardName, samplesName, type DatasetCard } from './added-datasets.ts';
import { labelledRows, type ColumnChoice } from './label-rows.ts';
import type { Sample } from './samples.ts';
import { openTable } from './table-files.ts';

export interface DatasetOptions extends ColumnChoice {
  readonly id: string;
  readonly dataFolder: string;
  readonly title: string;
  readonly licence: string;
  readonly origin: string;
  /** Rows that are kept. */
  readonly most: number;
}

export interface AddedDataset extends DatasetCard {
  readonly id: string;
  readonly folder: string;
  /** Rows of the file, and those left out because their text came before. */
  readonly rows: number;
  readonly repeated: number;
}

/**
 * Adds the labelled texts of one file. All or nothing.
 * @throws ZooError naming file, row, value and fix
 */
export async function addDataset(file: string, options: DatasetOptions): Promise<AddedDataset> {
  const { id, dataFolder, title, licence, origin, most } = options;
  await requireFreeId('datasets', id, dataFolder);
  const { all, names, pairs } = await labelledRows(await openTable(file), file, options);
  const byHash = new Map<string, Sample>();
  for (const sample of all) {
    const { text, second } = sample;
    // No text holds a NUL that a reader would show, so a pair is no single text.
    const content = second === undefined ? text : `${text}\0${second}`;
    const id = createHash('sha256').update(content).digest('hex').slice(0, 16);
    if (!byHash.has(id)) byHash.set(id, { id, ...sample });
  }
  const ordered = [...byHash.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  const samples = ordered.slice(0, most);
  const json = JSON.stringify(samples);
  const card: DatasetCard = {
    title,
    licence,
    labels: [...names],
    origin,
    size: samples.length,
    ...(pairs ? { pairs } : {}),
    sha256: createHash('sha256').update(json).digest('hex'),
  };
  const folder = join(dataFolder, 'datasets');
  await mkdir(folder, { recursive: true });
  const draft = await mkdtemp(join(folder, '.adding-'));
  try {
    await writeFile(join(draft, samplesName), json);
    await writeFile(join(draft, cardName), `${JSON.stringify(card, null, 2)}\n`);
    await rename(draft, join(folder, id));
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  const repeated = all.length - byHash.size;
  return { id, folder: join(folder, id), rows: all.length, repeated, ...card };
}
