/** A supervisor that is killed leaves no child behind, however busy the child is with its own errors. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { isAlive } from '../../server/db/lock-file.ts';

const hook = new URL('../../server/cli/start/end-with-parent.mjs', import.meta.url).href;

/** Prints every 50 ms, and answers every error by printing it, as Next does. */
const childScript = `
  process.on('uncaughtException', (error) => console.error(error));
  setInterval(() => console.log('still here'), 50);
`;
const supervisorScript = `
  const { spawn } = require('node:child_process');
  const child = spawn(process.execPath, [...process.argv.slice(1), '-e', ${JSON.stringify(childScript)}], {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  child.stdout.once('data', () => console.log(child.pid));
`;

test('a child ends when its supervisor was killed with -9', async () => {
  const supervisor = spawn(process.execPath, ['-e', supervisorScript, '--', '--import', hook], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(supervisor.stdout, 'data')) as [Buffer];
  const child = Number(line.toString());
  expect(isAlive(child)).toBe(true);
  supervisor.kill('SIGKILL');
  await once(supervisor, 'exit');
  for (let waited = 0; waited < 15_000 && isAlive(child); waited += 100) await sleep(100);
  const alive = isAlive(child);
  if (alive) process.kill(child, 'SIGKILL');
  expect(alive).toBe(false);
});
