/**
 * The engine's speed, in one go: kernels, operations, whole models; each a benchmark of its own with
 * its own command and table. On a quiet machine, half an hour.
 *
 *   npm run bench [-- --write]
 *
 * `--write` keeps the figures in benchmarks/results/, with machine, commit and date.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const { values } = parseArgs({ options: { write: { type: 'boolean', default: false } } });
const root = join(import.meta.dirname, '..');

const parts: readonly { readonly title: string; readonly args: readonly string[] }[] = [
  {
    title: 'Ring kernels, one core',
    args: [
      'benchmarks/kernels/run.ts',
      ...(values.write ? ['--out', 'benchmarks/results/kernels.json'] : []),
    ],
  },
  {
    title: 'Operations: declared, measured and published cost',
    args: ['benchmarks/protocols/run.ts', ...(values.write ? ['--write'] : [])],
  },
  {
    title: 'Whole models',
    args: ['benchmarks/speed/run.ts', ...(values.write ? ['--write'] : [])],
  },
];

for (const { title, args } of parts) {
  console.log(`\n# ${title}\n`);
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) {
    console.error(`${args[0]} ended with ${status ?? 'a signal'}`);
    process.exitCode = 1;
  }
}
