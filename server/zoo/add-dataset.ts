/**
 * Labelled texts or images of a stranger's file, checked and put among the data sets that a run can name. Sets are
 * often sorted by label, so rows are put in the order of the hash of their contents, which is the same
 * everywhere and has nothing to do with what they say; the first of them are kept.
 */
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { requireFreeId } from './add-model.ts';
import { cardName, samplesName, type DatasetCard } from './added-datasets.ts';
import { ZooError } from './errors.ts';
import { decodeImage } from './images/decode-image.ts';
import { labelledRows, type ColumnChoice, type Labelled } from './label-rows.ts';
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
  /** Rows of the file, and those left out because their content came before. */
  readonly rows: number;
  readonly repeated: number;
}

/** Bytes of all images of a set; samples are read whole. */
const mostImageBytes = 128 * 2 ** 20;

/** Of what the sample is, not of its class. */
function hashOf({ text, second, image }: Labelled): string {
  // No text holds a NUL that a reader would show, so a pair is no single text.
  const content = image ?? (second === undefined ? text : `${text}\0${second}`);
  return createHash('sha256').update(content).digest('hex').slice(0, 16);
}

/** The one size that all images have. @throws ZooError naming the first that is none, or has another */
function imageSize(samples: readonly Labelled[]): { width: number; height: number } {
  let first: { width: number; height: number } | undefined;
  let bytes = 0;
  for (const { image = new Uint8Array(0), where } of samples) {
    bytes += image.length;
    const { width, height } = decodeImage(image, where);
    first ??= { width, height };
    if (width === first.width && height === first.height) continue;
    throw new ZooError(
      'unsupported',
      `${where}: an image of ${width} by ${height}, others have ${first.width} by ${first.height}. Resize them all to what the model reads.`,
    );
  }
  if (bytes > mostImageBytes || first === undefined) {
    throw new ZooError(
      'range',
      `${samples.length} images of ${bytes} bytes; up to ${mostImageBytes} are kept. Keep fewer with --samples N.`,
    );
  }
  return first;
}

function toSample(id: string, { text, second, image, label }: Labelled): Sample {
  return {
    id,
    text,
    ...(second === undefined ? {} : { second }),
    ...(image === undefined ? {} : { image: Buffer.from(image).toString('base64') }),
    label,
  };
}

/**
 * Adds the labelled texts or images of one file. All or nothing.
 * @throws ZooError naming file, row, value and fix
 */
export async function addDataset(file: string, options: DatasetOptions): Promise<AddedDataset> {
  const { id, dataFolder, title, licence, origin, most } = options;
  await requireFreeId('datasets', id, dataFolder);
  const { all, names, pairs, isImage } = await labelledRows(await openTable(file), file, options);
  const byHash = new Map<string, Labelled>();
  for (const sample of all) {
    const id = hashOf(sample);
    if (!byHash.has(id)) byHash.set(id, sample);
  }
  const ordered = [...byHash].sort(([a], [b]) => (a < b ? -1 : 1)).slice(0, most);
  const images = isImage ? imageSize(ordered.map(([, sample]) => sample)) : undefined;
  const samples = ordered.map(([id, sample]) => toSample(id, sample));
  const json = JSON.stringify(samples);
  const card: DatasetCard = {
    title,
    licence,
    labels: [...names],
    origin,
    size: samples.length,
    ...(pairs ? { pairs } : {}),
    ...(images === undefined ? {} : { images }),
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
