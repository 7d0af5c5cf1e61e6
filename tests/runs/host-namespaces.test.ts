/** Three hosts with networks and file systems of their own; see host-namespaces.sh. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';

const script = join(import.meta.dirname, 'host-namespaces.sh');

interface Said {
  readonly outcome: string;
  readonly reason: string | null;
  readonly agrees: boolean;
  readonly onlineMs: number | null;
  readonly endedAfterMs: number | null;
  readonly certificate: Readonly<Record<string, string | number | boolean>> | null;
}

test('a run over three hosts is whole, and ends by name when one of them is cut off', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'parley-hosts-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const { stdout } = await promisify(execFile)('bash', [script, process.execPath, folder], {
    timeout: 110_000,
    maxBuffer: 2 ** 22,
  });
  const [whole, cut] = stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Said);
  expect(whole).toMatchObject({ outcome: 'done', agrees: true });
  expect(whole?.onlineMs).toBeGreaterThan(0);
  for (const role of ['party 0', 'party 1', 'party 2']) {
    expect(whole?.certificate?.[`host of ${role}`]).toMatch(
      /^(10\.88|127)\.0\.\d\.?\d*:\d+ [0-9a-f]{16}$/,
    );
  }
  expect(whole?.certificate?.['clocks within ms']).toBeGreaterThan(0);
  expect(cut).toMatchObject({ outcome: 'failed', onlineMs: null });
  expect(cut?.reason).toMatch(/^Party 1 failed: host .* is cut off: nothing was heard for 10 s/);
  expect(cut?.endedAfterMs).toBeLessThan(20_000);
});
