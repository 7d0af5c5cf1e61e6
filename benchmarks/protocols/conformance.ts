/** Declared and measured cost of every interactive operation, for every variant, ring and dealer. */
import { measureProgram, type MeasuredCost } from '../../server/engine/cost/measure-program.ts';
import { sameCost } from '../../server/engine/cost/operation-table.ts';
import { priceProgram } from '../../server/engine/cost/price-program.ts';
import type { CorrelationsId, Ring } from '../../server/engine/plan.ts';
import { variantDescriptions } from '../../server/engine/protocols/registry.ts';
import type { Kernels } from '../../server/engine/ring/kernels.ts';
import { zeros } from '../../server/engine/ring/tensor.ts';
import { memoryChannels } from '../../server/network/memory-channel.ts';
import { primitives } from './primitives.ts';

/** Divides evenly into the rows of the matrix products. */
const elements = 96;

const rings: readonly Ring[] = [
  { bits: 64, fractionBits: 18 },
  { bits: 32, fractionBits: 8 },
];

export interface ConformanceRow {
  readonly variant: string;
  readonly correlations: string;
  readonly ring: string;
  readonly operation: string;
  readonly rounds: number;
  readonly party: number;
  readonly total: number;
  readonly dealer: number;
  readonly measured: string;
}

export async function measurePrimitives(kernels: Kernels): Promise<ConformanceRow[]> {
  const rows: ConformanceRow[] = [];
  for (const { id: variant, needsCorrelations } of variantDescriptions) {
    const sources: readonly (CorrelationsId | null)[] = needsCorrelations
      ? ['dealer', 'insecureFirstParty']
      : [null];
    for (const correlations of sources) {
      for (const ring of rings) {
        for (const { op, inputs, run } of primitives) {
          const shapes = inputs(elements);
          const program = { variant, ring, correlations, turn: 0, run };
          const declared = await priceProgram({ ...program, inputs: shapes });
          const measured = await measureProgram({
            ...program,
            kernels,
            inputs: shapes.map((shape) => zeros(ring.bits, shape)),
            channels: (peers) => memoryChannels(peers),
          });
          rows.push({
            variant,
            correlations: correlations ?? '',
            ring: `2^${ring.bits}`,
            operation: op,
            rounds: declared.roundsOverlapped,
            party: perElement(declared.bytesSentPerParty),
            total: perElement(declared.bytesSentTotal),
            dealer: perElement(declared.dealerBytes),
            measured: sameCost(declared, measured) ? 'equal' : `DIFFERS: ${shown(measured)}`,
          });
        }
      }
    }
  }
  return rows;
}

const perElement = (bytes: number): number => Number((bytes / elements).toFixed(3));

function shown({ roundsOverlapped, links, dealerBytes }: MeasuredCost): string {
  return `${roundsOverlapped} rounds, ${JSON.stringify(links)}, dealer ${dealerBytes}`;
}
