/**
 * Declared against measured cost, everywhere: first every interactive operation of every protocol
 * variant, ring and source of correlations, then the catalogue of named functions beside what their
 * sources publish. Everything is really run, by all roles over channels in memory; costs are exact,
 * so one run says it all. Exits with 1 when a declared and a measured cost differ.
 *
 *   node benchmarks/protocols/run.ts [--write]
 *
 * `--write` keeps the catalogue's measured costs in benchmarks/results/protocols/, where the page
 * Learn > Protocols finds them.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { measureTable } from '../../server/costs/measure-operations.ts';
import { measurementsFile } from '../../server/costs/shipped-measurements.ts';
import { loadKernels } from '../../server/engine/ring/load.ts';
import { readEnvironment } from '../../server/runs/environment.ts';
import { formatColumns } from '../../server/cli/costs/columns.ts';
import { formatOperationTable } from '../../server/cli/costs/format-operation-table.ts';
import { measurePrimitives } from './conformance.ts';

const { values } = parseArgs({ options: { write: { type: 'boolean', default: false } } });
const kernels = loadKernels();

console.log('Interactive operations. Declared bytes per element: the most that a party sends, all');
console.log('parties, the dealer (offline). `measured` says whether a run sent exactly that.\n');
const primitives = await measurePrimitives(kernels);
const columns = Object.keys(primitives[0] ?? {});
console.log(
  formatColumns(
    columns,
    primitives.map((row) => Object.values(row)),
  ),
);

console.log('\nNamed functions on each variant, with what their sources publish:\n');
const { rows, measured } = await measureTable(kernels);
console.log(formatOperationTable(rows));

if (values.write) {
  const environment = {
    ...(await readEnvironment(kernels)),
    date: new Date().toISOString().slice(0, 10),
  };
  mkdirSync(dirname(measurementsFile()), { recursive: true });
  const text = JSON.stringify({ environment, operations: measured }, null, 2);
  writeFileSync(measurementsFile(), `${text}\n`);
  console.log(`\nwritten to ${measurementsFile()}`);
}

const differing = [
  ...primitives.filter((row) => row.measured !== 'equal'),
  ...rows.filter(({ agrees }) => agrees !== true),
];
console.log(
  differing.length === 0
    ? `\nAll ${primitives.length + rows.length} measured costs are the declared ones.`
    : `\n${differing.length} measured costs DIFFER from the declared ones.`,
);
process.exitCode = differing.length === 0 ? 0 : 1;
