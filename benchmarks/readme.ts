/**
 * Writes the README's "Measured" block from stored runs, so that no number is typed by hand:
 *
 *   npm run parley -- run benchmarks/specs/<name>.json --json > run.json
 *   node benchmarks/readme.ts store run.json <name>   # keeps it as benchmarks/results/runs/<name>.json
 *   node benchmarks/readme.ts                         # rewrites the block in README.md
 *
 * Stored runs keep sample ids, labels and logits, never the reviews' words, which are not ours to ship.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Proportion, RunDetail } from '../server/api/schemas/run-view.ts';

const root = join(import.meta.dirname, '..');
const folder = join(root, 'benchmarks', 'results', 'runs');
const [command, file, name] = process.argv.slice(2);

const read = (path: string): RunDetail => JSON.parse(readFileSync(path, 'utf8')) as RunDetail;

if (command === 'store' && file !== undefined && name !== undefined) {
  const run = read(file);
  const stored = { ...run, samples: run.samples.map((sample) => ({ ...sample, excerpt: '' })) };
  writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(stored, null, 1)}\n`);
} else if (command === undefined) {
  const readme = join(root, 'README.md');
  const text = readFileSync(readme, 'utf8');
  const block = /(<!-- measured:start -->\n)[\s\S]*(<!-- measured:end -->)/;
  writeFileSync(
    readme,
    text.replace(block, (_, start, end) => `${start}${measured()}${end}`),
  );
} else {
  console.error('node benchmarks/readme.ts [store RUN.json NAME]');
  process.exitCode = 2;
}

function percent({ correct, n, low, high }: Proportion): string {
  const of = (value: number) => (100 * value).toFixed(1);
  return `${of(correct / n)} % (${of(low)}–${of(high)})`;
}

/** What all stored runs have in common; throws where they differ, since one caption speaks for all. */
function common<T>(runs: readonly RunDetail[], what: string, of: (run: RunDetail) => T): T {
  const values = new Map(runs.map((run) => [JSON.stringify(of(run)), of(run)]));
  const [only] = values.values();
  if (values.size !== 1 || only === undefined) {
    throw new Error(`stored runs differ in ${what}: ${[...values.keys()].join(', ')}`);
  }
  return only;
}

function measured(): string {
  const stored = readdirSync(folder)
    .filter((entry) => entry.endsWith('.json'))
    .map((entry) => ({ spec: entry.replace(/\.json$/, ''), run: read(join(folder, entry)) }));
  const runs = stored.map(({ run }) => run);
  const header = [
    'spec',
    'protocol',
    'GeLU + softmax',
    'reviews',
    'plaintext',
    'clear',
    'secure',
    'labels unlike plaintext',
    'online per review, median',
    'offline per review, median',
    'sent per review, busiest party + dealer',
    'rounds per inference',
    'link',
  ];
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const rows = stored.map(({ spec: name, run }) => {
    const { headline, spec, prediction } = run;
    if (headline === null) throw new Error(`${name} is no finished run`);
    const { accuracy, onlineMsPerSample: latency, onlineBytesSent } = headline;
    if (accuracy === null || headline.disagreement === null) {
      throw new Error(`${name} has random weights: no row of a table of accuracies`);
    }
    const seconds = (ms: number) => (ms / 1000).toFixed(2);
    const dealt = headline.dealerBytes / 1e6 / spec.measurement.batchSize;
    const megabytes = Math.max(...onlineBytesSent) / 1e6 / spec.measurement.batchSize;
    const interval =
      latency.low === null || latency.high === null
        ? ''
        : `, ${seconds(latency.low)}–${seconds(latency.high)}`;
    return [
      `\`${name}\``,
      `\`${spec.protocol.variant}\`, f = ${spec.protocol.ring.fractionBits}`,
      `${spec.approximations.gelu} + ${spec.approximations.softmax}`,
      String(headline.samples),
      percent(accuracy.plaintext),
      percent(accuracy.clear),
      percent(accuracy.secure),
      `${headline.disagreement.withPlaintext} of ${headline.samples}`,
      `${seconds(latency.median)} s (n = ${latency.n}${interval})`,
      headline.correlations === 'dealer'
        ? `${seconds(headline.offlineMs.median / spec.measurement.batchSize)} s`
        : 'none',
      `${megabytes.toFixed(0)}${dealt > 0 ? ` + ${dealt.toFixed(0)}` : ''} MB`,
      `${headline.rounds}, ${prediction?.agrees === true ? 'as predicted' : 'NOT as predicted'}`,
      run.linkVerdict ?? 'not checked',
    ];
  });
  const spec = common(
    runs,
    'settings',
    ({ spec: { model, dataset, protocol, network, ...rest } }) => ({
      model,
      dataset: dataset.id,
      length: rest.sequenceLength,
      batchSize: rest.measurement.batchSize,
      bits: protocol.ring.bits,
      network,
    }),
  );
  const machine = common(runs, 'machine', ({ environment }) =>
    ['cpu', 'cores', 'memoryGiB', 'node', 'kernels', 'instructionSet'].map(
      (key) => `${key} ${environment[key] ?? 'unknown'}`,
    ),
  );
  const commits = new Set(runs.map(({ environment }) => environment['commit'] ?? 'unknown'));
  const { network } = spec;
  return [
    line(header),
    line(header.map(() => '---')),
    ...rows.map(line),
    '',
    `\`${spec.model}\` on ${spec.dataset}, ${spec.length} wordpieces, batch ${spec.batchSize}; Z_2^${spec.bits} with f fraction bits; ${network.name}: ${network.bitsPerSecond / 1e9} Gbit/s, ${network.rttMs} ms; all parties on one machine (${machine.join(', ')}); commit ${[...commits].join(', ')}.`,
    '',
    'Accuracy and latency with 95 % intervals (Wilson; order statistics). Quad and 2Quad are made for models distilled with them; this one is not, so its accuracy is that of guessing. Each row is a run stored in `benchmarks/results/runs/`, made with `npm run parley -- run benchmarks/specs/<spec>.json --json`; `node benchmarks/readme.ts` writes this table.',
    '',
  ].join('\n');
}
