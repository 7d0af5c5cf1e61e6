/**
 * Data sets whose samples lie here: those that were added, in the data folder under datasets/<id>/, and those that
 * ship so, in the same two files under server/zoo/embedded/datasets/<id>/: card.json beside samples.json.
 * Samples are believed only while they hash to what the card says.
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { ZooError } from './errors.ts';
import { shippedDatasets } from './embedded-files.ts';
import type { Sample } from './samples.ts';

export const datasetCardSchema = z.object({
  title: z.string(),
  licence: z.string(),
  /** Names of the classes, by number. */
  labels: z.array(z.string()),
  /** Repository, revision and file, or path. */
  origin: z.string(),
  size: z.number().int().positive(),
  /** Every sample has two texts. */
  pairs: z.literal(true).exactOptional(),
  /** Every sample is an image of this size. */
  images: z
    .object({ width: z.number().int().positive(), height: z.number().int().positive() })
    .exactOptional(),
  /** Of samples.json. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});
export type DatasetCard = z.infer<typeof datasetCardSchema>;

const samplesSchema = z.array(
  z.object({
    id: z.string(),
    text: z.string(),
    second: z.string().exactOptional(),
    image: z.base64().exactOptional(),
    label: z.number().int().nonnegative(),
  }),
);

export const cardName = 'card.json';
export const samplesName = 'samples.json';

async function readCard(file: string): Promise<DatasetCard> {
  const parsed = datasetCardSchema.safeParse(JSON.parse(await readFile(file, 'utf8')));
  if (parsed.success) return parsed.data;
  throw new ZooError('corrupt', `${file}: ${z.prettifyError(parsed.error)} Add the set again.`);
}

type ListedCard = DatasetCard & { readonly id: string };

/** Cards of those that were added, by id. */
export const listAddedDatasets = (dataFolder: string): Promise<ListedCard[]> =>
  cardsIn(join(dataFolder, 'datasets'));

/** Cards of those that ship with their samples, by id. */
export const listShippedCards = (): Promise<ListedCard[]> => cardsIn(shippedDatasets());

async function cardsIn(folder: string): Promise<ListedCard[]> {
  const names = existsSync(folder) ? await readdir(folder) : [];
  const ids = names.filter(
    (name) => !name.startsWith('.') && existsSync(join(folder, name, cardName)),
  );
  return Promise.all(
    ids.sort().map(async (id) => ({ id, ...(await readCard(join(folder, id, cardName))) })),
  );
}

/**
 * The first `count` samples; null where no set of this name was added or ships with its samples.
 * @throws ZooError 'range' for a count it has not, 'corrupt' for samples that are not the card's
 */
export async function loadAddedSamples(
  id: string,
  count: number,
  dataFolder: string,
): Promise<Sample[] | null> {
  // An id comes from the web: only one that is in the listing reaches a path.
  const isId = (entry: ListedCard): boolean => entry.id === id;
  const shipped = (await listShippedCards()).find(isId);
  const card = shipped ?? (await listAddedDatasets(dataFolder)).find(isId);
  if (card === undefined) return null;
  const folder = shipped === undefined ? join(dataFolder, 'datasets') : shippedDatasets();
  if (!Number.isInteger(count) || count < 1 || count > card.size) {
    throw new ZooError('range', `${count} samples of ${id}: ask for 1 to ${card.size}.`);
  }
  const file = join(folder, id, samplesName);
  const bytes = await readFile(file);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  if (sha256 !== card.sha256) {
    throw new ZooError(
      'corrupt',
      `${file}: SHA-256 ${sha256}, its card says ${card.sha256}. Add the set again.`,
    );
  }
  return samplesSchema.parse(JSON.parse(bytes.toString('utf8'))).slice(0, count);
}
