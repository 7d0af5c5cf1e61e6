/**
 * Use case: results of other tools become runs of class `imported`. They have figures and no headline:
 * no traces, no repeats, nothing that was counted here. Their specs carry the file's hash and the row,
 * so that they are never taken for a run of this engine that was asked the same.
 */
import {
  figureKeys,
  readImport,
  type ImportRow,
  type Mapping,
} from '../api/schemas/results-import.ts';
import { readTable } from '../api/schemas/results-logs.ts';
import type { RunSpec } from '../api/schemas/run-spec.ts';
import type { Database } from '../db/client.ts';
import { newRunId } from '../runs/create-run.ts';
import { RunError } from '../runs/errors.ts';
import { specColumns } from '../runs/listing-columns.ts';
import { canonicalJson, sha256 } from '../runs/spec-hash.ts';

const mostProblemsSaid = 5;

/** What was run, in the words of a spec. The ids were checked when the row was read. */
function specOf(row: ImportRow): RunSpec {
  const text = (key: string): string => String(row[key] ?? '');
  const number = (key: string): number => Number(row[key] ?? 0);
  return {
    version: 1,
    model: text('model'),
    dataset: { id: text('dataset'), samples: number('samples') },
    sequenceLength: number('tokens'),
    approximations: {
      gelu: text('gelu') as RunSpec['approximations']['gelu'],
      softmax: text('softmax') as RunSpec['approximations']['softmax'],
    },
    protocol: {
      variant: text('protocol') as RunSpec['protocol']['variant'],
      ring: { bits: 64, fractionBits: number('fraction_bits') },
    },
    network: {
      name: text('network'),
      backend: 'none',
      bitsPerSecond: number('rate_bits_per_second'),
      rttMs: number('rtt_ms'),
      topology: 'pair',
    },
    measurement: { batchSize: number('batch_size'), repeats: 1 },
    reveal: 'logits',
    seed: { kind: 'random' },
  };
}

const numberOr = (row: ImportRow, key: keyof typeof figureKeys): number | null => {
  const value = row[key];
  return typeof value === 'number' ? value : null;
};
const bytesOr = (row: ImportRow, key: keyof typeof figureKeys): bigint | null => {
  const value = numberOr(row, key);
  return value === null ? null : BigInt(value);
};

const figuresOf = (row: ImportRow) => ({
  accuracy: numberOr(row, 'secure_accuracy'),
  plaintextAccuracy: numberOr(row, 'plaintext_accuracy'),
  onlineMsPerSample: numberOr(row, 'online_ms_per_sample'),
  onlineMs: numberOr(row, 'online_ms'),
  offlineMs: numberOr(row, 'offline_ms'),
  totalMs: numberOr(row, 'total_ms'),
  onlineBytes: bytesOr(row, 'online_sent_bytes_max'),
  totalBytes: bytesOr(row, 'total_sent_bytes'),
  dealerBytes: bytesOr(row, 'dealer_sent_bytes'),
  rounds: numberOr(row, 'rounds'),
  peakRssBytes: bytesOr(row, 'peak_rss_bytes'),
});

/**
 * Imports all rows of a file, or none.
 * @returns ids of the new runs, in the order of the rows
 * @throws RunError 'invalid' naming row, column, value and fix of what is wrong
 */
export async function importResults(
  db: Database,
  {
    name,
    text,
    mapping,
  }: { readonly name: string; readonly text: string; readonly mapping: Mapping },
): Promise<readonly string[]> {
  const { rows, problems } = readImport(readTable(text), mapping);
  if (problems.length > 0) {
    const said = problems
      .slice(0, mostProblemsSaid)
      .map(({ row, message }) => (row === 0 ? message : `row ${row}: ${message}`));
    const more = problems.length - said.length;
    const rest = more > 0 ? [`and ${more} more`] : [];
    throw new RunError('invalid', `${[...said, ...rest].join('; ')}.`);
  }
  const hash = sha256(text);
  const now = new Date();
  const all = rows.map((row, index) => {
    const spec = specOf(row);
    const canonical = canonicalJson({ ...spec, imported: { sha256: hash, row: index + 1 } });
    const created = row['created_utc'];
    const environment: Record<string, string> = {
      importedFrom: `${name}, row ${index + 1}`,
      importedSha256: hash,
      ...(row['machine'] === undefined ? {} : { cpu: String(row['machine']) }),
    };
    return {
      spec: { hash: sha256(canonical), canonical, ...specColumns(spec) },
      run: {
        id: newRunId(),
        specHash: sha256(canonical),
        // It has no life here: it comes as it is.
        state: 'done' as const,
        origin: 'web' as const,
        provenance: 'imported',
        createdAt: created === undefined ? now : new Date(String(created)),
        finishedAt: now,
        environment,
        note: String(row['note'] ?? ''),
        ...figuresOf(row),
      },
    };
  });
  await db.$transaction([
    db.spec.createMany({ data: all.map(({ spec }) => spec), skipDuplicates: true }),
    db.run.createMany({ data: all.map(({ run }) => run) }),
  ]);
  return all.map(({ run }) => run.id);
}
