/** `parley import FILE`: results of other tools become runs of class `imported`. */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { guessMapping, importFields, importTemplate } from '../../api/schemas/results-import.ts';
import { readTable } from '../../api/schemas/results-logs.ts';
import { importResults } from '../../results/import-results.ts';
import { RunError } from '../../runs/errors.ts';
import { exitCodes } from '../exit-codes.ts';
import { openSession } from '../session.ts';

export interface ImportOptions {
  /** `key=column` or `key:=value for all rows`. */
  readonly set?: readonly string[];
  readonly template?: boolean;
  readonly json?: boolean;
}

/** What was said on the command line, over what the names of the columns say. */
function mappingOf(text: string, set: readonly string[]) {
  const table = readTable(text);
  const said = set.map((one): [string, number | string] => {
    const match = /^(\w+)(:?=)(.*)$/s.exec(one);
    const [, key = '', how = '', rest = ''] = match ?? [];
    if (match === null || !importFields.some((field) => field.key === key)) {
      const known = importFields.map((field) => field.key).join(', ');
      throw new RunError(
        'invalid',
        `--set is "${one}": write KEY=COLUMN, or KEY:=VALUE for all rows, with a key of ${known}.`,
      );
    }
    if (how === ':=') return [key, rest];
    const place = table.header.indexOf(rest);
    if (place >= 0) return [key, place];
    throw new RunError('invalid', `--set ${key}=${rest}: the file has no column "${rest}".`);
  });
  return { ...guessMapping(table), ...Object.fromEntries(said) };
}

/** Imports all rows or none. @throws RunError 'invalid' naming row, column, value and fix */
export async function importCommand(
  file: string | undefined,
  options: ImportOptions,
): Promise<number> {
  if (options.template === true) {
    process.stdout.write(importTemplate);
    return exitCodes.ok;
  }
  if (file === undefined) {
    throw new RunError('invalid', 'import needs a file; --template prints one to fill in.');
  }
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new RunError('invalid', `${file}: cannot be read (${String(error)}).`);
  });
  const mapping = mappingOf(text, options.set ?? []);
  const session = await openSession();
  try {
    const ids = await importResults(session.connection.db, {
      name: basename(file),
      text,
      mapping,
    });
    if (options.json === true) console.log(JSON.stringify({ imported: ids }, null, 2));
    else for (const id of ids) console.log(id);
    return exitCodes.ok;
  } finally {
    await session.close();
  }
}
