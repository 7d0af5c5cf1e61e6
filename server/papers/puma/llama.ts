/** PUMA, table 6: LLaMA-7B, seconds and GB by tokens in and out. */
import { cell, heading, lacking, type TableDefinition } from '../definition.ts';
import { pumaLlamaSpec, pumaPlan } from '../specs.ts';
import { binaryGb, bytesDifference, pumaSource } from './costs.ts';

type Row = readonly [id: string, title: string, lengths: readonly number[], s: string, gb: string];
const rows: readonly Row[] = [
  ['in4-out1', '4 in, 1 out', [4], '122.004', '0.907'],
  ['in8-out1', '8 in, 1 out', [8], '200.473', '1.794'],
  ['in8-out2', '8 in, 2 out', [8, 9], '364.527', '3.857'],
];

export const table6: TableDefinition = {
  id: 't6',
  title: 'Table 6: LLaMA-7B',
  note: 'One sample on three machines of 128 threads and 1 TB, "20GB" and 0.1 ms RTT. The rows fit bytes of one party, where tables 3 to 5 fit three.',
  rows: rows.map(([id, title]) => heading(id, title)),
  columns: [heading('s', 'time (s)'), heading('gb', 'communication (GB)')],
  cells: rows.flatMap(([row, , lengths, s, gb]) => [
    cell({
      row,
      column: 's',
      printed: s,
      unit: 's',
      source: pumaSource('table 6'),
      notes: [
        'Uniform weights: timing only. The shares of all 32 layers do not fit, so they are drawn where a product needs them and not kept.',
        'Every further token runs the whole sequence again: there is no cache of keys and values.',
      ],
      reference: row === 'in4-out1' ? 'puma.t6.in8-out1.s' : 'puma.t6.in4-out1.s',
      recipe:
        lengths.length === 1
          ? {
              kind: 'run',
              spec: pumaLlamaSpec('llama-7b', lengths[0] ?? 4),
              reading: { kind: 'onlineSeconds' },
            }
          : {
              kind: 'missing',
              missing: [
                lacking(
                  'setting',
                  'a run that feeds its own token back: a spec is one pass, (8, 2) is two',
                ),
              ],
              spec: null,
              ownScale: [],
            },
    }),
    cell({
      row,
      column: 'gb',
      printed: gb,
      unit: 'GB',
      source: pumaSource('table 6'),
      includes: {
        scope: 'perParty',
        direction: 'sent',
        phase: 'online',
        dealer: 'none',
        prefix: 'binary',
      },
      notes: [
        "One party's bytes, where tables 3 to 5 fit all three: concluded from the rows, the paper says neither.",
      ],
      difference: bytesDifference,
      recipe: {
        kind: 'prediction',
        plans: lengths.map((length) => pumaPlan('llama-7b', length)),
        counting: { what: 'bytes', of: 'party', unitBytes: binaryGb },
        // One layer with weights that are shared and kept, of the same shape as all 32.
        familySpec: pumaLlamaSpec('llama-7b-block', 8),
      },
    }),
  ]),
};
