import { defineConfig } from 'vitest/config';

/** Three kinds of tests: the engine by itself, what needs a database or processes, and pages. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'engine',
          environment: 'node',
          include: [
            'tests/{conformance,engine,network,security,training,zoo}/**/*.test.ts',
            'tests/*.test.ts',
          ],
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'server',
          environment: 'node',
          include: [
            'tests/{accounts,runs,results,compare,papers,api,cli,keep,health,notebooks}/**/*.test.ts',
          ],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'app',
          environment: 'happy-dom',
          include: ['tests/app/**/*.test.{ts,tsx}'],
          setupFiles: ['tests/support/dom.ts'],
        },
      },
    ],
  },
});
