/**
 * Errors of every approximation against the function that it replaces, in fixed point in the clear.
 *
 *   node benchmarks/approximations/run.ts [--write]
 *
 * `--write` keeps them, with their curves, in benchmarks/results/approximations.json, where the page
 * Learn > Approximations finds them; a test computes them again.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { formatColumns } from '../../server/cli/costs/columns.ts';
import { approximations, errorsFile } from '../../server/costs/approximations.ts';
import {
  measureError,
  type MeasuredError,
} from '../../server/engine/approximations/measure-error.ts';
import { loadKernels } from '../../server/engine/ring/load.ts';

const { values } = parseArgs({ options: { write: { type: 'boolean', default: false } } });
const kernels = loadKernels();

/** Six digits: less than a unit of the ring where errors are small. */
const short = (value: number): number => Number(value.toPrecision(6));

const found: Record<string, MeasuredError> = {};
for (const approximation of approximations) {
  const { max, mean, curve } = await measureError(kernels, approximation);
  found[approximation.key] = {
    max: short(max),
    mean: short(mean),
    curve: { x: curve.x, error: curve.error.map(short) },
  };
}

console.log(
  formatColumns(
    ['approximation', 'domain', 'largest error', 'mean error'],
    approximations.map(({ key, domain }) => [
      key,
      `${domain[0]} to ${domain[1]}`,
      String(found[key]?.max),
      String(found[key]?.mean),
    ]),
  ),
);

if (values.write) {
  writeFileSync(errorsFile(), `${JSON.stringify(found)}\n`);
  console.log(`\nwritten to ${errorsFile()}`);
}
