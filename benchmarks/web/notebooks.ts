/**
 * Runs the notebooks that ship, all cells, and writes down that it did: benchmarks/results/notebooks.json,
 * which a test holds against the files. Loads the shipped runs into the installation (PARLEY_DATA) first.
 *
 *   node benchmarks/web/notebooks.ts            computes; run cells without a result are an error
 *   node benchmarks/web/notebooks.ts --run      runs them too, and pins their results and charts into the
 *                                               files, as measured elsewhere: readers have other machines
 */
import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Cell, Notebook } from '../../server/api/schemas/notebook-cells.ts';
import { asksForRuns } from '../../server/api/schemas/notebook-run-charts.ts';
import { readNotebook } from '../../server/api/schemas/notebook-file.ts';
import { writeNotebook } from '../../server/api/schemas/notebook-write.ts';
import type { CellValue } from '../../server/api/schemas/notebook-table.ts';
import { onStale } from '../../server/cli/commands/notebook-runs.ts';
import { openSession } from '../../server/cli/session.ts';
import { loadDemo } from '../../server/demo/load-demo.ts';
import { withResults } from '../../server/notebooks/live.ts';
import { openJavascript } from '../../server/notebooks/javascript-child.ts';
import { runHeadless } from '../../server/notebooks/run-headless.ts';

const root = join(import.meta.dirname, '..');
const folder = join(root, 'notebooks');
const mayRun = process.argv.includes('--run');

/** Nobody who reads it measured it. */
const elsewhere = (value: CellValue): CellValue =>
  value.kind === 'scalar'
    ? value
    : {
        kind: 'table',
        table: {
          ...value.table,
          rows: value.table.rows.map((row) =>
            row.class === 'measured' ? { ...row, class: 'measured, shipped' } : row,
          ),
        },
      };

/** Runs and charts of runs as they are now; queries stay open, for the runs of whoever reads. */
const withRuns = (before: Notebook, after: Notebook): Notebook => ({
  ...before,
  cells: before.cells.map((cell, index): Cell => {
    const pinned = after.cells[index]?.pinned;
    const isOfRuns = cell.kind === 'run' || (cell.kind === 'chart' && asksForRuns(cell));
    return !isOfRuns || pinned === undefined
      ? cell
      : { ...cell, pinned: { ...pinned, value: elsewhere(pinned.value) } };
  }),
});

const session = await openSession();
let failed = false;
try {
  const { run } = await openJavascript();
  await loadDemo(session.connection.db);
  const records = [];
  for (const file of (await readdir(folder)).toSorted()) {
    const path = join(folder, file);
    const notebook = readNotebook(await readFile(path, 'utf8'));
    const { db } = session.connection;
    const report = await runHeadless(db, notebook, onStale(session, mayRun), run);
    if (mayRun && report.passed) {
      const full = withResults(notebook, report.evaluation, new Date());
      await writeFile(path, writeNotebook(withRuns(notebook, full)));
    }
    const text = await readFile(path, 'utf8');
    const cells = report.cells.map(({ id, kind, status, text: said }) => ({
      id,
      kind,
      status,
      said: said.replaceAll('\u00a0', ' '),
    }));
    failed ||= !report.passed || cells.some(({ status }) => status !== 'ok');
    console.log(`${report.passed ? 'passed' : 'FAILED'}  ${file}`);
    for (const { id, status, said } of cells)
      if (status !== 'ok') console.log(`  ${status} ${id}: ${said}`);
    records.push({
      file,
      sha256: createHash('sha256').update(text).digest('hex'),
      passed: report.passed,
      cells,
    });
  }
  const ran = { at: new Date().toISOString(), notebooks: records };
  await writeFile(join(root, 'results', 'notebooks.json'), `${JSON.stringify(ran, null, 2)}\n`);
} finally {
  await session.close();
}
// A worker that ran something may keep the process.
process.exit(failed ? 1 : 0);
