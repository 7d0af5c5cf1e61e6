/** Costs of single operations as measured for this version: benchmarks/results/protocols/. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import {
  operationTable,
  type MeasuredOperation,
  type OperationTableRow,
} from '../engine/cost/operation-table.ts';
import { repositoryRoot } from '../zoo/root.ts';

/** Where and when something was measured: the strings of `readEnvironment`, and the date. */
const environmentSchema = z.record(z.string(), z.string());
export type MeasuredEnvironment = z.infer<typeof environmentSchema>;

const count = z.number().int().min(0);

const fileSchema = z.object({
  environment: environmentSchema,
  operations: z.array(
    z.object({
      variant: z.string(),
      op: z.string(),
      form: z.string(),
      shape: z.string(),
      ring: z.union([z.literal(64), z.literal(32)]),
      fractionBits: z.number().int(),
      correlations: z.enum(['dealer', 'insecureFirstParty']).nullable(),
      roundsOverlapped: count,
      links: z.record(z.string(), count),
      dealerBytes: count,
    }),
  ),
});

export interface ShippedMeasurements {
  readonly environment: MeasuredEnvironment;
  readonly operations: readonly MeasuredOperation[];
}

/** Made by `node benchmarks/protocols/run.ts --write`. */
export const measurementsFile = (): string =>
  join(repositoryRoot(), 'benchmarks', 'results', 'protocols', 'operations.json');

/** @throws when the file is missing or has another form: it ships with the code */
export async function readShippedMeasurements(): Promise<ShippedMeasurements> {
  const file = measurementsFile();
  const parsed = fileSchema.safeParse(JSON.parse(await readFile(file, 'utf8')));
  if (!parsed.success) throw new Error(`${file}: ${z.prettifyError(parsed.error)}`);
  const { environment, operations } = parsed.data;
  // Names of variants that are gone match no row of the table.
  return { environment, operations: operations as readonly MeasuredOperation[] };
}

export interface ShippedTable {
  readonly rows: readonly OperationTableRow[];
  /** Of the measured costs. */
  readonly environment: MeasuredEnvironment;
}

/** The table of operations for the page: declared now, measured as shipped. */
export async function readOperationTable(): Promise<ShippedTable> {
  const { environment, operations } = await readShippedMeasurements();
  return { rows: await operationTable(operations), environment };
}
