/**
 * The table model x approximation x {plaintext, float, clear, secure}: what each stand-in costs in accuracy, and
 * where. Every cell is a real run with a process for each role; what was measured stays in a file, and the
 * same command goes on where it was stopped.
 *
 *   node benchmarks/models/accuracy.ts [--samples 20] [--model ID ...] [--functions GELU/SOFTMAX ...]
 *       [--dataset ID] [--length 32] [--variant additive/fast] [--out FILE]
 *
 * plaintext: float64 with the functions that the model was made for; float: float64 with the stand-ins; clear:
 * those in fixed point; secure: revealed by the parties. All on the same samples, with 95 % Wilson intervals.
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { runSpecSchema, type RunSpec } from '../../server/api/schemas/run-spec.ts';
import { formatColumns } from '../../server/cli/costs/columns.ts';
import type { Proportion } from '../../server/api/schemas/run-view.ts';
import { dataFolder } from '../../server/db/data-folder.ts';
import { scoreSamples, type LabelledScore } from '../../server/runs/accuracy.ts';
import { choiceIssues } from '../../server/runs/check-choices.ts';
import { launch } from '../../server/runs/launcher.ts';
import { batchSizesOf, planOfSpec } from '../../server/runs/plan-of-spec.ts';
import { modelConfigOf } from '../../server/runs/run-models.ts';
import { sessionOf } from '../../server/runs/session-of-spec.ts';
import { hashSpec } from '../../server/runs/spec-hash.ts';
import { listModels } from '../../server/zoo/registry.ts';

const usual = [
  'tanh-series/series',
  'puma/puma',
  'even/exponential',
  'shaft/exponential',
  'secformer/exponential',
  'quad/2quad',
  'quad/2relu',
];
const { values } = parseArgs({
  options: {
    samples: { type: 'string', default: '20' },
    model: { type: 'string', multiple: true },
    functions: { type: 'string', multiple: true, default: usual },
    dataset: { type: 'string', default: 'imdb-heldout' },
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

function specOf(model: string, functions: string): RunSpec {
  const [gelu, softmax] = functions.split('/');
  const samples = Number(values.samples);
  return runSpecSchema.parse({
    version: 1,
    model,
    dataset: { id: values.dataset, samples },
    sequenceLength: Number(values.length),
    approximations: { gelu, softmax },
    protocol: { variant: values.variant, ring: { bits: 64, fractionBits: 18 } },
    network: { name: 'loopback', backend: 'none', bitsPerSecond: 1e12, rttMs: 0, topology: 'pair' },
    measurement: { batchSize: Math.min(10, samples), repeats: 1 },
    reveal: 'logits',
    seed: { kind: 'random' },
  });
}

/** Per cent with its interval; the count of samples stands above the table. */
function short({ correct, n, low, high }: Proportion): string {
  const percent = (value: number): string => (100 * value).toFixed(1);
  return `${percent(correct / n)} (${percent(low)}-${percent(high)})`;
}

async function measure(spec: RunSpec): Promise<Cell> {
  const issues = await choiceIssues(spec);
  if (issues.length > 0) throw new Error(issues.map(({ message }) => message).join('\n'));
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
    const width = (logits[0] ?? []).length / batchSize;
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
for (const model of models) {
  for (const functions of values.functions) {
    const spec = specOf(model, functions);
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
  `${values.samples} samples of ${values.dataset}, ${values.length} tokens, ${values.variant}, this installation; per cent right (95 % interval)\n`,
);
console.log(
  formatColumns(
    ['model', 'GeLU/softmax', 'plaintext', 'float', 'clear', 'secure', 'labels off', 'logits off'],
    rows,
  ),
);
