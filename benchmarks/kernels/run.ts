/**
 * Times the ring kernels of every backend and instruction set of this machine.
 *
 *   node benchmarks/kernels/run.ts [--rounds 15] [--out benchmarks/results/kernels.json]
 *
 * Backends take turns within a round, so that a noisy neighbour disturbs all of them alike; each
 * figure is the median over rounds. See README.md for what is counted.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import {
  loadNativeKernels,
  nativeInstructionSets,
} from '../../server/engine/ring/backend-native.ts';
import { loadReferenceKernels } from '../../server/engine/ring/backend-reference.ts';
import { loadWasmKernels } from '../../server/engine/ring/backend-wasm.ts';
import { EngineError } from '../../server/engine/errors.ts';
import type { Kernels } from '../../server/engine/ring/kernels.ts';
import { kernelCases, type KernelCase } from './cases.ts';

interface Result {
  readonly kernel: string;
  readonly unit: string;
  readonly backend: string;
  readonly median: number;
  readonly best: number;
  readonly rounds: number;
}

function attempt(load: () => Kernels): Kernels[] {
  try {
    return [load()];
  } catch (error) {
    if (error instanceof EngineError && error.kind === 'backend') return [];
    throw error;
  }
}

/** Calls that fill about 20 ms, so that neither the clock nor the call itself counts. */
function repeats(once: () => void): number {
  once();
  const start = process.hrtime.bigint();
  once();
  const ns = Number(process.hrtime.bigint() - start);
  return Math.max(1, Math.min(1000, Math.round(20e6 / ns)));
}

/** Work per nanosecond of CPU time of this process, i.e. giga-units per second. */
function rate(work: number, calls: number, once: () => void): number {
  const before = process.cpuUsage();
  for (let i = 0; i < calls; i++) once();
  const { user, system } = process.cpuUsage(before);
  return (work * calls) / ((user + system) * 1000);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

function measure(test: KernelCase, backends: readonly Kernels[], rounds: number): Result[] {
  const runs = backends
    .filter((kernels) => kernels.backend !== 'reference' || test.referenceToo)
    .map((kernels) => {
      const once = () => test.run(kernels);
      return { kernels, once, calls: repeats(once), rates: [] as number[] };
    });
  for (let round = 0; round < rounds; round++) {
    for (const run of runs) {
      // The reference is a thousand times slower: three rounds say enough.
      if (run.kernels.backend === 'reference' && round >= 3) continue;
      run.rates.push(rate(test.work, run.calls, run.once));
    }
  }
  return runs.map(({ kernels, rates }) => ({
    kernel: test.name,
    unit: test.unit,
    backend: `${kernels.backend} ${kernels.instructionSet}`,
    median: median(rates),
    best: Math.max(...rates),
    rounds: rates.length,
  }));
}

function printTable(results: readonly Result[], columns: readonly string[]): void {
  const rows = new Map<string, string[]>();
  for (const { kernel, unit, backend, median } of results) {
    const row = rows.get(kernel) ?? [kernel, unit, ...columns.map(() => '')];
    row[2 + columns.indexOf(backend)] = median.toPrecision(3);
    rows.set(kernel, row);
  }
  const table = [['kernel', 'unit', ...columns], ...rows.values()];
  const widths =
    table[0]?.map((_, c) => Math.max(...table.map((row) => row[c]?.length ?? 0))) ?? [];
  for (const row of table) {
    const cells = row.map((cell, c) =>
      c < 2 ? cell.padEnd(widths[c] ?? 0) : cell.padStart(widths[c] ?? 0),
    );
    console.log(cells.join('  '));
  }
}

/** `-dirty` marks figures of code that is not committed as such; unknown outside a git checkout. */
function commitOfCode(): string {
  const args = ['describe', '--always', '--dirty', '--abbrev=40', '--exclude=*'];
  const { stdout } = spawnSync('git', args, { cwd: import.meta.dirname, encoding: 'utf8' });
  return stdout?.trim() || 'unknown';
}

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '15' },
    out: { type: 'string', default: join(import.meta.dirname, '../results/kernels.json') },
  },
});
const backends = [
  ...nativeInstructionSets.toReversed().flatMap((isa) => attempt(() => loadNativeKernels(isa))),
  ...attempt(loadWasmKernels),
  loadReferenceKernels(),
];
const columns = backends.map((k) => `${k.backend} ${k.instructionSet}`);
const cpu = cpus()[0]?.model ?? 'unknown';
console.log(`${cpu}, ${cpus().length} cores, node ${process.version}; one thread, median rates\n`);
const results = kernelCases().flatMap((test) => measure(test, backends, Number(values.rounds)));
printTable(results, columns);
mkdirSync(dirname(values.out), { recursive: true });
const environment = {
  cpu,
  cores: cpus().length,
  node: process.version,
  commit: commitOfCode(),
  platform: `${process.platform}-${process.arch}`,
  date: new Date().toISOString(),
};
writeFileSync(values.out, `${JSON.stringify({ environment, results }, null, 2)}\n`);
console.log(`\nwritten: ${values.out}`);
