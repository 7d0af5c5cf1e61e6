/** `parley watch RUN`: follow a run that somebody queued; Ctrl-C leaves it alone. */
import { endStates } from '../../api/schemas/run-view.ts';
import { readDetail, readSummary } from '../../runs/views.ts';
import { exitCodes } from '../exit-codes.ts';
import { follow } from '../follow.ts';
import { openSession } from '../session.ts';
import { printRun } from './run.ts';

/** Exit code: that of `parley run`. @throws RunError 'notFound' */
export async function watchCommand(
  id: string,
  options: { readonly json?: boolean; readonly strict?: boolean },
): Promise<number> {
  const session = await openSession();
  try {
    const { db } = session.connection;
    const { state } = await readSummary(db, id);
    if (!endStates.includes(state)) {
      // Without an app nobody would ever take it.
      await session.ensureWorker((line) => process.stderr.write(`  ${line}\n`));
      if (!(await follow(session, id, 'leave'))) return exitCodes.interrupted;
    }
    return printRun(await readDetail(db, id), options);
  } finally {
    await session.close();
  }
}
