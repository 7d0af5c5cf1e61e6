/**
 * The first price of a process takes a second: code to compile, shapes to walk, rows to read. It is asked
 * for once as the process starts, of the spec that the form starts with, before anybody waits for it.
 */
import type { Database } from '../db/client.ts';
import { listPresets } from './presets.ts';
import { previewRun } from './preview-run.ts';

/** Never rejects: who asks in earnest is told what is wrong. */
export async function warmPlanner(db: Database): Promise<void> {
  try {
    const [first] = await listPresets();
    if (first !== undefined) await previewRun(db, first.spec);
  } catch (error) {
    console.error(
      'no price as the process started:',
      error instanceof Error ? error.message : error,
    );
  }
}
