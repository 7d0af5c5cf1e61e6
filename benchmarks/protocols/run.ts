/**
 * Prints what each interactive operation of each protocol is declared to cost and what it costs when
 * three parties run it: rounds, and bytes per element summed over the parties. Exits with 1 when
 * they differ. `node benchmarks/protocols/run.ts`, about a second.
 */
import { costModelOf, variantDescriptions } from '../../server/engine/protocols/registry.ts';
import { declaredCost } from '../../server/engine/protocols/schedule.ts';
import { loadKernels } from '../../server/engine/ring/load.ts';
import { operationCases } from '../../tests/conformance/operations.ts';
import { seededRandom } from '../../tests/support/random.ts';
import { simulate } from '../../tests/support/simulate.ts';

const kernels = loadKernels();
const shape = [96];
const table: Record<string, string | number>[] = [];
let agree = true;

for (const { id } of variantDescriptions) {
  for (const ring of [
    { bits: 64, fractionBits: 18 },
    { bits: 32, fractionBits: 8 },
  ] as const) {
    for (const operation of operationCases(ring.bits)) {
      const inputs = operation.inputs(ring, shape, seededRandom(operation.title));
      const run = async (withOperation: boolean) =>
        simulate(id, kernels, ring, inputs, async (mpc, shares) => {
          const prepared = await operation.prepare(mpc, shares);
          const first = prepared[0];
          if (first === undefined) throw new Error('nothing prepared');
          return withOperation ? operation.run(mpc, prepared) : first;
        });
      const totals = async (withOperation: boolean) => {
        const { parties } = await run(withOperation);
        const bytes = parties
          .flatMap((view) => view.rows)
          .flatMap((row) => Object.values(row.bytesSentTo))
          .reduce((sum, sent) => sum + sent, 0);
        return { bytes, rounds: Math.max(...parties.map((view) => view.rounds)) };
      };
      const [whole, before] = [await totals(true), await totals(false)];
      const elements = operation.elements(shape);
      const declared = declaredCost(costModelOf(id, ring.bits), {
        op: operation.op,
        elements,
        lane: operation.lane,
        turn: 0,
      });
      const declaredBytes = declared.bytesSent.reduce((sum, sent) => sum + sent, 0) / elements;
      const measuredBytes = (whole.bytes - before.bytes) / elements;
      const measuredRounds = whole.rounds - before.rounds;
      const same = declaredBytes === measuredBytes && declared.rounds === measuredRounds;
      agree &&= same;
      table.push({
        variant: id,
        ring: `2^${ring.bits}`,
        operation: operation.title,
        'rounds declared': declared.rounds,
        'rounds measured': measuredRounds,
        'bytes declared': declaredBytes,
        'bytes measured': measuredBytes,
        agree: same ? 'yes' : 'NO',
      });
    }
  }
}

console.log('Declared and measured cost per element, summed over the parties:');
console.table(table);
process.exitCode = agree ? 0 : 1;
