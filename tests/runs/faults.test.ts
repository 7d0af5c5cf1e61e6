/**
 * Two real parties, a real dealer and a real owner over TCP, one of them with something wrong: the run
 * ends with a sentence that names the cause, every role that still can says what it saw, no process
 * and no result is left.
 */
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { LaunchError, type LaunchOptions } from '../../server/runs/launch-types.ts';
import { launch } from '../../server/runs/launcher.ts';
import { fakeLaunch } from '../support/launch-options.ts';
import { smallAdditiveSpec } from '../support/specs.ts';

const made: string[] = [];
let folder = '';
const renewFolder = async (): Promise<void> => {
  folder = await mkdtemp(join(tmpdir(), 'parley-faults-'));
  made.push(folder);
};
beforeEach(renewFolder);
afterEach(async () => {
  for (const path of made.splice(0)) await rm(path, { recursive: true, force: true });
});

const limits = { startMs: 60_000, probeMs: 60_000, silenceMs: 4000, graceMs: 20_000 };
const role = (name: string) => join(import.meta.dirname, '..', 'support', 'roles', `${name}.ts`);

async function realLaunch(entries: LaunchOptions['entries']): Promise<LaunchOptions> {
  const { signal } = new AbortController();
  const options = await fakeLaunch('good', folder, signal, smallAdditiveSpec);
  return { ...options, entries: entries ?? {}, limits };
}

async function failure(
  entries: LaunchOptions['entries'],
  graceMs = limits.graceMs,
): Promise<LaunchError> {
  const options = await realLaunch(entries);
  const error: unknown = await launch({ ...options, limits: { ...limits, graceMs } }).catch(
    (thrown: unknown) => thrown,
  );
  if (error instanceof LaunchError) return error;
  throw new Error(`expected a LaunchError, got ${String(error)}`);
}

const reported = ({ partial }: LaunchError) =>
  partial.failures.filter(({ cause }) => cause === 'report');

/** Blocks of 32 bytes of party 0's corrections, as far as they were copied. */
async function kept(): Promise<Set<string>> {
  const bytes = await readFile(join(folder, 'party-0', 'kept.bin'));
  const blocks = Array.from({ length: Math.floor(bytes.length / 32) }, (_, i) =>
    bytes.subarray(32 * i, 32 * i + 32),
  );
  // A file that is cut while it is copied leaves zeros.
  return new Set(
    blocks.filter((block) => block.some((b) => b !== 0)).map((b) => b.toString('hex')),
  );
}

test('a dealer that is ended while it deals, and a second try', async () => {
  const party = role('real-party-keeps');
  const error = await failure({ party, dealer: role('real-dealer-dies') });
  expect(error.message).toBe('The dealer failed: its process was ended by SIGKILL.');
  const seen = reported(error);
  expect(seen.map((one) => String(one.role)).toSorted()).toEqual(['0', '1', 'owner']);
  for (const { errorKind, message } of seen) {
    expect(errorKind).toBe('channel');
    expect(message).toMatch(/the dealer|party [01] stopped/);
  }
  // What party 0 was sent until then, and what it is sent when the run is tried again.
  const before = await kept();
  await renewFolder();
  const { dealer, parties } = await launch(await realLaunch({ party }));
  expect(dealer?.traces).toHaveLength(3);
  expect(parties.map(({ traces }) => traces.length)).toEqual([3, 3]);
  const after = await kept();
  expect(before.size).toBeGreaterThan(1000);
  expect(after.size).toBeGreaterThan(1000);
  expect([...after].filter((block) => before.has(block))).toEqual([]);
  // Party 0's own file is gone with the run; the others never had one.
  expect(await readdir(join(folder, 'party-0'))).toEqual(['kept.bin']);
  for (const name of ['party-1', 'dealer', 'owner']) {
    expect(await readdir(join(folder, name))).toEqual([]);
  }
});

test('a dealer that falls silent', async () => {
  const { message } = await failure({ dealer: role('real-dealer-stops') }, 500);
  expect(message).toMatch(/^(Party \d|The dealer) failed: nothing was heard for 4 s/);
});

test('a party that is ended while it computes', async () => {
  const error = await failure({ party: role('real-party-dies') });
  expect(error.message).toBe('Party 1 failed: its process was ended by SIGKILL.');
  expect(
    reported(error)
      .map((one) => String(one.role))
      .toSorted(),
  ).toEqual(['0', 'dealer', 'owner']);
  expect(reported(error).every(({ errorKind }) => errorKind === 'channel')).toBe(true);
});

const saysSo = (error: LaunchError): void => {
  expect(error.message).toMatch(/was given another plan\.$/);
  for (const { errorKind, message } of reported(error)) {
    expect(errorKind).toBe('channel');
    expect(message).toMatch(/was given another plan/);
  }
  expect(error.partial.roles).toEqual([]);
};

// Whoever dials a role that has refused and gone may be stopped before it learns why.
test('a party that was given another plan: nobody starts, and whoever speaks says so', async () => {
  const error = await failure({ party: role('real-party-other-plan') });
  saysSo(error);
  expect(reported(error).length).toBeGreaterThan(1);
});

test('a dealer that was given another plan: nobody starts', async () => {
  // The owner has no connection to it, and may still be waiting for the order to begin.
  const error = await failure({ dealer: role('real-dealer-other-plan') }, 2000);
  expect(error.stopped).toBe(false);
  saysSo(error);
});

test('each try has a session, keys, seeds and files of its own', async () => {
  const { signal } = new AbortController();
  const secrets = async () => {
    const options = await fakeLaunch('prints', folder, signal, smallAdditiveSpec);
    await launch(options);
    return readFile(join(folder, 'party-0.log'), 'utf8');
  };
  const first = await secrets();
  expect(first).toMatch(/^session [0-9a-f]{16} key [0-9a-f]{64}$/m);
  // The folder of another try is refused, before any process starts.
  await expect(secrets()).rejects.toThrow(/EEXIST/);
  await renewFolder();
  const second = await secrets();
  const words = first.trim().split(' ');
  for (const index of [1, 3]) expect(second).not.toContain(words[index]);
});
