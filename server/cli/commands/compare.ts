/** `parley compare RUN...`: runs side by side, in every format that the compare page can be taken away in. */
import { writeCompare } from '../../api/schemas/compare-address.ts';
import { readUnits } from '../../api/schemas/compare-units.ts';
import { comparisonDocument } from '../../compare/document.ts';
import { readComparison, readProfiles } from '../../compare/read-comparison.ts';
import { writeDocument, type DocumentFormat } from '../../compare/write-document.ts';
import { publicUrl } from '../../permalinks/public-url.ts';
import { RunError } from '../../runs/errors.ts';
import { exitCodes } from '../exit-codes.ts';
import { writeOut } from '../output.ts';
import { openSession } from '../session.ts';

export interface CompareOptions {
  readonly query?: string;
  readonly base?: string;
  readonly units?: string;
  readonly format?: DocumentFormat;
  readonly json?: boolean;
  readonly output?: string;
}

/** @throws RunError 'notFound' naming a run that is not stored, 'invalid' for a query */
export async function compareCommand(
  ids: readonly string[],
  options: CompareOptions,
): Promise<number> {
  if (ids.length === 0 && options.query === undefined) {
    throw new RunError('invalid', 'compare needs the ids of runs, or --query.');
  }
  const session = await openSession();
  try {
    const { db } = session.connection;
    const asked = ids.length > 0 ? { ids: [...ids] } : { q: options.query ?? '' };
    const { runs, missing } = await readComparison(db, asked);
    const [absent] = missing;
    if (absent !== undefined) throw new RunError('notFound', `there is no run ${absent}.`);
    const base = options.base ?? null;
    if (base !== null && !runs.some(({ id }) => id === base)) {
      throw new RunError('invalid', `--base is ${base}: it is not among the compared runs.`);
    }
    const found = runs.map(({ id }) => id);
    const units = readUnits(options.units ?? null);
    const path = `/compare${writeCompare({ runs: found, q: null, base, units, hidden: [] })}`;
    const document = comparisonDocument(runs, {
      base,
      units,
      profiles: found.length === 2 ? await readProfiles(db, found) : [],
      path,
    });
    const address = `${publicUrl() ?? session.appUrl ?? ''}${path}`;
    const format = options.json === true ? 'json' : (options.format ?? 'md');
    await writeOut(writeDocument(document, format, address).body, options.output);
    return exitCodes.ok;
  } finally {
    await session.close();
  }
}
