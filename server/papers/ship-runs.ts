/**
 * The runs of papers' cells that ship with Parley: gathered out of an installation into a file like the
 * demo's, which every installation loads at its start, marked as shipped.
 */
import type { Database } from '../db/client.ts';
import { paperRunsPath, writeDemo } from '../demo/demo-file.ts';
import { demoRunOf } from '../demo/make-demo.ts';
import { machineName, ownEnvironment } from '../runs/calibration/rates-store.ts';
import { RunError } from '../runs/errors.ts';
import { allCells } from './catalog.ts';
import { readBook } from './book.ts';
import { sideSpecs } from './side-by-side-specs.ts';
import { readStoredRuns } from './stored-runs.ts';

export interface ShippedRuns {
  readonly path: string;
  readonly runs: number;
  readonly bytes: number;
}

/**
 * Writes the newest run of now of every spec that a cell or the side-by-side page names.
 * @throws RunError 'conflict' where a run was made by files that differ from the commit that it names
 */
export async function shipRuns(db: Database, path = paperRunsPath()): Promise<ShippedRuns> {
  const [{ runs: ofCells }, ofSides] = await Promise.all([
    readBook(db, allCells),
    readStoredRuns(db, sideSpecs()),
  ]);
  const own = [...new Map([...ofCells, ...ofSides]).values()].flatMap(({ usable }) =>
    usable.filter(({ shipped }) => !shipped).slice(0, 1),
  );
  const unsaid = own.find(({ commit }) => commit.endsWith('+changes'));
  if (path === paperRunsPath() && unsaid !== undefined) {
    throw new RunError(
      'conflict',
      `run ${unsaid.id} was made by files that differ from commit ${unsaid.commit.replace('+changes', '')}, which a shipped run would name; make it again from a clean checkout, or write to another file.`,
    );
  }
  const environment = await ownEnvironment();
  const runs = await Promise.all(own.map(({ id }) => demoRunOf(db, id)));
  const bytes = await writeDemo(
    {
      version: 1,
      machine: machineName(environment),
      commit: own[0]?.commit ?? environment['commit'] ?? 'unknown',
      runs,
    },
    path,
  );
  return { path, runs: runs.length, bytes };
}
