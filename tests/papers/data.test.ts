/** The printed tables are all here, every cell has a recipe that stands, and nothing is named twice. */
import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { cellIdSchema } from '../../server/api/schemas/papers-requests.ts';
import { runSpecSchema, type RunSpec } from '../../server/api/schemas/run-spec.ts';
import { allCells, papers } from '../../server/papers/catalog.ts';
import { specsOf } from '../../server/papers/book.ts';
import { withNeighbours } from '../../server/papers/cell-state.ts';
import { claimDefinitions } from '../../server/papers/claims.ts';
import { predictCell } from '../../server/papers/predict.ts';
import { keptHeads } from '../../server/papers/mpcvit/table.ts';
import { choiceIssues } from '../../server/runs/check-choices.ts';
import { memoryNeedOf } from '../../server/runs/memory-need.ts';
import { listPresets } from '../../server/runs/presets.ts';
import { modelConfigOf } from '../../server/runs/run-models.ts';

const counts = {
  mpcformer: { headline: 12, imdb: 22, glue: 77, functions: 10, costs: 16 },
  puma: { t1: 19, t2: 6, t3: 18, t4: 18, t5: 36, t6: 6 },
  mpcvit: { 'cifar-10': 71, 'cifar-100': 69, 'tiny-imagenet': 63, normaliser: 14 },
};

test('tables have all cells that are known', () => {
  const found = Object.fromEntries(
    papers.map(({ slug, tables }) => [
      slug,
      Object.fromEntries(tables.map(({ id, cells }) => [id, cells.length])),
    ]),
  );
  expect(found).toEqual(counts);
});

test('ids are addresses, each once, and rows and columns are headings of the table', () => {
  expect(new Set(allCells.map(({ id }) => id)).size).toBe(allCells.length);
  for (const { id, table, cell } of allCells) {
    expect(cellIdSchema.safeParse(id).success, id).toBe(true);
    expect(
      table.rows.map((row) => row.id),
      id,
    ).toContain(cell.row);
    expect(
      table.columns.map((column) => column.id),
      id,
    ).toContain(cell.column);
    expect(Number.isFinite(cell.reported), id).toBe(true);
  }
});

test('what cells, claims and presets refer to is there', async () => {
  expect(() => withNeighbours(allCells)).not.toThrow();
  const ids = new Set(allCells.map(({ id }) => id));
  for (const { test: named } of Object.values(claimDefinitions).flat()) {
    const texts = Object.values(named).flat();
    for (const id of texts.filter((text) => /^(mpcformer|puma|mpcvit)\./.test(text))) {
      expect(ids.has(id), id).toBe(true);
    }
  }
  const presets = new Set((await listPresets()).map(({ id }) => id));
  for (const { cell } of allCells) {
    if (cell.recipe.kind !== 'missing') continue;
    for (const { preset } of cell.recipe.ownScale) expect(presets.has(preset), preset).toBe(true);
    expect(cell.recipe.missing.length).toBeGreaterThan(0);
  }
});

const known: readonly (readonly [id: string, printed: string])[] = [
  ['puma.t3.puma.bert-base-gb', '10.773'],
  ['puma.t3.ratio.bert-large-s', '1.916'],
  ['puma.t4.puma.gpt2-gb', '3.774'],
  ['puma.t5.puma.gpt2-32-gb', '3.777'],
  ['puma.t5.ratio.gpt2-64-gb', '0.936'],
  ['puma.t6.in8-out2.s', '364.527'],
  ['mpcformer.imdb.quad-2quad.speed-up', '5.26'],
  ['mpcformer.glue.2quad-full.sts-b', '80.3'],
  ['mpcformer.functions.softmax.comm', '34.1'],
  ['mpcvit.tiny-imagenet.mpcvit-03.latency', '316.77'],
  ['mpcvit.cifar-100.mpcvit-07.with-kd', '77.46'],
];
test.each(known)('%s is printed as %s', (id, printed) => {
  expect(allCells.find((one) => one.id === id)?.cell.printed).toBe(printed);
});

test('tables 3 to 5 of PUMA count three parties, table 6 one; two numbers of one run are noted', () => {
  const scope = (id: string) => allCells.find((one) => one.id === id)?.cell.includes.scope;
  expect(scope('puma.t5.puma.bert-64-gb')).toBe('total');
  expect(scope('puma.t6.in8-out1.gb')).toBe('perParty');
  for (const id of ['puma.t4.puma.gpt2-gb', 'puma.t5.puma.gpt2-32-gb']) {
    const notes = allCells.find((one) => one.id === id)?.cell.notes.join(' ');
    expect(notes).toMatch(/3\.774 GB in table 4 and 3\.777 GB in table 5/);
  }
});

test('printed ratios are those of the printed rows', () => {
  const reported = (id: string): number =>
    allCells.find((one) => one.id === id)?.cell.reported ?? 0;
  const ratios = allCells.filter(({ id }) => /^puma\.t[345]\.ratio\./.test(id));
  expect(ratios).toHaveLength(24);
  for (const { id, cell } of ratios) {
    const [over, under] = ['mpcformer', 'puma'].map((row) =>
      reported(id.replace('.ratio.', `.${row}.`)),
    );
    // Three decimals; the paper cuts some of them off.
    expect(Math.abs((over ?? 0) / (under ?? 1) - (cell.reported ?? 0)), id).toBeLessThan(0.0016);
  }
});

test('heads that stay at mu are those of the authors: 3, 9, 14, 20 of 28 and 11, 33, 54, 76 of 108', () => {
  const mus = [0.1, 0.3, 0.5, 0.7];
  expect(mus.map((mu) => keptHeads(28, mu))).toEqual([3, 9, 14, 20]);
  expect(mus.map((mu) => keptHeads(108, mu))).toEqual([11, 33, 54, 76]);
});

describe('recipes', () => {
  test('every spec is a spec', () => {
    for (const placed of allCells) {
      for (const spec of specsOf(placed)) {
        const { error } = runSpecSchema.safeParse(spec);
        expect(error, placed.id).toBeUndefined();
      }
    }
  });

  test('specs of runs can be run on a machine that is large enough', async () => {
    const specs = new Map(
      allCells.flatMap((placed) =>
        placed.cell.recipe.kind === 'missing'
          ? []
          : specsOf(placed).map((spec) => [JSON.stringify(spec), spec] as const),
      ),
    );
    expect(specs.size).toBeGreaterThan(50);
    for (const spec of specs.values()) expect(await choiceIssues(spec, 1e12)).toEqual([]);
  });

  test('whatever is too large to be shared has one layer that is not, and LLaMA runs for its time', async () => {
    const recipe = (id: string) => allCells.find((one) => one.id === id)?.cell.recipe;
    const limit = 21e9;
    for (const { id, cell } of allCells) {
      if (cell.recipe.kind !== 'prediction') continue;
      const { familySpec } = cell.recipe;
      if (familySpec === null) throw new TypeError(`${id} has no run of its family`);
      const config = await modelConfigOf(familySpec.model);
      const { totalBytes } = await memoryNeedOf(familySpec, config);
      expect(totalBytes, id).toBeLessThan(limit);
    }
    const file = new URL('../../benchmarks/specs/llama-7b-8-aby3-puma.json', import.meta.url);
    const { spec } = JSON.parse(await readFile(file, 'utf8')) as { spec: RunSpec };
    expect(recipe('puma.t6.in8-out1.s')).toMatchObject({ kind: 'run', spec });
  });

  /** Result over printed, by what is known of how each counts. */
  const bounds: readonly (readonly [RegExp, number, number])[] = [
    [/^puma\.t[345]\.puma\..*-gb$/, 0.94, 1],
    [/^puma\.t6\.[^.]*\.gb$/, 0.94, 1],
    [/^puma\.t[35]\.mpcformer\.bert.*-gb$/, 0.98, 1.02],
    [/^mpcformer\.costs\.[^.]*\.gb$/, 0.98, 1.02],
    [/^mpcformer\.costs\.[^.]*\.rounds$/, 1, 1],
    [/^mpcvit\.normaliser\./, 0.99, 1.01],
  ];
  test.each(bounds)('%s predicts what is printed', async (pattern, low, high) => {
    const cells = allCells.filter(
      ({ id, cell }) => pattern.test(id) && cell.recipe.kind === 'prediction',
    );
    expect(cells.length).toBeGreaterThan(2);
    for (const { id, cell } of cells) {
      if (cell.recipe.kind !== 'prediction') continue;
      const value = await predictCell(cell.recipe.plans, cell.recipe.counting);
      const ratio = value / (cell.reported ?? 0);
      expect(ratio, id).toBeGreaterThanOrEqual(low);
      expect(ratio, id).toBeLessThanOrEqual(high);
    }
  });

  test('a division per score: to the last digit that is known', async () => {
    const cells = allCells.filter(({ id }) =>
      /^mpcvit\.normaliser\.(softmax|relu|2quad|scale)\./.test(id),
    );
    expect(cells).toHaveLength(8);
    for (const { id, cell } of cells) {
      if (cell.recipe.kind !== 'prediction') throw new TypeError(`${id} is not predicted`);
      const value = await predictCell(cell.recipe.plans, cell.recipe.counting);
      expect(Math.abs(value - (cell.reported ?? 0)), id).toBeLessThanOrEqual(0.0051);
    }
  });
});
