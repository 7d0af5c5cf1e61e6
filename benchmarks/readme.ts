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

function measured(): string {
  const runs = readdirSync(folder)
    .filter((entry) => entry.endsWith('.json'))
    .map((entry) => ({ name: entry.replace(/\.json$/, ''), run: read(join(folder, entry)) }));
  const rows = runs.map(({ name: id, run }) => {
    const { headline, spec } = run;
    if (headline === null) throw new Error(`${id} is no finished run`);
    const { accuracy, onlineMsPerSample, onlineBytesSent, rounds, disagreement } = headline;
    const seconds = (ms: number) => (ms / 1000).toFixed(2);
    return [
      `\`${id}\``,
      `${spec.approximations.gelu} + ${spec.approximations.softmax}`,
      String(headline.samples),
      percent(accuracy.plaintext),
      percent(accuracy.clear),
      percent(accuracy.secure),
      `${disagreement.withPlaintext} of ${headline.samples}`,
      `${seconds(onlineMsPerSample.median)} s (n = ${onlineMsPerSample.n})`,
      `${(Math.max(...onlineBytesSent) / 1e6 / spec.measurement.batchSize).toFixed(0)} MB`,
      `${rounds}${run.prediction?.agrees === true ? ', as predicted' : ', NOT as predicted'}`,
      run.linkVerdict ?? '',
    ];
  });
  const header = [
    'spec',
    'GeLU + softmax',
    'reviews',
    'plaintext',
    'clear',
    'secure',
    'labels that differ, secure from plaintext',
    'online per review, median',
    'sent, busiest party',
    'rounds',
    'link',
  ];
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const first = runs[0]?.run;
  const { environment = {} } = first ?? {};
  const machine = ['cpu', 'cores', 'memory', 'node', 'kernels']
    .flatMap((key) => {
      const entry = Object.entries(environment).find(([k]) => k.toLowerCase().includes(key));
      return entry === undefined ? [] : [`${entry[0]} ${entry[1]}`];
    })
    .join(', ');
  return [
    line(header),
    line(header.map(() => '---')),
    ...rows.map(line),
    '',
    `Held-out IMDb reviews, 64 wordpieces, batch 1, \`minilm-2l-imdb\`, \`replicated/aby3\` over Z_2^64 with 18 fraction bits, all parties on one machine (${machine}), ${first?.spec.network.name ?? ''}: ${(first?.spec.network.bitsPerSecond ?? 0) / 1e9} Gbit/s, ${first?.spec.network.rttMs ?? 0} ms. Accuracy with 95 % Wilson interval. Offline cost: none in this variant. Quad and 2Quad are made for models distilled with them; this one is not, so its accuracy is that of guessing. Each row is a stored run in \`benchmarks/results/runs/\`, made with \`npm run parley -- run benchmarks/specs/<spec>.json --json\`; this table by \`node benchmarks/readme.ts\`.`,
    '',
  ].join('\n');
}
