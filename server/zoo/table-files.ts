/**
 * Rows out of the files of a data set: parquet, JSON lines, JSON, CSV, TSV. Every refusal names the file and
 * the row, counted from 1.
 */
import { readFile, stat } from 'node:fs/promises';
import { extname } from 'node:path';
import { isFields, type Fields } from './config-reader.ts';
import { ZooError } from './errors.ts';
import { openParquet, parquetRows } from './parquet/open-parquet.ts';

/** More than any set of labelled texts that a run reads 500 of. */
const largestBytes = 512 * 2 ** 20;

function jsonRows(text: string, file: string): Fields[] {
  const parsed: unknown = JSON.parse(text);
  // The Hub's files and those of other tools: a list, or a list under "data" or "rows".
  const lists = isFields(parsed) ? [parsed['data'], parsed['rows']] : [parsed];
  const list = lists.find(Array.isArray);
  if (list === undefined) throw new ZooError('corrupt', `${file}: no list of rows.`);
  return list.map((row: unknown, at) => {
    if (isFields(row)) return row;
    throw new ZooError('corrupt', `${file}, row ${at + 1}: not an object.`);
  });
}

function lineRows(text: string, file: string): Fields[] {
  const lines = text.split(/\r?\n/);
  return lines.flatMap((line, at) => {
    if (line.trim() === '') return [];
    let row: unknown;
    try {
      row = JSON.parse(line);
    } catch (cause) {
      throw new ZooError('corrupt', `${file}, line ${at + 1}: not JSON (${String(cause)}).`, {
        cause,
      });
    }
    if (isFields(row)) return [row];
    throw new ZooError('corrupt', `${file}, line ${at + 1}: not an object.`);
  });
}

/** Cells by rows; quotes as in RFC 4180. */
function cellsOf(text: string, separator: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = '';
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at] ?? '';
    if (quoted) {
      if (char !== '"') cell += char;
      else if (text[at + 1] === '"') {
        cell += '"';
        at += 1;
      } else quoted = false;
    } else if (char === '"' && cell === '') quoted = true;
    else if (char === separator) {
      row.push(cell);
      cell = '';
    } else if (char === '\n') {
      row.push(cell.replace(/\r$/, ''));
      rows.push(row);
      [row, cell] = [[], ''];
    } else cell += char;
  }
  if (cell !== '' || row.length > 0) rows.push([...row, cell]);
  return rows.filter((cells) => cells.some((one) => one !== ''));
}

function separatedRows(text: string, separator: string, file: string): Fields[] {
  const [names = [], ...rows] = cellsOf(text, separator);
  return rows.map((cells, at) => {
    if (cells.length !== names.length) {
      throw new ZooError(
        'corrupt',
        `${file}, row ${at + 1}: ${cells.length} cells, the first line names ${names.length}.`,
      );
    }
    return Object.fromEntries(names.map((name, column) => [name.trim(), cells[column]]));
  });
}

/** Endings that `openTable` reads. */
export const tableEndings: readonly string[] = ['.parquet', '.jsonl', '.json', '.csv', '.tsv'];

/** Why another ending is refused. */
export function requireTable(file: string): void {
  const ending = extname(file);
  if (tableEndings.includes(ending)) return;
  const fix = 'Unpack or convert it to one of them.';
  throw new ZooError('unsupported', `${file}: rows come from ${tableEndings.join(', ')}. ${fix}`);
}

export interface TableColumn {
  readonly name: string;
  /** What it holds, in words; null where only the rows say it. */
  readonly type: string | null;
  /** `number` and `text` are both labels; only `text` is text. Null as above. */
  readonly kind: 'text' | 'number' | 'image' | 'other' | null;
}

export interface Table {
  readonly columns: readonly TableColumn[];
  /** Names of a column's classes, where the file itself says them. */
  classNames(column: string): readonly string[] | undefined;
  /** All rows; columns that are not asked for may be absent. */
  rows(columns: readonly string[]): Promise<readonly Fields[]>;
}

async function openWholeParquet(file: string): Promise<Table> {
  const { columns, rows, classNames } = await openParquet(file);
  return {
    columns: rows === 0 ? [] : columns,
    classNames: (column) => classNames[column],
    rows: (wanted) => parquetRows(file, wanted),
  };
}

/** @throws ZooError for a file of another kind, too large, or with a row that is none */
export async function openTable(file: string): Promise<Table> {
  requireTable(file);
  const { size } = await stat(file);
  if (size > largestBytes) {
    throw new ZooError('range', `${file}: ${size} bytes; up to ${largestBytes} are read. Cut it.`);
  }
  if (extname(file) === '.parquet') return openWholeParquet(file);
  const rows = await readRows(file);
  return {
    columns: Object.keys(rows[0] ?? {}).map((name) => ({ name, type: null, kind: null })),
    classNames: () => undefined,
    rows: () => Promise.resolve(rows),
  };
}

async function readRows(file: string): Promise<Fields[]> {
  const text = new TextDecoder('utf-8').decode(await readFile(file));
  switch (extname(file)) {
    case '.jsonl':
      return lineRows(text, file);
    case '.csv':
      return separatedRows(text, ',', file);
    case '.tsv':
      return separatedRows(text, '\t', file);
    default:
      try {
        return jsonRows(text, file);
      } catch (cause) {
        if (cause instanceof ZooError) throw cause;
        // Many files of JSON lines end in .json.
        return lineRows(text, file);
      }
  }
}
