/**
 * The tests that speak to a database, once more on a team's own PostgreSQL: version 15 of Debian. Where it
 * is not installed they are left out loudly, and CI=true makes that a failure.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import { hasTeamPostgres, startTeamPostgres } from './support/team-postgres.ts';

/** Every table and every kind of query: queue, results, people, notebooks, backup. */
const files = [
  'tests/runs/{create-run,events,lifecycle,migrate,turns,worker,views,sweep}.test.ts',
  'tests/{accounts,keep,notebooks,results}/**/*.test.ts',
  'tests/api/{router,authorisation}.test.ts',
];
const root = join(import.meta.dirname, '..');

if (hasTeamPostgres()) {
  const { url, stop } = await startTeamPostgres();
  const vitest = realpathSync(join(root, 'node_modules', '.bin', 'vitest'));
  try {
    const child = spawn(
      process.execPath,
      [vitest, 'run', '--project', 'server', ...files.flatMap(named)],
      {
        cwd: root,
        stdio: 'inherit',
        env: { ...process.env, PARLEY_TEST_POSTGRES: url },
      },
    );
    const [code] = (await once(child, 'exit')) as [number | null];
    process.exitCode = code ?? 1;
  } finally {
    await stop();
  }
} else {
  console.log('!! NOT TESTED: PostgreSQL 15 is not here (apt-get install postgresql-15).');
  process.exitCode = process.env['CI'] === 'true' ? 1 : 0;
}

/** Vitest takes parts of paths, not patterns. */
function named(pattern: string): string[] {
  const list = /^(.*)\{(.+)\}(.*)$/.exec(pattern);
  if (list === null) return [pattern];
  const [, before = '', names = '', after = ''] = list;
  const rest = after.replace(/\*\*.*$/, '').replace(/\/$/, '/');
  return names.split(',').map((name) => `${before}${name}${rest}`);
}
