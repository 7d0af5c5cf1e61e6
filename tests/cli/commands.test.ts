/**
 * The commands around runs: what they print, their JSON, their files and exit codes. One database for
 * all, which stays up between the commands as beside a running app. The entry itself is tested in
 * parley.test.ts, as a process.
 */
import { CommanderError } from 'commander';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import type { RunDetail } from '../../server/api/schemas/run-view.ts';
import { importTemplate } from '../../server/api/schemas/results-import.ts';
import { parleyProgram } from '../../server/cli/program.ts';
import { useDatabase } from '../support/database.ts';
import { smallSpec } from '../support/specs.ts';
import { storeRuns } from '../support/stored-runs.ts';

const database = useDatabase();
const root = join(import.meta.dirname, '..', '..');

interface Result {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** As the command left it; typed as a number, since it was cleared just before. */
const exitCode = (): number => {
  const { exitCode: code } = process as { exitCode?: number };
  return code ?? 0;
};

/** The command line in this process: its own program each time, what it prints caught. */
async function parley(...args: string[]): Promise<Result> {
  const texts = { out: '', err: '' };
  const catching = (stream: 'out' | 'err') => (chunk: unknown) => {
    texts[stream] += String(chunk);
    return true;
  };
  const spies = [
    vi.spyOn(process.stdout, 'write').mockImplementation(catching('out')),
    vi.spyOn(process.stderr, 'write').mockImplementation(catching('err')),
    vi.spyOn(console, 'log').mockImplementation((text: string) => catching('out')(`${text}\n`)),
    vi.spyOn(console, 'error').mockImplementation((text: string) => catching('err')(`${text}\n`)),
  ];
  process.exitCode = undefined;
  try {
    await parleyProgram().exitOverride().parseAsync(args, { from: 'user' });
    return { code: exitCode(), ...texts };
  } catch (error) {
    const exit = error instanceof CommanderError ? error.exitCode : 1;
    const message = error instanceof CommanderError ? '' : `${(error as Error).message}\n`;
    return { code: exit, out: texts.out, err: texts.err + message };
  } finally {
    for (const spy of spies) spy.mockRestore();
    process.exitCode = undefined;
  }
}

async function json<T>(...args: string[]): Promise<T> {
  const result = await parley(...args, '--json');
  expect(result.code, result.err).toBe(0);
  return JSON.parse(result.out) as T;
}

let ids: readonly string[] = [];
let spec = '';
beforeAll(async () => {
  const runs = await Promise.all(
    ['puma-minilm2-imdb-lan', 'quad2quad-minilm2-imdb-lan'].map(
      async (name) =>
        JSON.parse(
          await readFile(join(root, `benchmarks/results/runs/${name}.json`), 'utf8'),
        ) as RunDetail,
    ),
  );
  ids = await storeRuns(
    database.db,
    runs.map((run) => ({
      spec: run.spec,
      headline: run.headline,
      environment: run.environment,
      linkVerdict: 'met' as const,
    })),
  );
  spec = join(database.folder, 'spec.json');
  await writeFile(spec, JSON.stringify(smallSpec));
});
const [puma, quad] = [() => ids[0] ?? '', () => ids[1] ?? ''];

test('help names every command and every exit code', async () => {
  const { out, code } = await parley('--help');
  expect(code).toBe(0);
  const commands =
    'run watch compare export import share queue doctor costs deal certificate predict calibration demo';
  for (const command of commands.split(' ')) {
    expect(out).toMatch(new RegExp(`^ {2}${command}\\b`, 'm'));
  }
  for (const exit of ['0', '1', '2', '130']) expect(out).toMatch(new RegExp(`^ {2}${exit}  `, 'm'));
});

describe('compare', () => {
  test('prints Markdown, and every other format by name', async () => {
    const markdown = await parley('compare', puma(), quad());
    expect(markdown).toMatchObject({ code: 0 });
    expect(markdown.out).toMatch(/^\|.*\|$/m);
    const csv = await parley('compare', puma(), quad(), '--format', 'csv');
    expect(csv.out.trim().split('\n')).toHaveLength(3);
    const found = await parley('compare', '--query', 'state:done', '--json');
    for (const id of ids) expect(found.out).toContain(`"${id}"`);
  });

  test('names a run that there is not, and a pinned one that is not compared', async () => {
    expect(await parley('compare', 'nope')).toMatchObject({
      code: 1,
      err: 'there is no run nope.\n',
    });
    const other = await parley('compare', puma(), '--base', quad());
    expect(other.code).toBe(1);
    expect(other.err).toContain(`--base is ${quad()}`);
  });
});

describe('export', () => {
  test('a run as JSON and as a file, and the table as CSV', async () => {
    expect(await json<object>('export', puma())).toMatchObject({ run: { id: puma() } });
    const file = join(database.folder, 'run.tex');
    expect(await parley('export', puma(), '--format', 'tex', '-o', file)).toMatchObject({
      code: 0,
      out: '',
    });
    expect(await readFile(file, 'utf8')).toContain('\\begin{tabular}');
    const { out } = await parley('export', '--query', 'state:done');
    expect(out.trim().split('\n')).toHaveLength(3);
  });

  test.each([
    ['a format', ['export', 'RUN', '--format', 'xls'], /--format is "xls": use json, csv/],
    ['a column', ['export', '--columns', 'shoe-size'], /cols has "shoe-size"/],
    ['a file', ['export', 'RUN', '-o', '/nowhere/x.json'], /--output \/nowhere\/x.json: cannot be/],
    ['both', ['export', 'RUN', '--query', 'x'], /not both/],
  ])('refuses %s', async (_, args, sentence) => {
    const result = await parley(...args.map((arg) => (arg === 'RUN' ? puma() : arg)));
    expect(result.code).toBe(1);
    expect(result.err).toMatch(sentence);
  });
});

describe('import', () => {
  test('takes the template that it prints, and a value for all rows', async () => {
    const template = await parley('import', '--template');
    expect(template.out).toBe(importTemplate);
    const file = join(database.folder, 'theirs.csv');
    await writeFile(file, template.out);
    const { imported } = await json<{ imported: string[] }>(
      'import',
      file,
      '--set',
      'note:=from the table',
    );
    const run = await database.db.run.findUniqueOrThrow({ where: { id: imported[0] ?? '' } });
    expect(run).toMatchObject({ provenance: 'imported', note: 'from the table' });
  });

  test('says which row and column cannot be read, and which --set', async () => {
    const file = join(database.folder, 'broken.csv');
    await writeFile(file, importTemplate.replace(',100,128,', ',many,128,'));
    const broken = await parley('import', file);
    expect(broken.code).toBe(1);
    expect(broken.err).toMatch(/row 1: samples is "many"/);
    const unset = await parley('import', file, '--set', 'shoes=5');
    expect(unset.err).toMatch(/--set is "shoes=5": write KEY=COLUMN/);
  });
});

describe('share', () => {
  test('publishes, lists and takes back', async () => {
    const link = await json<{ slug: string; path: string }>('share', puma());
    expect(link.path).toBe(`/s/${link.slug}`);
    const both = await json<{ slug: string }>('share', puma(), quad(), '--days', '2');
    const listed = await json<{ slug: string; kind: string }[]>('share', 'list');
    expect(listed.map(({ slug }) => slug).sort()).toEqual([link.slug, both.slug].sort());
    expect(await parley('share', 'revoke', link.path)).toMatchObject({ code: 0 });
    const left = await json<{ slug: string }[]>('share', 'list');
    expect(left.map(({ slug }) => slug)).toEqual([both.slug]);
    expect(await parley('share', 'revoke', link.slug)).toMatchObject({ code: 1 });
  });
});

describe('queue', () => {
  test('lists what waits, cancels it, and says that it has ended', async () => {
    const queued = await json<{ id: string; state: string }>('run', spec, '--no-wait');
    expect(queued.state).toBe('queued');
    const { runs, ...counts } = await json<{ runs: { id: string }[] }>('queue');
    expect(runs.map(({ id }) => id)).toEqual([queued.id]);
    expect(counts).toEqual({ workers: 0, running: 0, queued: 1 });
    expect((await parley('queue')).out).toContain(`${queued.id}  queued`);
    const raised = await json<object>('queue', 'priority', queued.id, 'high');
    expect(raised).toEqual({ id: queued.id, priority: 'high' });
    expect((await parley('queue', 'priority', queued.id, 'urgent')).code).not.toBe(0);
    const cancelled = await json<object>('queue', 'cancel', queued.id);
    expect(cancelled).toEqual({ id: queued.id, state: 'cancelled' });
    // Watching what has ended prints what it came to, with the exit code of a run that is not done.
    const watched = await parley('watch', queued.id);
    expect(watched.code).toBe(1);
    expect(watched.out).toMatch(/state {2}cancelled: Cancelled before it started/);
    expect((await parley('queue', 'cancel', puma())).err).toMatch(/there is nothing to cancel/);
  });

  test('retry queues the spec once more', async () => {
    const again = await json<{ id: string; specHash: string }>(
      'queue',
      'retry',
      quad(),
      '--no-wait',
    );
    expect(again.id).not.toBe(quad());
    const { specHash } = await database.db.run.findUniqueOrThrow({ where: { id: quad() } });
    expect(again.specHash).toBe(specHash);
    await parley('queue', 'cancel', again.id);
  });
});

describe('predict and calibration', () => {
  test('a preset by name, with an interval around the middle', async () => {
    const said = await json<{ onlineMs: number; low80: number; high80: number }>(
      'predict',
      'preset:quad2quad-minilm2-imdb-lan',
    );
    expect(said.low80).toBeLessThan(said.onlineMs);
    expect(said.high80).toBeGreaterThan(said.onlineMs);
    const unknown = await parley('predict', 'preset:nope');
    expect(unknown.err).toMatch(/there is no preset "nope"; there are puma-minilm2-imdb-lan/);
  });

  test('the score has a line for all', async () => {
    const { groups } = await json<{ groups: { variant: string | null }[] }>('calibration');
    expect(groups[0]?.variant).toBeNull();
    expect((await parley('calibration')).out).toMatch(/^ {2}all/m);
  });
});

test('doctor says all of it as JSON', async () => {
  const result = await parley('doctor', '--json');
  const { ok, findings } = JSON.parse(result.out) as {
    ok: boolean;
    findings: { name: string; ok: boolean }[];
  };
  expect(result.code).toBe(ok ? 0 : 1);
  expect(findings.map(({ name }) => name)).toContain('kernels');
});
