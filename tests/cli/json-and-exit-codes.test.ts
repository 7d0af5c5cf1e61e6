/**
 * A table of all commands around runs: each prints one JSON value with --json and leaves with 0; each leaves
 * with 1, a sentence on stderr and nothing on stdout where it is asked for what there is not.
 */
import type { Command } from 'commander';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import type { RunDetail } from '../../server/api/schemas/run-view.ts';
import { importTemplate } from '../../server/api/schemas/results-import.ts';
import { writeNotebook } from '../../server/api/schemas/notebook-write.ts';
import { parleyProgram } from '../../server/cli/program.ts';
import { useDatabase } from '../support/database.ts';
import { smallSpec } from '../support/specs.ts';
import { storeRuns } from '../support/stored-runs.ts';

const database = useDatabase();
const done: string[] = [];
const file = (name: string): string => join(database.folder, name);

async function parley(...args: readonly string[]) {
  let [out, err] = ['', ''];
  const spies = [
    vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => ((out += String(chunk)), true)),
    vi.spyOn(process.stderr, 'write').mockImplementation((chunk) => ((err += String(chunk)), true)),
    vi.spyOn(console, 'log').mockImplementation((text: string) => void (out += `${text}\n`)),
    vi.spyOn(console, 'error').mockImplementation((text: string) => void (err += `${text}\n`)),
  ];
  process.exitCode = undefined;
  try {
    await parleyProgram().exitOverride().parseAsync(args, { from: 'user' });
    return { code: (process as { exitCode?: number }).exitCode ?? 0, out, err };
  } catch (error) {
    return { code: 1, out, err: err + (error as Error).message };
  } finally {
    for (const spy of spies) spy.mockRestore();
    process.exitCode = undefined;
  }
}

beforeAll(async () => {
  const path = join(
    import.meta.dirname,
    '../../benchmarks/results/runs/puma-minilm2-imdb-lan.json',
  );
  const run = JSON.parse(await readFile(path, 'utf8')) as RunDetail;
  const { spec, headline, environment } = run;
  const row = { spec, headline, environment, linkVerdict: 'met' as const };
  done.push(...(await storeRuns(database.db, [row, row])));
  await writeFile(file('spec.json'), JSON.stringify(smallSpec));
  const lists = { ...smallSpec, measurement: { ...smallSpec.measurement, repeats: [1, 2] } };
  await writeFile(file('lists.json'), JSON.stringify(lists));
  await writeFile(file('wrong.json'), JSON.stringify({ ...smallSpec, model: 'nope' }));
  const wrongLists = { ...lists, dataset: { ...smallSpec.dataset, samples: [1, 99_999] } };
  await writeFile(file('wrong-lists.json'), JSON.stringify(wrongLists));
  const cells = [
    { id: 'q', kind: 'query' as const, name: 'runs', source: 'state:done' },
    { id: 'a', kind: 'assertion' as const, source: 'count(runs) > 1' },
  ];
  await writeFile(file('study.parley.md'), writeNotebook({ title: 'Study', cells }));
  await writeFile(file('broken.parley.md'), 'no notebook');
  await writeFile(file('theirs.csv'), importTemplate);
  await writeFile(file('broken.csv'), 'shoes\n5\n');
});

const queued = async (): Promise<string> => {
  const { out } = await parley('run', file('spec.json'), '--no-wait', '--json');
  return (JSON.parse(out) as { id: string }).id;
};
const published = async (): Promise<string> => {
  const { out } = await parley('share', done[0] ?? '', '--json');
  return (JSON.parse(out) as { slug: string }).slug;
};

type Args = () => readonly string[] | Promise<readonly string[]>;

/** By name: what works, and what is refused; null where nothing can be refused. */
const table: Readonly<Record<string, readonly [Args, Args | null]>> = {
  run: [() => ['run', file('spec.json'), '--no-wait'], () => ['run', file('wrong.json')]],
  'run, a sweep': [
    () => ['run', file('lists.json'), '--no-wait'],
    () => ['run', file('wrong-lists.json'), '--no-wait'],
  ],
  watch: [() => ['watch', done[0] ?? ''], () => ['watch', 'nope']],
  compare: [() => ['compare', ...done], () => ['compare', 'nope']],
  export: [() => ['export', done[0] ?? ''], () => ['export', 'nope']],
  'export, a table': [() => ['export'], () => ['export', '--query', 'state:']],
  'export, all': [
    () => ['export', '--all', file('mirror')],
    () => ['export', done[0] ?? '', '--all', file('other')],
  ],
  import: [() => ['import', file('theirs.csv')], () => ['import', file('broken.csv')]],
  share: [() => ['share', done[0] ?? ''], () => ['share', 'nope']],
  'share list': [() => ['share', 'list'], null],
  'share revoke': [
    async () => ['share', 'revoke', await published()],
    () => ['share', 'revoke', 'nope'],
  ],
  queue: [() => ['queue'], null],
  'queue cancel': [
    async () => ['queue', 'cancel', await queued()],
    () => ['queue', 'cancel', 'nope'],
  ],
  'queue retry': [
    () => ['queue', 'retry', done[0] ?? '', '--no-wait'],
    () => ['queue', 'retry', 'nope', '--no-wait'],
  ],
  predict: [() => ['predict', file('spec.json')], () => ['predict', file('wrong.json')]],
  'predict, a sweep': [() => ['predict', file('lists.json')], null],
  calibration: [() => ['calibration'], null],
  'notebook list': [() => ['notebook', 'list'], null],
  'notebook run': [
    () => ['notebook', 'run', file('study.parley.md')],
    () => ['notebook', 'run', file('broken.parley.md')],
  ],
  'notebook import': [
    () => ['notebook', 'import', file('study.parley.md')],
    () => ['notebook', 'import', file('nope.ipynb')],
  ],
  'notebook export': [
    () => ['notebook', 'export', file('study.parley.md')],
    () => ['notebook', 'export', 'nope'],
  ],
  doctor: [() => ['doctor'], null],
  prune: [() => ['prune', '--days', '3'], () => ['prune', '--days', 'soon']],
  backup: [() => ['backup', file('kept')], () => ['backup', file('.')]],
};

describe.each(Object.entries(table))('%s', (name, [works, refused]) => {
  test('prints one JSON value and leaves with 0', async () => {
    const { code, out, err } = await parley(...(await works()), '--json');
    expect(code, err).toBe(0);
    expect(() => JSON.parse(out) as unknown, name).not.toThrow();
  });

  if (refused === null) return;
  test('leaves with 1, says why on stderr and prints nothing', async () => {
    const { code, out, err } = await parley(...(await refused()), '--json');
    expect(code).toBe(1);
    expect(err.trim()).not.toBe('');
    expect(out).toBe('');
  });
});

test('a sweep is told as a whole: its price, its tag, its runs', async () => {
  const priced = await parley('predict', file('lists.json'));
  expect(priced.code).toBe(0);
  expect(priced.out).toMatch(/measurement\.repeats=1 .*online/);
  expect(priced.out).toMatch(/^2 runs, about .* in all, predicted/m);
  expect((await parley('predict', file('wrong-lists.json'))).code).toBe(1);

  const { out } = await parley('run', file('lists.json'), '--no-wait', '--json');
  const { tag, ids } = JSON.parse(out) as { tag: string; ids: string[] };
  expect(ids).toHaveLength(2);
  const rows = await database.db.run.findMany({ where: { tags: { has: tag } } });
  expect(rows.map(({ origin }) => origin)).toEqual(['cli', 'cli']);
});

test('every command has --json, but training, which prints as it goes', () => {
  const leaves = (command: Command, path: string): readonly (readonly [string, Command])[] =>
    command.commands.length === 0
      ? [[path, command]]
      : command.commands.flatMap((child) => leaves(child, `${path} ${child.name()}`.trim()));
  const without = leaves(parleyProgram(), '')
    .filter(([, command]) => !command.options.some(({ long }) => long === '--json'))
    .map(([path]) => path);
  expect(without).toEqual(['train']);
});
