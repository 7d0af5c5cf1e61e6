/** Use case: the table that a query finds, as a file of any length, read in pieces. */
import type { ByteFamily } from '../api/schemas/format.ts';
import { columnsOf } from '../api/schemas/results-columns.ts';
import type { Database } from '../db/client.ts';
import { RunError } from '../runs/errors.ts';
import { withRatios } from '../api/schemas/results-ratio.ts';
import { findIds, readRows } from './list-results.ts';
import { tableWriter, type TableFormat } from './table-text.ts';

/** Rows in memory at a time. */
const rowsAtATime = 250;

export interface ExportRequest {
  readonly format: TableFormat;
  readonly query: string;
  readonly columns: readonly string[];
  /** Of bytes, in the formats that show them as the page does. */
  readonly units: ByteFamily;
  /** Of what the query finds, only these and in this order; null is all. */
  readonly only: readonly string[] | null;
  /** With the columns that compare with this run; null is none. */
  readonly baseline?: string | null;
}

export interface TableFile {
  readonly type: string;
  readonly pieces: AsyncGenerator<string>;
}

/**
 * The table as text. What can be wrong with the request is found before the first piece.
 * @throws RunError 'invalid' for a query, a column or a run that there is not
 */
export async function exportResults(
  db: Database,
  { format, query, columns: ids, units, only, baseline = null }: ExportRequest,
): Promise<TableFile> {
  const plain = columnsOf(ids);
  if (plain.length < ids.length) {
    const unknown = ids.find((id) => columnsOf([id]).length === 0) ?? '';
    throw new RunError('invalid', `cols has "${unknown}": there is no such column.`);
  }
  const [pinned] = baseline === null ? [] : await readRows(db, [baseline]);
  if (baseline !== null && pinned === undefined) {
    throw new RunError(
      'notFound',
      `baseline is "${baseline}": there is no such run; leave it out.`,
    );
  }
  const columns = withRatios(plain, pinned ?? null);
  // Somebody who names runs wants them, archived or not.
  const found = only ?? (await findIds(db, query)).ids;
  const writer = tableWriter(format, columns, query, units);
  return { type: writer.type, pieces: pieces() };

  async function* pieces(): AsyncGenerator<string> {
    yield writer.head;
    let index = 0;
    for (let start = 0; start < found.length; start += rowsAtATime) {
      const rows = await readRows(db, found.slice(start, start + rowsAtATime));
      let text = '';
      for (const row of rows) {
        text += writer.row(row, index);
        index += 1;
      }
      yield text;
    }
    yield writer.foot;
  }
}
