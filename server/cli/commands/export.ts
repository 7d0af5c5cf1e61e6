/** `parley export`: one run as a file, or every run that a query finds as one table. */
import { resolve } from 'node:path';
import { defaultColumns } from '../../api/schemas/results-columns.ts';
import { readUnits } from '../../api/schemas/compare-units.ts';
import { runDocument } from '../../compare/document.ts';
import {
  documentFormats,
  writeDocument,
  type DocumentFormat,
} from '../../compare/write-document.ts';
import { mirror } from '../../keep/mirror.ts';
import { publicUrl } from '../../permalinks/public-url.ts';
import { exportResults } from '../../results/export-results.ts';
import { tableFormats } from '../../results/table-text.ts';
import { RunError } from '../../runs/errors.ts';
import { readDetail } from '../../runs/views.ts';
import { exitCodes } from '../exit-codes.ts';
import { writeOut } from '../output.ts';
import { openSession, type Session } from '../session.ts';

export interface ExportOptions {
  readonly query?: string;
  readonly columns?: string;
  readonly format?: string;
  readonly json?: boolean;
  readonly units?: string;
  readonly output?: string;
  /** Folder for the static mirror of everything that is published. */
  readonly all?: string;
}

function choice<T extends string>(format: string, known: readonly T[]): T {
  const found = known.find((candidate) => candidate === format);
  if (found !== undefined) return found;
  throw new RunError('invalid', `--format is "${format}": use ${known.join(', ')}.`);
}

async function oneRun(
  { connection, appUrl }: Session,
  id: string,
  options: ExportOptions,
): Promise<string | Uint8Array> {
  const asked = options.json === true ? 'json' : (options.format ?? 'json');
  const format: DocumentFormat = choice(asked, documentFormats);
  const units = readUnits(options.units ?? null);
  const document = runDocument(await readDetail(connection.db, id), units);
  return writeDocument(document, format, `${publicUrl() ?? appUrl ?? ''}${document.path}`).body;
}

async function table({ connection }: Session, options: ExportOptions): Promise<string> {
  const asked = options.json === true ? 'json' : (options.format ?? 'csv');
  const { pieces } = await exportResults(connection.db, {
    format: choice(asked, tableFormats),
    query: options.query ?? '',
    columns: options.columns?.split(',').filter((id) => id !== '') ?? defaultColumns,
    units: options.units === 'binary' ? 'binary' : 'decimal',
    only: null,
  });
  let text = '';
  for await (const piece of pieces) text += piece;
  return text;
}

async function everything({ connection, appUrl }: Session, { all = '', json }: ExportOptions) {
  const report = await mirror(connection.db, resolve(all), publicUrl() ?? appUrl ?? '');
  const { copies, files } = report;
  console.log(
    json === true
      ? JSON.stringify(report)
      : `${copies} published copies, ${files} files, in ${all}`,
  );
}

/** @throws RunError 'notFound' for the run, 'invalid' for query, columns, format or file */
export async function exportCommand(
  id: string | undefined,
  options: ExportOptions,
): Promise<number> {
  if (id !== undefined && (options.query !== undefined || options.columns !== undefined)) {
    throw new RunError('invalid', 'export takes a run, or --query with --columns, not both.');
  }
  if (options.all !== undefined && (id !== undefined || options.query !== undefined)) {
    throw new RunError('invalid', 'export --all is of everything published: name no run or query.');
  }
  const session = await openSession();
  try {
    if (options.all !== undefined) {
      await everything(session, options);
      return exitCodes.ok;
    }
    const body =
      id === undefined ? await table(session, options) : await oneRun(session, id, options);
    await writeOut(body, options.output);
    return exitCodes.ok;
  } finally {
    await session.close();
  }
}
