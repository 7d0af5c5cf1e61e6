/** The command line as a person meets it: through its entry, under the system's own environment. */
import { spawn } from 'node:child_process';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { smallAdditiveSpec, smallSpec } from '../support/specs.ts';

const entry = join(import.meta.dirname, '..', '..', 'server', 'cli', 'parley.mjs');
let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-cli-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Result {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function parley(args: readonly string[], command = entry): Promise<Result> {
  return finished(process.execPath, [command, ...args], {});
}

function finished(
  command: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<Result> {
  const child = spawn(command, args, {
    cwd: join(import.meta.dirname, '..', '..'),
    env: { ...process.env, PARLEY_DATA: folder, DATABASE_URL: '', ...environment },
  });
  const texts = { out: '', err: '' };
  child.stdout.on('data', (data) => (texts.out += data));
  child.stderr.on('data', (data) => (texts.err += data));
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, ...texts })));
}

async function specFile(spec: unknown): Promise<string> {
  const file = join(folder, 'spec.json');
  await writeFile(file, JSON.stringify(spec));
  return file;
}

test('works through a link, as npx calls it', async () => {
  const link = join(folder, 'parley');
  await symlink(entry, link);
  expect(await parley(['--version'], link)).toMatchObject({ code: 0, out: '0.1.0\n' });
});

test('npx finds it in a checkout with an empty cache and no network', async () => {
  const result = await finished('npx', ['parley', '--version'], {
    npm_config_cache: join(folder, 'npm-cache'),
    npm_config_offline: 'true',
    npm_config_yes: 'false',
  });
  expect(result).toMatchObject({ code: 0, out: '0.1.0\n' });
});

describe('refuses with exit code 1 and a sentence, before anything is started', () => {
  test.each([
    ['a missing file', ['run', '/nope.json'], /cannot be read/],
    [
      'too many samples',
      ['run', 'SPEC', '--samples', '1000000'],
      /dataset\.samples is 1000000.*at most 500/,
    ],
    ['nonsense for a number', ['run', 'SPEC', '--samples', 'many'], /whole number/],
    ['an unknown command', ['dance'], /unknown command/],
  ])('%s', async (_, args, sentence) => {
    const file = await specFile(smallSpec);
    const result = await parley(args.map((arg) => (arg === 'SPEC' ? file : arg)));
    expect(result.code).toBe(1);
    expect(result.err).toMatch(sentence);
    expect(result.err).not.toMatch(/\n\s+at /);
  });
});

test('run starts database and worker by itself, prints the result, and leaves nothing running', async () => {
  const spec = { ...smallAdditiveSpec, dataset: { ...smallSpec.dataset, samples: 2 } };
  const result = await parley(['run', await specFile(spec), '--json']);
  expect(result.code, result.err).toBe(0);
  const run = JSON.parse(result.out) as Record<string, unknown>;
  expect(run).toMatchObject({ state: 'done', origin: 'cli', spec, provenance: 'measured' });
  // One document: per inference, in the words of `costs`, and in all.
  const costs = await parley(['costs', '--spec', await specFile(spec), '--json']);
  const predicted = JSON.parse(costs.out) as Record<string, unknown>;
  expect(run).toMatchObject({
    warnings: [],
    perInference: {
      samples: 2,
      wallMs: { n: 1 },
      links: predicted['links'],
      roundsOverlapped: predicted['roundsOverlapped'],
      bytesSentPerParty: predicted['bytesSentPerParty'],
      bytesSentTotal: predicted['bytesSentTotal'],
      dealerBytes: predicted['dealerBytes'],
    },
    inAll: { samples: 2, inferences: 1, accuracy: { secure: { n: 2 } } },
  });
  expect(Object.keys(predicted['links'] as object)).toContain('dealer>0');
  expect(result.err).toMatch(/queued[\s\S]*running[\s\S]*done/);
  const { findEmbedded } = await import('../../server/db/embedded-postgres.ts');
  expect(await findEmbedded(folder)).toBeUndefined();
});
