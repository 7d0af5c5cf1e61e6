/**
 * Approximations as data for pages: their errors as measured for this version, and their cost on every
 * protocol, computed from shapes.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { approximations, type Approximation } from '../engine/approximations/catalogue.ts';
import { rowLength, type MeasuredError } from '../engine/approximations/measure-error.ts';
import { priceProgram } from '../engine/cost/price-program.ts';
import { resolveSetting } from '../engine/cost/setting.ts';
import { variantDescriptions } from '../engine/protocols/registry.ts';
import { repositoryRoot } from '../zoo/root.ts';

const measuredSchema = z.object({
  max: z.number(),
  mean: z.number(),
  curve: z.object({ x: z.array(z.number()), error: z.array(z.number()) }),
});

/** Made by `node benchmarks/approximations/run.ts --write`. */
export const errorsFile = (): string =>
  join(repositoryRoot(), 'benchmarks', 'results', 'approximations.json');

/** By key. @throws when the file is missing or has another form: it ships with the code */
export async function readErrors(): Promise<Readonly<Record<string, MeasuredError>>> {
  const parsed = z
    .record(z.string(), measuredSchema)
    .safeParse(JSON.parse(await readFile(errorsFile(), 'utf8')));
  if (!parsed.success) throw new Error(`${errorsFile()}: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

/** Online cost of one number; of softmax, heads and norms, of one row of `rowLength` scores, per score. */
export interface ApproximationCost {
  readonly variant: string;
  readonly fractionBits: number;
  /** Side by side where work is independent. */
  readonly rounds: number;
  /** Online payload, all parties, per number. */
  readonly bytesPerElement: number;
  /** Offline payload from the dealer, per number. */
  readonly dealerBytesPerElement: number;
}

/** Numbers priced at once: bits that are packed into bytes have no cost of their own for a single one. */
const manyNumbers = 256;

/** @returns one cost per secure variant, with the fraction bits that its framework uses */
export async function approximationCosts({
  replaces,
  run,
}: Approximation): Promise<ApproximationCost[]> {
  const ofRows = replaces === 'softmax' || replaces === 'layernorm';
  const shape = ofRows ? [manyNumbers / rowLength, rowLength] : [manyNumbers];
  const costs: ApproximationCost[] = [];
  for (const { id } of variantDescriptions) {
    const { variant, ring, correlations } = resolveSetting({ variant: id });
    const price = await priceProgram({
      variant,
      ring,
      correlations,
      turn: 0,
      inputs: [shape],
      run: async (mpc, [x]) => {
        if (x === undefined) throw new RangeError('one input');
        return run(mpc, x);
      },
    });
    costs.push({
      variant,
      fractionBits: ring.fractionBits,
      rounds: price.roundsOverlapped,
      bytesPerElement: price.bytesSentTotal / manyNumbers,
      dealerBytesPerElement: price.dealerBytes / manyNumbers,
    });
  }
  return costs;
}

export { approximations };
