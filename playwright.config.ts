/** Browser tests against the real thing: `npm start` on its own data folder, real parties, system Chromium. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from '@playwright/test';
import { chromium } from './tests/e2e/browser.ts';

// Workers load this file again: the first process decides, the others read what it decided.
process.env['PARLEY_E2E_PORT'] ??= freePort();
process.env['PARLEY_E2E_DATA'] ??= mkdtempSync(join(tmpdir(), 'parley-e2e-'));
const port = process.env['PARLEY_E2E_PORT'];
process.env['PARLEY_E2E_URL'] = `http://localhost:${port}`;

export default defineConfig({
  testDir: 'tests/e2e',
  outputDir: 'test-results',
  workers: 1,
  timeout: 180_000,
  expect: { timeout: 20_000 },
  reporter: [['list']],
  use: {
    baseURL: process.env['PARLEY_E2E_URL'],
    launchOptions: chromium,
  },
  webServer: {
    command: 'node server/cli/start.mjs',
    url: process.env['PARLEY_E2E_URL'],
    timeout: 300_000,
    gracefulShutdown: { signal: 'SIGTERM', timeout: 15_000 },
    stdout: 'pipe',
    // An installation of its own: no shipped runs, no measuring of the machine beside the tests.
    env: {
      PORT: port,
      PARLEY_DATA: process.env['PARLEY_E2E_DATA'],
      PARLEY_DEMO: '0',
      PARLEY_CALIBRATE: '0',
    },
  },
});

function freePort(): string {
  const script =
    "const s=require('node:net').createServer().listen(0,'127.0.0.1',()=>{console.log(s.address().port);s.close()})";
  return execFileSync(process.execPath, ['-e', script], { encoding: 'utf8' }).trim();
}
