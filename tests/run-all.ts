/**
 * `npm test`: everything that can be tested on this machine, each step with its seconds.
 * Uses its own data folder and free ports, so it passes while the app runs. Browser tests need a
 * Chromium; where none is found they are left out loudly, and CI=true makes that a failure.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromiumPath } from './e2e/browser.ts';

const root = join(import.meta.dirname, '..');
const data = mkdtempSync(join(tmpdir(), 'parley-test-'));
const node = process.execPath;
/** A package's command, run by our Node whatever its first line says. */
const bin = (name: string): string => realpathSync(join(root, 'node_modules', '.bin', name));
const environment: NodeJS.ProcessEnv = {
  ...process.env,
  PARLEY_DATA: data,
  PATH: `${join(root, 'node_modules', '.bin')}:${process.env['PATH'] ?? ''}`,
};
delete environment['DATABASE_URL'];

const steps: readonly (readonly [string, readonly [string, ...string[]]])[] = [
  ['prepare', [node, 'server/cli/postinstall.mjs']],
  ['lint', [node, bin('oxlint'), '--type-aware', '--deny-warnings']],
  ['format', [node, bin('oxfmt'), '--check', '.']],
  ['types', [node, bin('tsc'), '--noEmit']],
  ['declared and measured costs', [node, 'benchmarks/protocols/run.ts']],
  ['unit, integration and page tests', [node, bin('vitest'), 'run']],
  ['database tests on PostgreSQL 15', [node, 'tests/on-team-postgres.ts']],
  ...(chromiumPath === undefined
    ? []
    : [['browser tests', [node, bin('playwright'), 'test']] as const]),
];

const timings: [string, number][] = [];
let failed: string | null = null;
for (const [name, [command, ...args]] of steps) {
  const started = Date.now();
  console.log(`\n== ${name}`);
  const { status } = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    env: environment,
  });
  timings.push([name, (Date.now() - started) / 1000]);
  if (status !== 0) {
    failed = name;
    break;
  }
}

rmSync(data, { recursive: true, force: true });
console.log('');
for (const [name, seconds] of timings) console.log(`${seconds.toFixed(1).padStart(8)} s  ${name}`);
if (chromiumPath === undefined) {
  console.log('\n!! NO BROWSER TESTS: no Chromium was found (set PARLEY_CHROMIUM to its path).');
  if (process.env.CI === 'true') failed ??= 'browser tests (no Chromium)';
}
if (failed) {
  console.error(`\nFAILED: ${failed}`);
  process.exit(1);
}
console.log('\nEverything passed.');
