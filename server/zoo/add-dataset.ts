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
import type { Fields } from './config-reader.ts';
import { ZooError } from './errors.ts';
import type { Sample } from './samples.ts';
import { readRows } from './table-files.ts';

export interface DatasetOptions {
  readonly id: string;
  readonly dataFolder: string;
  readonly title: string;
  readonly licence: string;
  readonly origin: string;
  /** Columns; absent: the first that is there of the usual names. */
  readonly text?: string;
  readonly label?: string;
  /** Names of the classes, by number; absent: as the rows have them. */
  readonly labels?: readonly string[];
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

const textNames = ['text', 'sentence', 'review', 'content'];
const labelNames = ['label', 'labels', 'sentiment', 'class'];
const pairNames = [
  ['sentence1', 'sentence2'],
  ['question', 'sentence'],
  ['question1', 'question2'],
  ['premise', 'hypothesis'],
] as const;

function columnOf(
  row: Fields,
  given: string | undefined,
  usual: readonly string[],
  what: 'text' | 'label',
  file: string,
): string {
  const found = given ?? usual.find((name) => row[name] !== undefined);
  if (found !== undefined && row[found] !== undefined) return found;
  const there = Object.keys(row).join(', ');
  throw new ZooError(
    'unsupported',
    `${file}: no column ${given ?? usual.join(' or ')}; there are ${there}. Name the ${what}'s column with --${what} COLUMN.`,
  );
}

/** Pairs of texts need token types, which the models here set to 0. */
function refusePairs(row: Fields, given: string | undefined, file: string): void {
  if (given !== undefined) return;
  const pair = pairNames.find((names) => names.every((name) => row[name] !== undefined));
  if (pair === undefined) return;
  throw new ZooError(
    'unsupported',
    `${file}: columns ${pair.join(' and ')} are pairs of texts; runs read one text each. Use a set of single texts, or name one column with --text COLUMN.`,
  );
}

interface Labelled {
  readonly text: string;
  readonly label: number;
}

const wholeNumber = (value: unknown): number | null => {
  const number = typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isInteger(number) ? number : null;
};

/** Classes as numbers; a set of words becomes its sorted list. */
function namesOf(
  values: readonly unknown[],
  given: readonly string[] | undefined,
  file: string,
): { names: readonly string[]; numberOf: (value: unknown) => number | null } {
  const isWord = (value: unknown): boolean =>
    typeof value === 'string' && wholeNumber(value) === null;
  if (!values.some(isWord)) {
    const highest = values.reduce<number>((most, v) => Math.max(most, wholeNumber(v) ?? 0), 0);
    if (given === undefined && highest > 999) {
      throw new ZooError(
        'range',
        `${file}: the largest label is ${highest}; up to 1,000 classes are read. Name the right column with --label COLUMN.`,
      );
    }
    const names = given ?? Array.from({ length: highest + 1 }, (_, index) => String(index));
    return { names, numberOf: wholeNumber };
  }
  const words = values.filter((value) => typeof value === 'string');
  const names = given ?? [...new Set(words)].sort();
  return {
    names,
    numberOf: (value) => {
      const at = typeof value === 'string' ? names.indexOf(value) : -1;
      return at < 0 ? null : at;
    },
  };
}

function labelledRows(
  rows: readonly Fields[],
  file: string,
  options: DatasetOptions,
): { all: Labelled[]; names: readonly string[] } {
  const [first] = rows;
  if (first === undefined) throw new ZooError('corrupt', `${file}: no rows.`);
  refusePairs(first, options.text, file);
  const textColumn = columnOf(first, options.text, textNames, 'text', file);
  const labelColumn = columnOf(first, options.label, labelNames, 'label', file);
  const { names, numberOf } = namesOf(
    rows.map((row) => row[labelColumn]),
    options.labels,
    file,
  );
  if (names.length < 2) {
    throw new ZooError('unsupported', `${file}: one class only; there is nothing to tell apart.`);
  }
  const all = rows.map((row, at) => {
    const [text, label] = [row[textColumn], numberOf(row[labelColumn])];
    if (typeof text !== 'string' || text.trim() === '') {
      throw new ZooError(
        'corrupt',
        `${file}, row ${at + 1}: ${textColumn} is ${JSON.stringify(text)}, not a text.`,
      );
    }
    if (label === null || label < 0 || label >= names.length) {
      const hint = label === -1 ? ' -1 marks a hidden answer: take the validation split.' : '';
      throw new ZooError(
        'range',
        `${file}, row ${at + 1}: ${labelColumn} is ${JSON.stringify(row[labelColumn])}, the classes are 0 to ${names.length - 1} (${names.slice(0, 8).join(', ')}).${hint}`,
      );
    }
    return { text, label };
  });
  return { all, names };
}

/**
 * Adds the labelled texts of one file. All or nothing.
 * @throws ZooError naming file, row, value and fix
 */
export async function addDataset(file: string, options: DatasetOptions): Promise<AddedDataset> {
  const { id, dataFolder, title, licence, origin, most } = options;
  await requireFreeId('datasets', id, dataFolder);
  const rows = await readRows(file);
  const { all, names } = labelledRows(rows, file, options);
  const byHash = new Map<string, Sample>();
  for (const { text, label } of all) {
    const hash = createHash('sha256').update(text).digest('hex').slice(0, 16);
    if (!byHash.has(hash)) byHash.set(hash, { id: hash, text, label });
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
