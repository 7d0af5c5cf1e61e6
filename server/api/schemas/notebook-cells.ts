/**
 * What a notebook is: a title and cells in an order that means nothing but where they stand on the page.
 * Browser-safe. Bounds keep a hostile file from being expensive; unknown fields are refused, so that a
 * typing error never changes a cell silently.
 */
import { z } from 'zod';
import { networkSchema } from './network-spec.ts';
import { chartKinds, longestSource, mostCells, nameProblem } from './notebook-kinds.ts';
import { dataTableSchema, scalarSchema } from './notebook-table-schema.ts';
import { wordSchema } from './notebook-words.ts';
import { paperSlugs } from './papers.ts';
import { columnIdsSchema } from './results-requests.ts';

export const nameSchema = z.string().check(({ value, issues }) => {
  const message = nameProblem(value);
  if (message !== null) issues.push({ code: 'custom', input: value, message });
});

export const cellIdSchema = z
  .string()
  .regex(/^[a-z0-9]{1,16}$/, 'an id has small letters and digits');
const sourceSchema = z.string().max(longestSource);

/** A result that was frozen into the notebook, and since when. */
export const pinnedSchema = z.strictObject({
  at: z.iso.datetime(),
  value: z.union([
    z.strictObject({ kind: z.literal('table'), table: dataTableSchema }),
    z.strictObject({ kind: z.literal('scalar'), scalar: scalarSchema }),
  ]),
});
export type Pinned = z.infer<typeof pinnedSchema>;

const base = { id: cellIdSchema, pinned: pinnedSchema.exactOptional() };
const named = { ...base, name: nameSchema.exactOptional() };

export const controlSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('slider'),
    min: z.number(),
    max: z.number(),
    step: z.number().positive(),
    value: z.number(),
  }),
  z.strictObject({
    kind: z.literal('select'),
    options: z.array(wordSchema).min(1).max(100),
    value: wordSchema,
  }),
  /** A link profile: its name in texts and queries, the whole of it in a spec. */
  z.strictObject({ kind: z.literal('network'), value: networkSchema }),
]);
export type Control = z.infer<typeof controlSchema>;

export const cellSchema = z.discriminatedUnion('kind', [
  /** Markdown with KaTeX; `{{expression}}` stands for its value. */
  z.strictObject({ ...base, kind: z.literal('markdown'), source: sourceSchema }),
  /** Runs that the results' query language finds; `{{name}}` stands for an input's value. */
  z.strictObject({
    ...named,
    kind: z.literal('query'),
    source: sourceSchema,
    columns: columnIdsSchema.exactOptional(),
  }),
  z.strictObject({
    ...named,
    kind: z.literal('chart'),
    chart: z.enum(chartKinds),
    table: z.string().max(40),
    x: wordSchema,
    y: wordSchema,
    /** One series for each value of this column; of charts of runs, the column that names them. */
    group: wordSchema.exactOptional(),
    /** Of a what-if: expressions for the round trip in ms and the rate in Mbit/s; absent = each run's own. */
    rtt: wordSchema.exactOptional(),
    rate: wordSchema.exactOptional(),
    title: wordSchema.exactOptional(),
  }),
  /** The runs behind a table's rows, side by side. */
  z.strictObject({ ...base, kind: z.literal('compare'), table: z.string().max(40) }),
  /** A paper's table, or one cell of it where `row` and `column` are given. */
  z.strictObject({
    ...named,
    kind: z.literal('paper'),
    paper: z.enum(paperSlugs),
    table: wordSchema,
    row: wordSchema.exactOptional(),
    column: wordSchema.exactOptional(),
  }),
  z.strictObject({
    ...base,
    kind: z.literal('input'),
    name: nameSchema,
    label: wordSchema,
    control: controlSchema,
  }),
  /** A spec as JSON; a value "{{name}}" in it stands for an input. Runs when somebody says so. */
  z.strictObject({ ...named, kind: z.literal('run'), source: sourceSchema }),
  /** Body of a function over the tables that it uses; runs in a sandbox of the reader's browser. */
  z.strictObject({
    ...named,
    kind: z.literal('javascript'),
    source: sourceSchema,
    uses: z.array(nameSchema).max(40),
  }),
  /** An expression that must be true. */
  z.strictObject({ ...base, kind: z.literal('assertion'), source: sourceSchema }),
]);
export type Cell = z.infer<typeof cellSchema>;
export type CellKind = Cell['kind'];
export type CellOf<K extends CellKind> = Extract<Cell, { kind: K }>;
export const notebookSchema = z.strictObject({
  title: z.string().trim().min(1, 'a notebook needs a title').max(120),
  cells: z.array(cellSchema).max(mostCells),
});
export type Notebook = z.infer<typeof notebookSchema>;
