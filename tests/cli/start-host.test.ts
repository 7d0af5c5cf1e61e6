/** `npm start -- --host ADDRESS` without accounts is refused in the first second, and says what to do. */
import { execFile } from 'node:child_process';
import { expect, test } from 'vitest';

const entry = new URL('../../server/cli/start.mjs', import.meta.url).pathname;

const start = (args: readonly string[], accounts?: string) =>
  new Promise<{ readonly code: number | string | null | undefined; readonly said: string }>(
    (resolve) => {
      const { PARLEY_ACCOUNTS: _, ...rest } = process.env;
      const env = accounts === undefined ? rest : { ...rest, PARLEY_ACCOUNTS: accounts };
      execFile(
        process.execPath,
        [entry, ...args],
        { env, timeout: 20_000 },
        (error, stdout, stderr) =>
          resolve({ code: error === null ? 0 : error.code, said: stdout + stderr }),
      );
    },
  );

test.each(['0.0.0.0', '192.0.2.7', '::'])('--host %s without accounts', async (host) => {
  const { code, said } = await start(['--host', host]);
  expect(code).toBe(1);
  expect(said).toContain(`--host ${host} lets others reach Parley`);
  expect(said).toContain('parley users add NAME@EXAMPLE.ORG --admin');
  expect(said).toContain('PARLEY_ACCOUNTS=on');
  expect(said).not.toContain('Starting Parley');
});

test('a word that is neither on nor off, and a worker that would listen', async () => {
  expect(await start(['--host', '0.0.0.0'], 'yes')).toEqual({
    code: 1,
    said: expect.stringContaining('PARLEY_ACCOUNTS is "yes": use on or off.'),
  });
  expect(await start(['--only', 'worker', '--host', '127.0.0.1'])).toEqual({
    code: 1,
    said: expect.stringContaining('--host needs the web'),
  });
});
