import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { LaunchError, type Stage } from '../../server/runs/launch-types.ts';
import { launch } from '../../server/runs/launcher.ts';
import { scrubbedEnvironment } from '../../server/runs/child-environment.ts';
import { fakeEntries, fakeLaunch } from '../support/launch-options.ts';
import type { Behaviour } from '../support/roles/fake-role.ts';

let folder = '';
const made: string[] = [];
const renewFolder = async (): Promise<void> => {
  folder = await mkdtemp(join(tmpdir(), 'parley-launch-'));
  made.push(folder);
};
beforeEach(renewFolder);
afterEach(async () => {
  for (const path of made.splice(0)) await rm(path, { recursive: true, force: true });
});

async function failure(
  behaviour: Behaviour | 'missing',
  signal = new AbortController().signal,
): Promise<LaunchError> {
  const error: unknown = await launch(await fakeLaunch(behaviour, folder, signal)).catch(
    (thrown: unknown) => thrown,
  );
  if (error instanceof LaunchError) return error;
  throw new Error(`expected a LaunchError, got ${String(error)}`);
}

test('well-behaved roles go through the stages to a result', async () => {
  const stages: Stage['name'][] = [];
  const options = await fakeLaunch('good', folder, new AbortController().signal);
  const result = await launch({
    ...options,
    onStage: async ({ name }) => void stages.push(name),
  });
  expect(stages).toEqual(['linkCheck', 'running', 'scoring']);
  expect(result.parties.map(({ role, traces }) => [role, traces.length])).toEqual([
    [0, 3],
    [1, 3],
    [2, 3],
  ]);
  expect(result.logits).toHaveLength(2);
  expect(result.samples).toHaveLength(4);
  expect(result.labels).toEqual(['negative', 'positive']);
});

describe('a run ends with a sentence when', () => {
  test('a party dies', async () => {
    const { message, partial, stopped } = await failure('dies');
    expect(message).toMatch(
      /^Party 1 failed: its process was ended by SIGKILL, having said: FATAL/,
    );
    expect(stopped).toBe(false);
    // What the others did until then is kept.
    expect(Object.keys(partial.progress)).toContain('0');
    expect(await readFile(join(folder, 'party-1.log'), 'utf8')).toContain('something broke');
  });

  test('a party reports a corrupted frame', async () => {
    expect((await failure('fails')).message).toBe(
      'Party 1 failed: frame 7 from party 0 is corrupted.',
    );
  });

  test('a party talks nonsense', async () => {
    expect((await failure('garbage')).message).toMatch(/^Party 1 failed: sent a message that/);
  });

  test('the parties hang', async () => {
    expect((await failure('hangs')).message).toMatch(
      /^Party 0 failed: nothing was heard for 1.5 s, last seen at layer0\.$/,
    );
  });

  test('the owner hangs while the parties are well and done', async () => {
    const options = await fakeLaunch('good', folder, new AbortController().signal);
    const entries = { ...options.entries, owner: fakeEntries('hangs').party };
    await expect(launch({ ...options, entries })).rejects.toThrow(
      /^The owner failed: nothing was heard for 1.5 s\.$/,
    );
  });

  test('a party cannot be started', async () => {
    expect((await failure('missing')).message).toMatch(
      /^Party \d failed: its process ended with code 1/,
    );
  });
});

test('a run that stops keeps every trace that was closed, and says which was cut short', async () => {
  const { partial } = await failure('fails');
  const kept = partial.roles.map(({ role, traces, lastCutShort }) => [
    role,
    traces.length,
    lastCutShort,
  ]);
  expect(kept).toEqual([
    [0, 3, false],
    [1, 2, true],
    [2, 3, false],
  ]);
  await renewFolder();
  const died = (await failure('dies')).partial.roles.find(({ role }) => role === 1);
  expect(died).toMatchObject({ lastCutShort: false, traces: [{ bytesSent: { setup: 32 } }] });
});

test('real parties that are stopped in an inference hand over what they had of it', async () => {
  const stop = new AbortController();
  const options = await fakeLaunch('good', folder, stop.signal);
  const error: unknown = await launch({
    ...options,
    entries: {},
    limits: { startMs: 60_000, probeMs: 60_000, silenceMs: 60_000, graceMs: 2000 },
    onProgress: (party, { inference, path }) => {
      if (inference === 0 && path.startsWith('layer')) stop.abort();
    },
  }).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ stopped: true });
  const { roles } = (error as LaunchError).partial;
  expect(roles).toHaveLength(3);
  for (const { traces, lastCutShort } of roles) {
    expect(lastCutShort).toBe(true);
    const [setup, cut] = traces;
    expect(traces).toHaveLength(2);
    expect(setup?.bytesSent.online).toBe(0);
    expect(cut?.bytesSent.online).toBeGreaterThan(0);
    expect(cut?.reveals).toEqual([]);
  }
  // No stack of a DOMException: the sentence that everybody knows.
  const log = await readFile(join(folder, 'party-0.log'), 'utf8');
  expect(log).toContain('the run was cancelled');
  expect(log).not.toContain('DOMException');
});

test('stopping ends every process within a second, though none of them listens', async () => {
  const stop = new AbortController();
  const options = await fakeLaunch('hangs', folder, stop.signal);
  let stoppedAt = 0;
  const error: unknown = await launch({
    ...options,
    onStage: async ({ name }) => {
      if (name !== 'running') return;
      setTimeout(() => {
        stoppedAt = performance.now();
        stop.abort();
      }, 300);
    },
  }).catch((thrown: unknown) => thrown);
  expect(performance.now() - stoppedAt).toBeLessThan(1000);
  expect(error).toMatchObject({ stopped: true });
});

test('what the caller throws at a stage stops the processes and comes back as it is', async () => {
  const options = await fakeLaunch('good', folder, new AbortController().signal);
  const full = Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
  await expect(launch({ ...options, onStage: () => Promise.reject(full) })).rejects.toBe(full);
});

test('roles inherit no secret', () => {
  process.env['DATABASE_URL'] = 'postgresql://secret';
  process.env['PARLEY_DATA'] = '/secret';
  try {
    const names = Object.keys(scrubbedEnvironment());
    expect(names).not.toContain('DATABASE_URL');
    expect(names.filter((name) => name.startsWith('PARLEY_'))).toEqual([]);
  } finally {
    delete process.env['DATABASE_URL'];
    delete process.env['PARLEY_DATA'];
  }
});
