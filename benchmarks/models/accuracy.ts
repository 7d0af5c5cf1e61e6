/**
 * The table model x approximation x {plaintext, float, clear, secure}: what each stand-in costs in accuracy, and
 * where. Every cell is a real run with a process for each role; what was measured stays in a file, and the
 * same command goes on where it was stopped.
 *
 *   node benchmarks/models/accuracy.ts [--samples 20] [--model ID ...] [--functions GELU/SOFTMAX ...]
 *       [--norm exact|linear] [--dataset ID] [--length 32] [--variant additive/fast] [--out FILE]
 *
 * plaintext: float64 with the functions that the model was made for; float: float64 with the stand-ins; clear:
 * those in fixed point; secure: revealed by the parties. All on the same samples, with 95 % Wilson intervals.
 * Each model reads the first set here that fits it, and of images its own number of tokens, unless told
 * otherwise; a cell that cannot be had is left out with the reason.
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { normaliseSpec, type RunSpec } from '../../server/api/schemas/run-spec.ts';
import { formatColumns } from '../../server/cli/costs/columns.ts';
import type { Proportion } from '../../server/api/schemas/run-view.ts';
import { dataFolder } from '../../server/db/data-folder.ts';
import { scoreSamples, type LabelledScore } from '../../server/runs/accuracy.ts';
import { checkSpec } from '../../server/runs/check-spec.ts';
import { launch } from '../../server/runs/launcher.ts';
import { batchSizesOf, planOfSpec } from '../../server/runs/plan-of-spec.ts';
import { fitsDataset, modelConfigOf, trainedModelOf } from '../../server/runs/run-models.ts';
import { sessionOf } from '../../server/runs/session-of-spec.ts';
import { hashSpec } from '../../server/runs/spec-hash.ts';
import { listDatasets, listModels } from '../../server/zoo/registry.ts';

const usual = [
  'tanh-series/series',
  'puma/puma',
  'even/exponential',
  'shaft/exponential',
  'secformer/exponential',
  'shaft/shaft',
  'secformer/secformer',
  'relu/the-x',
  'quad/2quad',
  'quad/2relu',
];
const { values } = parseArgs({
  options: {
    samples: { type: 'string', default: '20' },
    model: { type: 'string', multiple: true },
    functions: { type: 'string', multiple: true, default: usual },
    norm: { type: 'string', default: 'exact' },
    dataset: { type: 'string' },
    length: { type: 'string', default: '32' },
    variant: { type: 'string', default: 'additive/fast' },
    out: { type: 'string', default: join(dataFolder(), 'accuracy.json') },
  },
});

interface Cell {
  readonly spec: RunSpec;
  readonly score: LabelledScore;
}
type Book = Record<string, Cell>;

const models = values.model ?? (await listModels()).map(({ id }) => id);
const book: Book = existsSync(values.out)
  ? (JSON.parse(readFileSync(values.out, 'utf8')) as Book)
  : {};

/** What the cell runs, or why it cannot be run. */
async function cellOf(model: string, functions: string): Promise<RunSpec | string> {
  const [gelu, softmax] = functions.split('/');
  const trained = await trainedModelOf(model);
  const set = (await listDatasets()).find(({ id, ...entry }) =>
    values.dataset === undefined ? fitsDataset(trained, entry) : id === values.dataset,
  );
  if (set === undefined) return 'no data set here fits it';
  const samples = Math.min(Number(values.samples), set.size);
  const length = Math.min(trained.maxLength, Math.max(trained.minLength, Number(values.length)));
  const { spec, issues } = await checkSpec({
    version: 1,
    model,
    dataset: { id: set.id, samples },
    sequenceLength: length,
    approximations: {
      gelu,
      softmax,
      ...(values.norm === 'exact' ? {} : { layerNorm: values.norm }),
    },
    protocol: { variant: values.variant, ring: { bits: 64, fractionBits: 18 } },
    network: { name: 'loopback', backend: 'none', bitsPerSecond: 1e12, rttMs: 0, topology: 'pair' },
    measurement: { batchSize: Math.min(10, samples), repeats: 1 },
    reveal: 'logits',
    seed: { kind: 'random' },
  });
  if (spec !== null && issues.length === 0) return normaliseSpec(spec);
  return issues.map(({ message }) => message).join(' ');
}

/** Per cent with its interval; the count of samples stands above the table. */
function short({ correct, n, low, high }: Proportion): string {
  const percent = (value: number): string => (100 * value).toFixed(1);
  return `${percent(correct / n)} (${percent(low)}-${percent(high)})`;
}

async function measure(spec: RunSpec): Promise<Cell> {
  const plan = planOfSpec(spec, await modelConfigOf(spec.model));
  const { batchSize } = spec.measurement;
  const folder = mkdtempSync(join(tmpdir(), 'parley-accuracy-'));
  try {
    const { logits, samples } = await launch({
      session: sessionOf(spec, plan, batchSizesOf(spec.dataset.samples, batchSize)),
      owner: {
        model: spec.model,
        dataset: spec.dataset,
        batchSize,
        repeats: 1,
        dataFolder: dataFolder(),
      },
      folder,
      signal: new AbortController().signal,
      onStage: async () => {},
    });
    // An inference reveals the logits of its batch in one row.
    const width = (logits[0] ?? []).length / Math.min(batchSize, spec.dataset.samples);
    const secure = logits.flat();
    const scored = samples.map((sample, at) => ({
      ...sample,
      secureLogits: secure.slice(at * width, (at + 1) * width),
    }));
    const score = scoreSamples(scored);
    // JSON has no infinity: a book with one would be read as if it were none.
    if (!Number.isFinite(score.maxLogitError.protocol)) {
      throw new Error(`${spec.model}: a secure logit is no number.`);
    }
    return { spec, score };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const rows: string[][] = [];
const leftOut: string[] = [];
for (const model of models) {
  for (const functions of values.functions) {
    const spec = await cellOf(model, functions);
    if (typeof spec === 'string') {
      leftOut.push(`${model}, ${functions}: ${spec}`);
      continue;
    }
    const { hash } = hashSpec(spec);
    if (book[hash] === undefined) {
      console.error(`${model}, ${functions} ...`);
      book[hash] = await measure(spec);
      mkdirSync(dirname(values.out), { recursive: true });
      writeFileSync(values.out, `${JSON.stringify(book, null, 1)}\n`);
    }
    const { accuracy, disagreement, maxLogitError } = book[hash].score;
    rows.push([
      model,
      functions,
      `${spec.dataset.samples} of ${spec.dataset.id}`,
      short(accuracy.plaintext),
      accuracy.approximated === undefined ? '' : short(accuracy.approximated),
      short(accuracy.clear),
      short(accuracy.secure),
      String(disagreement.withClear),
      (maxLogitError.protocol ?? Number.NaN).toExponential(1),
    ]);
  }
}
console.log(
  `${values.length} tokens or the model's own number, LayerNorm ${values.norm}, ${values.variant}, this installation; per cent right (95 % interval)\n`,
);
console.log(
  formatColumns(
    [
      'model',
      'GeLU/softmax',
      'samples',
      'plaintext',
      'float',
      'clear',
      'secure',
      'labels off',
      'logits off',
    ],
    rows,
  ),
);
for (const line of leftOut) console.log(`left out: ${line}`);
